"""What every answer carries, whoever made it: no script or asset from elsewhere, no framing, no sniffing, no robots."""

from collections.abc import Awaitable, Callable, Iterable, MutableMapping
from typing import Any
from urllib.parse import urlsplit

from asgi_csrf import error_messages  # type: ignore[import-untyped]

from review.plugin import access

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


def guard(
    app: App, explain_form: Callable[[Message], Awaitable[str]], speaks: Callable[[Message], Awaitable[bool]]
) -> App:
    """Wrap an ASGI application: each answer carries HEADERS once; a form refused for its token gets a page.

    A request speaks for one visitor: beside a cookie a bearer token is dropped, so that it does not spare the form's
    token, unless it `speaks` for somebody; then the cookie is.

    The token check stands before Datasette's own error pages and answers with one bare sentence; `explain_form` makes
    the page that says what to do.
    """

    async def guarded(scope: Message, receive: Receive, send: Send) -> None:
        start: Message = {}
        if scope["type"] == "http":
            scope = await one_visitor(scope, speaks)
            access.asking.set((scope["path"], scope.get("query_string", b"").decode("latin-1")))

        async def send_guarded(message: Message) -> None:
            nonlocal start
            if message["type"] == "http.response.start":
                start = {**message, "headers": with_headers(message.get("headers", []))}
                return
            if start and message.get("body") in BARE_REFUSALS and start["status"] == 403:
                message = {"type": "http.response.body", "body": (await explain_form(scope)).encode()}
            if start:
                await send(start)
                start = {}
            await send(message)

        await app(scope, receive, send_guarded if scope["type"] == "http" else send)

    return guarded


def with_headers(headers: Iterable[tuple[bytes, bytes]]) -> list[tuple[bytes, bytes]]:
    """An answer's headers with HEADERS in place of its own of the same names."""
    ours = {name for name, _ in HEADERS}
    return [*((name, value) for name, value in headers if name.lower() not in ours), *HEADERS]


async def one_visitor(scope: Message, speaks: Callable[[Message], Awaitable[bool]]) -> Message:
    """A request as one visitor's: of a cookie and a bearer token the one that counts."""
    headers = list(scope.get("headers", []))
    bearer = any(name.lower() == b"authorization" and value.startswith(b"Bearer ") for name, value in headers)
    if not bearer or not any(name.lower() == b"cookie" for name, _ in headers):
        return scope
    drop = b"cookie" if await speaks(scope) else b"authorization"
    return {**scope, "headers": [(name, value) for name, value in headers if name.lower() != drop]}


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
