"""SSRF: addresses that lead into the operator's machine or network, however they are written and wherever they stand."""

import socket
from collections.abc import Iterator
from functools import partial
from urllib.parse import urljoin

from scrapy import Request

from crawler.guard import Allowed, Refused, check_address, check_url
from crawler.middlewares import GuardMiddleware, RefusedAddress
from tests.attacks import Attack, refuses

# https://www.iana.org/assignments/iana-ipv4-special-registry, and its sister of IPv6; one address of each block.
V4 = (
    "0.0.0.0", "0.1.2.3", "10.0.0.1", "100.64.0.1", "100.100.100.200", "127.0.0.1", "127.255.255.254",
    "169.254.169.254", "169.254.170.2", "172.16.0.1", "172.31.255.255", "192.0.0.8", "192.0.0.170", "192.0.2.1",
    "192.88.99.1", "192.168.0.1", "198.18.0.1", "198.51.100.1", "203.0.113.1", "224.0.0.1", "240.0.0.1",
    "255.255.255.255",
)  # fmt: skip
V6 = (
    "::", "::1", "0:0:0:0:0:0:0:1", "::7f00:1", "::127.0.0.1", "::ffff:127.0.0.1", "::ffff:7f00:1",
    "::ffff:a9fe:a9fe", "::ffff:0:127.0.0.1", "64:ff9b::7f00:1", "64:ff9b::a9fe:a9fe", "64:ff9b:1::1", "100::1",
    "2001::1", "2001:db8::1", "2001:10::1", "2002:7f00:1::", "2002:a9fe:a9fe::1", "2002:c0a8:1::1", "fc00::1",
    "fd00:ec2::254", "fe80::1", "fe80::1%251", "fe80::1%25eth0", "fec0::1", "ff02::1", "ff0e::1", "3fff::1",
    "5f00::1", "::ffff:192.168.0.1", "::ffff:10.0.0.1", "::ffff:0.0.0.0",
)  # fmt: skip
# 127.0.0.1 and 169.254.169.254 as inet_aton(3) and browsers read them.
ODD = (
    "2130706433", "0x7f000001", "0X7F000001", "017700000001", "0x7f.1", "0x7f.0.0.1", "127.1", "127.0.1",
    "0177.0.0.1", "0177.1", "00000177.0.0.1", "127.0.0.1.", "127.0.0.1..", "127.0x0.0.0x1", "0", "0x0", "00", "0.0",
    "2852039166", "0xa9fea9fe", "0251.0376.0251.0376", "169.254.43518", "169.16689662", "0xA9.254.0251.254",
    "１２７.0.0.1", "①②⑦.⓪.⓪.①", "127。0。0。1", "127．0．0．1", "127｡0｡0｡1", "𝟏𝟐𝟕.𝟎.𝟎.𝟏",
    "０x7f000001", "127.0.0.1\u00ad", "12\u200b7.0.0.1", "127.0.0.1\t",
)  # fmt: skip
SCHEMES = (
    "file:///etc/passwd", "ftp://example.org/", "gopher://127.0.0.1:6379/_INFO", "dict://127.0.0.1:11211/stats",
    "data:text/html,x", "javascript:alert(1)", "ws://example.org/", "s3://bucket/key", "ldap://127.0.0.1/", "jar:x!/",
    "unix:/run/docker.sock", "http+unix://%2Frun%2Fdocker.sock/", "//127.0.0.1/", "http:/127.0.0.1/", "http:///x",
    "http://", "HTTP://127.0.0.1/", "hTTp://[::1]/", "view-source:http://127.0.0.1/", "tftp://127.0.0.1/x", "",
    "about:blank", "blob:http://127.0.0.1/x", "http:127.0.0.1", "netdoc:///etc/passwd", "\thttp://127.0.0.1/",
)  # fmt: skip
USERINFO = (
    "http://user@example.org/", "http://user:secret@example.org/", "http://example.org@127.0.0.1/",
    "http://example.org:80@127.0.0.1/", "http://127.0.0.1@example.org:80@127.0.0.1/", "http://@127.0.0.1/",
    "http://:@127.0.0.1/", "http://example.org\\@127.0.0.1/", "http://127.0.0.1\\@example.org/",
    "http://example.org%40127.0.0.1:80@127.0.0.1/", "http://127.0.0.1#@example.org/", "http://127.0.0.1?@example.org/",
    "http://127.0.0.1/@example.org", "http://127.0.0.1;@example.org/", "http://127.0.0.1%00@example.org/",
)  # fmt: skip
PORTS = ("http://127.0.0.1:80/", "http://127.0.0.1:22/", "http://127.0.0.1:6379/", "http://127.0.0.1:99999/",
         "http://127.0.0.1:-1/", "http://127.0.0.1:８０８０/", "http://127.0.0.1: 80/", "http://[::1]:8001/",
         "http://example.org:99999/", "http://example.org:x/")  # fmt: skip
