"""What a form sent, looked at before anything else reads it: not too much, readable, and a token that is one at all."""

from collections.abc import Awaitable, Callable, MutableMapping
from dataclasses import dataclass, field
from typing import Any
from urllib.parse import parse_qsl

Message = MutableMapping[str, Any]
Receive = Callable[[], Awaitable[Message]]

MOST_BYTES = 8 * 1024**2  # of one form; a comment of a million characters is refused by its field, with its text kept
SAFE = frozenset({"GET", "HEAD", "OPTIONS", "TRACE"})
FORM = b"application/x-www-form-urlencoded"
TOKEN = "csrftoken"  # noqa: S105  the name of the field


@dataclass(frozen=True, slots=True, kw_only=True)
class Sent:
    """A form: its fields where it could be read; the status and the words' key where it cannot be taken."""

    receive: Receive
    fields: dict[str, str] = field(default_factory=dict)
    status: int = 0
    key: str = ""


async def read(scope: Message, receive: Receive) -> Sent:
    """Read the body of a request that wants to change something, and let it be read again."""
    if scope["method"] in SAFE:
        return Sent(receive=receive)
    headers = {name.lower(): value for name, value in scope.get("headers", [])}
    length = headers.get(b"content-length", b"0")
    body = None if length.isdigit() and int(length[:15]) > MOST_BYTES else await _body(receive)
    if body is None:
        return Sent(receive=receive, status=413, key="wrong.large")
    again = _replay(body, receive)
    kind = headers.get(b"content-type", b"")
    if kind.lower().startswith(b"multipart/"):  # no form of ours sends files, and the token check cannot read one
        return Sent(receive=again, status=400, key="wrong.unreadable")
    if kind.partition(b";")[0] != FORM:
        return Sent(receive=again)
    try:
        pairs = parse_qsl(body.decode("utf-8"), keep_blank_values=True)
    except ValueError:
        return Sent(receive=again, status=400, key="wrong.unreadable")
    if not all(value.isascii() for name, value in pairs if name == TOKEN):
        return Sent(receive=again, fields=dict(pairs), status=403, key="wrong.form")
    return Sent(receive=again, fields=dict(pairs))


async def _body(receive: Receive) -> bytes | None:
    """The whole body; None where it is more than MOST_BYTES."""
    found = bytearray()
    while True:
        message = await receive()
        found += message.get("body", b"")
        if len(found) > MOST_BYTES:
            return None
        if message["type"] == "http.disconnect" or not message.get("more_body"):
            return bytes(found)


def _replay(body: bytes, receive: Receive) -> Receive:
    given = False

    async def again() -> Message:
        nonlocal given
        if given:
            return await receive()
        given = True
        return {"type": "http.request", "body": body, "more_body": False}

    return again
