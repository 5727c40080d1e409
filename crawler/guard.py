"""Which addresses the crawler may speak to. The world is hostile; the operator's own network is none of its business.

Only public addresses, over http and https. The operator alone may list exceptions (COI_ALLOW_HOSTS, host:port), and
the check is made on the address that the name resolved to, the one that is then connected to: a name that changes
its answer between check and use (rebinding) gains nothing.
"""

import re
import socket
from dataclasses import dataclass
from ipaddress import IPv4Address, IPv4Network, IPv6Address, IPv6Network, ip_address
from typing import Self
from urllib.parse import urlsplit

from store.errors import ForPeople

_PORTS = {"http": 80, "https": 443}
_NAT64 = IPv6Network("64:ff9b::/96")
# What Python calls global and is not: it leads to an IPv4 address, or to a network of somebody's own.
_NOT_PUBLIC = (
    IPv6Network("::/96"),  # IPv4-compatible (RFC 4291 2.5.5.1)
    IPv6Network("::ffff:0:0:0/96"),  # IPv4-translated (RFC 7915)
    IPv6Network("64:ff9b:1::/48"),  # local use of NAT64 (RFC 8215)
    IPv6Network("fec0::/10"),  # site-local (RFC 3879)
    IPv6Network("3fff::/20"),  # documentation (RFC 9637)
    IPv6Network("5f00::/16"),  # segment routing inside a network (RFC 9602)
    IPv4Network("192.88.99.0/24"),  # relays of 6to4 (RFC 7526)
    IPv4Network("192.0.0.0/24"),  # protocol assignments (RFC 6890), single hosts of which Python calls global
)
_PAIR = re.compile(r"(\[[0-9A-Fa-f:.]+\]|[^\s/?#@\\*:\[\]]+):([0-9]{1,5})")
_CONTACT = re.compile(r"[^@\s<>()]+@[^@\s<>()]+\.[^@\s<>()]+")


class Refused(ForPeople, ValueError):
    """This address is not one the crawler may fetch. The message names it and says what would be allowed."""


@dataclass(frozen=True, slots=True)
class Allowed:
    """The operator's exceptions: (host, port) pairs that may be private."""

    pairs: frozenset[tuple[str, int]] = frozenset()

    @classmethod
    def parse(cls, text: str) -> Self:
        """Read 'host:port,host:port' (IPv6 in brackets). Raises Refused naming the entry that has no port."""
        pairs = set()
        for entry in filter(None, (part.strip() for part in text.split(","))):
            found = _PAIR.fullmatch(entry)
            if found is None or not 0 < int(found[2]) < 65536:
                raise Refused(
                    f"COI_ALLOW_HOSTS: {entry!r} is not host:port of one host; write for example 127.0.0.1:8000"
                )
            pairs.add((found[1].strip("[]").lower(), int(found[2])))
        return cls(frozenset(pairs))

    @property
    def hosts(self) -> frozenset[str]:
        return frozenset(host for host, _ in self.pairs)


def check_contact(contact: str) -> str:
    """Return the operator's e-mail address; we never fetch without saying who asks."""
    if not _CONTACT.fullmatch(contact.strip()):
        said = repr(contact) if contact else "not set"
        raise Refused(
            f"COI_CONTACT is {said}: publishers must be able to reach whoever crawls them; "
            "set it to an e-mail address, e.g. COI_CONTACT=coi@example.org"
        )
    return contact.strip()


def check_url(url: str, allowed: Allowed) -> None:
    """Raise Refused unless the URL is http(s) and its host is a name, a public address or an allowed host:port."""
    parts = urlsplit(url)
    try:
        host, port = (parts.hostname or "").rstrip("."), parts.port or _PORTS.get(parts.scheme, 0)
    except ValueError as error:
        raise Refused(f"{url}: {error}") from error
    if parts.scheme not in _PORTS or not host:
        raise Refused(f"{url}: only http and https addresses with a host are fetched")
    if parts.username or parts.password:
        raise Refused(f"{parts.scheme}://{host}: an address with a name or password in it is not fetched")
    if (host, port) in allowed.pairs:
        return
    if host in allowed.hosts:
        raise Refused(f"{url}: port {port} of {host} is not in COI_ALLOW_HOSTS")
    _check_literal(host, url)


def check_address(text: str, host: str) -> None:
    """Raise Refused when the address a host resolved to is not a public one."""
    if not is_public(text):
        raise Refused(
            f"{host} is at {text}, which is not a public address; list host:port in COI_ALLOW_HOSTS if it is yours"
        )


def is_public(text: str) -> bool:
    """True for a globally reachable unicast address; of an IPv6 that carries an IPv4 inside, both must be.

    Not public: private, loopback, link-local, unspecified, multicast, reserved, CGNAT (IANA special registries), and
    what is left of old ways from IPv6 to IPv4.
    """
    address = ip_address(text.split("%")[0])
    inner = _inside(address)
    if any(address in network for network in _NOT_PUBLIC):
        return False
    return address.is_global and not address.is_multicast and (inner is None or is_public(str(inner)))


def _inside(address: IPv4Address | IPv6Address) -> IPv4Address | None:
    """The IPv4 address carried by a mapped, 6to4 or NAT64 address."""
    if isinstance(address, IPv4Address):
        return None
    if address in _NAT64:
        return IPv4Address(int(address) & 0xFFFFFFFF)
    return address.ipv4_mapped or address.sixtofour


def _check_literal(host: str, url: str) -> None:
    try:
        address = ip_address(host.split("%")[0])
    except ValueError:
        _check_name(host, url)
    else:
        check_address(str(address), host)


def _check_name(host: str, url: str) -> None:
    """Refuse what is no name but an address in disguise: 2130706433, 0x7f.1, 0177.0.0.1."""
    try:
        socket.inet_aton(host.encode("idna").decode("ascii"))
    except (OSError, UnicodeError):
        return
    raise Refused(f"{url}: {host!r} is a numeric address in an odd notation; write it as four decimal numbers")
