"""Where the Redis and the shared store are, from options or the environment. Neither is ever printed whole."""

import os
import re
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
        _check_redis(redis)
        _check_shared(shared)
        return cls(redis, shared, _lost_after_s())

    @property
    def where(self) -> str:
        """The Redis as it may be shown: host and port, no password."""
        parts = urlsplit(self.redis)
        return f"{parts.hostname or parts.path}{f':{parts.port}' if parts.port else ''}"


def _check_redis(url: str) -> None:
    """Refuse what redis-py would read as another Redis than was meant, or not at all. The address is never shown."""
    remedy = "set COI_REDIS to redis://:PASSWORD@host:6379/0 (rediss:// for TLS)"
    if not url:
        raise ClusterError(f"no Redis is named: {remedy}")
    parts = urlsplit(url)
    if parts.scheme not in _SCHEMES:
        raise ClusterError(f"COI_REDIS does not begin with redis://, rediss:// or unix://; {remedy}")
    if parts.scheme == "unix":
        return
    try:
        port = parts.port
    except ValueError as error:
        raise ClusterError(f"the port in COI_REDIS is no number up to 65535; {remedy}") from error
    if not parts.hostname or port == 0:
        raise ClusterError(f"COI_REDIS names no host or no port; {remedy}")
    if not re.fullmatch(r"(/[0-9]{0,4})?", parts.path):  # redis-py takes any other word for database 0
        raise ClusterError(f"COI_REDIS ends in {parts.path[:30]!r}, which is no number of a database; {remedy}")


def _check_shared(url: str) -> None:
    """Refuse what would be another place on each machine, or none."""
    remedy = (
        "set COI_SHARED to file:///a/shared/folder or s3://bucket/prefix; its credentials stand in the environment "
        "(AWS_ACCESS_KEY_ID ...), never in the address"
    )
    if not url:
        raise ClusterError(f"no shared store is named: {remedy}")
    parts = urlsplit(url)
    if parts.username or parts.password:
        raise ClusterError(f"COI_SHARED holds a name or a password: {remedy}")
    if parts.scheme == "file" and (parts.netloc or not parts.path.startswith("/")):
        raise ClusterError(f"COI_SHARED is {url[:100]!r}: after file:// stands the whole path, with a third slash; "
                           f"{remedy}")  # fmt: skip
    if parts.scheme == "s3" and not parts.netloc:
        raise ClusterError(f"COI_SHARED is {url[:100]!r}: no bucket is named; {remedy}")
    if parts.scheme not in ("file", "s3"):
        raise ClusterError(f"COI_SHARED is {url[:100]!r}, neither file:// nor s3://; {remedy}")


def _lost_after_s() -> int:
    said = os.environ.get("COI_WORKER_LOST_S", "").strip()
    if not said:
        return LOST_AFTER_S
    if not (said.isascii() and said.isdecimal() and LEAST_LOST_S <= int(said[:5]) <= 3600):
        raise ClusterError(f"COI_WORKER_LOST_S is {said!r}; set it to seconds from {LEAST_LOST_S} to 3600, or unset it")
    return int(said)
