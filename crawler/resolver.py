"""The guard's word on names: what a name resolves to is checked, and that very address is connected to."""

from collections.abc import Sequence
from typing import Any

from scrapy.resolver import CachingThreadedResolver

from crawler.guard import Allowed, check_address

DNS_TIMEOUT_S = 20.0
CACHED_NAMES = 1000


class GuardedResolver(CachingThreadedResolver):
    """Resolves names for the reactor and refuses the ones that lead into a private network.

    Twisted connects to the address it gets from here, so a name that answers differently next time (rebinding) is
    checked again next time.
    """

    def __init__(self, reactor: Any, allowed: Allowed) -> None:  # noqa: ANN401 (Twisted's reactor)
        super().__init__(reactor, CACHED_NAMES, DNS_TIMEOUT_S)
        self.allowed = allowed

    def getHostByName(self, name: str, timeout: Sequence[int] = ()) -> Any:  # noqa: ANN401 (Twisted's name)
        """Resolve a name (or a literal) and check the address that will be connected to."""
        return super().getHostByName(name, timeout).addCallback(self._checked, name)

    def _checked(self, address: str, name: str) -> str:
        if name not in self.allowed.hosts:
            check_address(address, name)
        return address
