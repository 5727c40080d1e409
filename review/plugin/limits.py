"""How often one may try a password: after some failures each try waits, longer and longer, per address and per name.

A name waits at most NAME_WAIT_S, and a browser that signed in under it before is counted by itself: nobody can lock a
colleague out for long (OWASP, "device cookies"). A try counts before it is checked, so that many at once are no way
round.
"""

import time
from collections import OrderedDict
from collections.abc import Callable
from dataclasses import dataclass
from ipaddress import IPv6Address, ip_address

FREE = 5  # tries before the first wait
ADDRESS_WAIT_S = 300
NAME_WAIT_S = 30
FORGET_S = 3600
MOST_KEPT = 20_000  # keys in memory; the oldest go first


@dataclass(slots=True)
class Tries:
    """What is remembered of one key."""

    count: int = 0
    last: float = 0.0
    until: float = 0.0


class Limits:
    """The tries of the last hour, in memory: a restart forgets them."""

    def __init__(self, clock: Callable[[], float] = time.monotonic) -> None:
        self._clock = clock
        self._tries: OrderedDict[str, Tries] = OrderedDict()

    def wait_s(self, address: str, name: str, device: str = "") -> int:
        """Seconds until the next try is looked at; 0: now, and it is counted."""
        now = self._clock()
        keys = self._keys(address, name, device)
        found = [self._tries.get(key) for key, _ in keys]
        wait = max((tries.until - now for tries in found if tries), default=0.0)
        if wait > 0:
            return int(wait) + 1
        for key, most in keys:
            self._count(key, most, now)
        return 0

    def passed(self, address: str, name: str, device: str = "") -> None:
        """A try was right: what was counted for it is forgotten, but not what was counted for the name elsewhere."""
        for key, _ in self._keys(address, name, device):
            tries = self._tries.get(key)
            if tries is None:
                continue
            if key.startswith("name "):
                tries.count, tries.until = max(tries.count - 1, 0), 0.0
            else:
                del self._tries[key]

    def _count(self, key: str, most: int, now: float) -> None:
        tries = self._tries.pop(key, None)
        if tries is None or now - tries.last > FORGET_S:
            tries = Tries()
        tries.count += 1
        tries.last = now
        over = tries.count - FREE
        tries.until = now + min(2.0 ** min(over, 20), most) if over >= 0 else 0.0
        self._tries[key] = tries
        while len(self._tries) > MOST_KEPT:
            self._tries.popitem(last=False)

    @staticmethod
    def _keys(address: str, name: str, device: str) -> tuple[tuple[str, int], ...]:
        if device:
            return ((f"device {device}", ADDRESS_WAIT_S),)
        return ((f"address {_net(address)}", ADDRESS_WAIT_S), (f"name {name.strip().lower()[:100]}", NAME_WAIT_S))


def _net(address: str) -> str:
    """An address as it is counted: of IPv6 the network of 64 bits, which one customer has for himself.

    >>> _net("2001:db8::1") == _net("2001:db8::2"), _net("192.0.2.1")
    (True, '192.0.2.1')
    """
    try:
        found = ip_address(address)
    except ValueError:
        return address[:60]
    if isinstance(found, IPv6Address):
        return str(found.ipv4_mapped or found.packed[:8].hex())
    return str(found)
