"""What every answer carries, whoever made it: no script or asset from elsewhere, no framing, no sniffing, no robots."""

from collections.abc import Awaitable, Callable, Iterable, MutableMapping
from dataclasses import replace
from typing import Any, Protocol
from urllib.parse import urlsplit

from asgi_csrf import error_messages  # type: ignore[import-untyped]
from datasette.utils.asgi import Response

from review.plugin import access
from review.plugin.sent import Sent, read

Message = MutableMapping[str, Any]
Receive = Callable[[], Awaitable[Message]]
Send = Callable[[Message], Awaitable[None]]
App = Callable[[Message, Receive, Send], Awaitable[None]]

MAX_VALUE_BYTES = 64 * 1024**2  # the longest text or blob a query of the site may make or read
BARE_REFUSALS = frozenset(said.encode() for said in error_messages.values())
HEADERS: tuple[tuple[bytes, bytes], ...] = (
    (b"content-security-policy", b"default-src 'self'; base-uri 'none'; frame-ancestors 'none'; form-action 'self'"),
    (b"x-content-type-options", b"nosniff"),
    (b"referrer-policy", b"no-referrer"),
    (b"x-frame-options", b"DENY"),
    (b"x-robots-tag", b"noindex, nofollow"),
    (b"cross-origin-opener-policy", b"same-origin"),
)


class Door(Protocol):
    """What stands between the network and Datasette; see review.plugin.door."""

    async def admit(self, scope: Message) -> tuple[Message, Response | None]:
        """The request as one visitor's, and the answer to it where it may not come in."""
        ...

    async def explain(self, scope: Message, sent: Sent) -> Response:
        """The page for a form that cannot be taken."""
        ...


def guard(app: App, door: Door) -> App:
    """Wrap an ASGI application: the door first, then the form; each answer carries HEADERS once.

    The token check of forms stands before Datasette's own error pages and answers with one bare sentence;
    `Door.explain` makes the page that says what to do.
    """

    async def guarded(scope: Message, receive: Receive, send: Send) -> None:
        if scope["type"] != "http":
            await app(scope, receive, send)
            return
        scope, refused = await door.admit(scope)
        access.asking.set((scope["path"], scope.get("query_string", b"").decode("latin-1")))
        start: Message = {}
        sent = Sent(receive=receive)

        async def send_guarded(message: Message) -> None:
            nonlocal start
            if message["type"] == "http.response.start":
                start = {**message, "headers": with_headers(message.get("headers", []))}
                return
            if start and start["status"] == 403 and message.get("body") in BARE_REFUSALS:
                page = await door.explain(scope, replace(sent, status=403, key="wrong.form"))
                message = {"type": "http.response.body", "body": str(page.body).encode()}
            if start:
                await send(start)
                start = {}
            await send(message)

        if refused is None:
            sent = await read(scope, receive)
            if sent.key:
                refused = await door.explain(scope, sent)
        if refused is not None:
            await refused.asgi_send(send_guarded)
        else:
            await app(scope, sent.receive, send_guarded)

    return guarded


def with_headers(headers: Iterable[tuple[bytes, bytes]]) -> list[tuple[bytes, bytes]]:
    """An answer's headers with HEADERS in place of its own of the same names."""
    ours = {name for name, _ in HEADERS}
    own = [(name, value) for name, value in headers if name.lower() not in ours]
    if not any(name.lower() == b"cache-control" for name, _ in own):
        own.append((b"cache-control", b"private, no-cache"))  # nothing that one visitor may see is kept for the next
    return [*own, *HEADERS]


def whole(text: str) -> int | None:
    """A number that a form or an address names, where it is one of at most fifteen digits.

    >>> whole("12"), whole("٣"), whole("9" * 5000)
    (12, None, None)
    """
    return int(text) if text.isascii() and text.isdecimal() and len(text) <= 15 else None


def linkable(address: str | None) -> str | None:
    """The address where it may become a link: http or https with a host; None for anything else (javascript:, data:).

    >>> linkable("https://example.org/a"), linkable("javascript:alert(1)")
    ('https://example.org/a', None)
    """
    if not address:
        return None
    try:
        parts = urlsplit(address.strip())
    except ValueError:
        return None
    return address.strip() if parts.scheme in ("http", "https") and parts.netloc else None
