"""The guard's word on names: what a name resolves to is checked, and that very address is connected to."""

import logging
from collections.abc import Sequence
from typing import Any

from scrapy.resolver import CachingThreadedResolver
from twisted.internet.error import DNSLookupError

from crawler.guard import Allowed, Refused, check_address

DNS_TIMEOUT_S = 20.0
CACHED_NAMES = 1000
_log = logging.getLogger(__name__)


class RefusedName(DNSLookupError):
    """A name leads where the crawler must not go. To Twisted it has no address: all else it prints as a crash."""


class GuardedResolver(CachingThreadedResolver):
    """Resolves names for the reactor and refuses the ones that lead into a private network.

    Twisted connects to the address it gets from here, so a name that answers differently next time (rebinding) is
    checked again next time. A refused name is said once a process.
    """

    def __init__(self, reactor: Any, allowed: Allowed) -> None:  # noqa: ANN401 (Twisted's reactor)
        super().__init__(reactor, CACHED_NAMES, DNS_TIMEOUT_S)
        self.allowed = allowed
        self._said: set[str] = set()

    def getHostByName(self, name: str, timeout: Sequence[int] = ()) -> Any:  # noqa: ANN401 (Twisted's name)
        """Resolve a name (or a literal) and check the address that will be connected to."""
        return super().getHostByName(name, timeout).addCallback(self._checked, name)

    def _checked(self, address: str, name: str) -> str:
        if name not in self.allowed.hosts:
            try:
                check_address(address, name)
            except Refused as error:
                if name not in self._said:
                    self._said.add(name)
                    _log.warning("%s", error)
                raise RefusedName(str(error)) from error
        return address