NAMES = ("localhost", "LOCALHOST", "localhost.", "localhost.localdomain", "ip6-localhost", "foo.localhost",
         "ⓛocalhost", "١٢٧.٠.٠.١", "ｌｏｃａｌｈｏｓｔ", "127%2e0%2e0%2e1", "%31%32%37.0.0.1", "metadata.google.internal")  # fmt: skip
SETTINGS = ("127.0.0.1", "*", "*:80", "127.0.0.1:", ":8000", "10.0.0.0/8", "10.0.0.0/8:80", "127.0.0.1:http",
            "127.0.0.1:99999", "[::1", "127.0.0.1:80:90", "http://127.0.0.1:80", "a@127.0.0.1:80", "127.0.0.1:80/x",
            "127.0.0.1:80?x", "127.0.0.1:80#x", "\\127.0.0.1:80", "0:80 1:80")  # fmt: skip
LOCAL = Allowed.parse("127.0.0.1:8000, intranet.example:8080")
PINNED = ("http://127.0.0.1/", "http://127.0.0.1:8001/", "http://127.0.0.2:8000/", "http://[::ffff:127.0.0.1]:8000/",
          "http://2130706433:8000/", "http://intranet.example/", "http://intranet.example:8000/", "http://10.0.0.1:8000/",
          "https://127.0.0.1/", "http://127.0.0.1.:8001/", "http://[::1]:8000/", "http://127.1:8000/")  # fmt: skip


def notations() -> Iterator[Attack]:
    """Addresses as a link, a redirect or a sitemap may write them, asked of the guard of the crawl."""
    hosts = [*V4, *(f"[{address}]" for address in V6), *ODD]
    for url in (*(f"http://{host}/" for host in hosts), *SCHEMES, *USERINFO, *PORTS):
        yield url, refuses(partial(check_url, url, Allowed()), Refused)
    for url in PINNED:
        yield f"{url} beside an exception for 127.0.0.1:8000", refuses(partial(check_url, url, LOCAL), Refused)
    for text in SETTINGS:
        yield f"COI_ALLOW_HOSTS={text}", refuses(partial(Allowed.parse, text), Refused)
    for address in (*V4, *(address for address in V6 if "%" not in address)):
        yield f"a name at {address}", refuses(partial(check_address, address, "evil.example"), Refused)


def requests() -> Iterator[Attack]:
    """The same as the downloader gets them: joined to a public page, normalised by Scrapy, through the middleware."""
    guard = GuardMiddleware(Allowed())
    targets = [*(f"http://{host}/" for host in ODD), *USERINFO, "//127.0.0.1/", "//[::1]/", "\\\\127.0.0.1\\x",
               "/\\127.0.0.1/", "http:\\\\127.0.0.1\\", "https:127.0.0.1", "///127.0.0.1/"]  # fmt: skip
    for target in targets:
        yield f"link {target}", partial(_reached, guard, target)
    for name in NAMES:
        yield f"name {name}", partial(_resolved, guard, name)


def _reached(guard: GuardMiddleware, target: str) -> str:
    """'' where the request is refused, or goes to the public page's own host."""
    try:
        request = Request(urljoin("https://example.org/news/", target))
        guard.process_request(request)
    except (RefusedAddress, ValueError):
        return ""
    from urllib.parse import urlsplit

    host = urlsplit(request.url).hostname or ""
    return "" if host == "example.org" else f"asked {request.url}"


def _resolved(guard: GuardMiddleware, name: str) -> str:
    """'' where the request is refused, or every address that the name has is."""
    try:
        request = Request(f"http://{name}/")
        guard.process_request(request)
        from urllib.parse import urlsplit

        host = urlsplit(request.url).hostname or ""
        found = {str(row[4][0]) for row in socket.getaddrinfo(host, 80, type=socket.SOCK_STREAM)}
    except (RefusedAddress, ValueError, OSError):
        return ""
    for address in found:
        try:
            check_address(address, name)
        except Refused:
            continue
        return f"{name} is at {address}"
    return ""
