"""Where the Redis and the shared store are, from options or the environment. Neither is ever printed whole."""

import os
from dataclasses import dataclass, field
from importlib.util import find_spec
from typing import Self
from urllib.parse import urlsplit

from store.errors import ForPeople

LOST_AFTER_S = 30  # a worker that was not heard for so long counts as dead: its job goes to another
LEAST_LOST_S = 5  # the crawl of a killed worker has ended by then (crawler.alone.GRACE_S)
_SCHEMES = ("redis", "rediss", "unix")


class ClusterError(ForPeople, RuntimeError):
    """Redis, shared store or setting cannot be used as it is. The message names it, without its password."""


@dataclass(frozen=True, slots=True)
class Cluster:
    """What a cluster consists of."""

    redis: str = field(repr=False)  # may hold a password
    shared: str
    lost_after_s: int = LOST_AFTER_S

    @classmethod
    def of(cls, redis: str | None = None, shared: str | None = None) -> Self:
        """From options, else $COI_REDIS and $COI_SHARED. Raises ClusterError naming what is missing or wrong."""
        for module in ("dramatiq", "redis", "obstore"):
            if find_spec(module) is None:
                raise ClusterError(
                    f"crawling on several machines needs {module}, which is not installed: "
                    "pip install 'coi-tracker[cluster]'"
                )
        redis, shared = redis or os.environ.get("COI_REDIS", ""), shared or os.environ.get("COI_SHARED", "")
        if urlsplit(redis).scheme not in _SCHEMES:
            raise ClusterError("no Redis is named: set COI_REDIS to redis://host:6379/0 (rediss:// for TLS)")
        parts = urlsplit(shared)
        if not parts.scheme or parts.username or parts.password:
            raise ClusterError(
                "no shared store is named: set COI_SHARED to file:///a/shared/folder or s3://bucket/prefix; its "
                "credentials stand in the environment (AWS_ACCESS_KEY_ID ...), never in the address"
            )
        return cls(redis, shared, _lost_after_s())

    @property
    def where(self) -> str:
        """The Redis as it may be shown: host and port, no password."""
        parts = urlsplit(self.redis)
        return f"{parts.hostname or parts.path}{f':{parts.port}' if parts.port else ''}"


def _lost_after_s() -> int:
    said = os.environ.get("COI_WORKER_LOST_S", "").strip()
    if not said:
        return LOST_AFTER_S
    if not (said.isascii() and said.isdecimal() and LEAST_LOST_S <= int(said[:5]) <= 3600):
        raise ClusterError(f"COI_WORKER_LOST_S is {said!r}; set it to seconds from {LEAST_LOST_S} to 3600, or unset it")
    return int(said)
