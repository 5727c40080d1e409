"""One log line a request of the site: which page, who, the answer, how long; and its number in the answer.

The path only: a query can hold what somebody searched for, or a token. No header, no cookie, no address of a visitor
(sign-ins.log keeps that, for those who sign in).
"""

import logging
import secrets
import time
from collections.abc import Callable
from typing import Any

from review.plugin.safety import App, Message, Receive, Send
from store.logs import event

ACTOR = "coi_actor"  # in the scope of a request: a dictionary that the gate writes the visitor's id into
QUIET = frozenset({"/-/health", "/-/metrics"})  # asked every few seconds; only what goes wrong is kept
Observe = Callable[[str, int, float], None]


def note_actor(scope: Any, actor: dict[str, Any] | None) -> None:  # noqa: ANN401  an ASGI scope
    """Say who a request is of; never the token or cookie that says so."""
    if actor and isinstance(kept := scope.get(ACTOR), dict):
        kept["id"] = str(actor.get("id", ""))


def logged(app: App, observe: Observe) -> App:
    """Wrap an ASGI application; `observe` is told the method, the status and the seconds of each answer."""

    async def wrapped(scope: Message, receive: Receive, send: Send) -> None:
        if scope["type"] != "http":
            await app(scope, receive, send)
            return
        began_s, number, status = time.perf_counter(), secrets.token_hex(6), 500
        who: dict[str, str] = {}

        async def send_numbered(message: Message) -> None:
            nonlocal status
            if message["type"] == "http.response.start":
                status = message["status"]
                headers = [*message.get("headers", []), (b"x-request-id", number.encode())]
                message = {**message, "headers": headers}
            await send(message)

        try:
            await app({**scope, ACTOR: who}, receive, send_numbered)
        finally:
            took_s = time.perf_counter() - began_s
            observe(scope["method"], status, took_s)
            if status >= 500 or scope["path"] not in QUIET:
                level = logging.ERROR if status >= 500 else logging.INFO
                event("request", level=level, echoed=True, request=number, method=scope["method"], path=scope["path"],
                      status=status, ms=round(took_s * 1000), actor=who.get("id", ""))  # fmt: skip

    return wrapped
