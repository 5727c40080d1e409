"""The door of the site: makes a request that of one visitor, asks the gate, and explains forms that are not taken."""

from __future__ import annotations

import re
from collections.abc import MutableMapping
from typing import TYPE_CHECKING, Any

from datasette.utils.asgi import Request, Response

from review.plugin import errors, gate, sessions, tokens
from review.plugin.sent import SAFE, Sent

if TYPE_CHECKING:
    from datasette.app import Datasette  # its import loads this plugin

Message = MutableMapping[str, Any]
BEARER = re.compile(rb"Bearer [!-~]+")


class Door:
    """The door of one site. `forms`: the addresses of our own forms."""

    def __init__(self, datasette: Datasette, forms: list[re.Pattern[str]]) -> None:
        self._datasette = datasette
        self._forms = forms

    async def admit(self, scope: Message) -> tuple[Message, Response | None]:
        """The request as one visitor's, and the answer to it where it may not come in.

        Passwords are for the sign-in page only, which counts the tries: of other headers than a bearer token none
        signs anybody in. Beside a cookie a bearer token is dropped, so that it does not spare the form's token, unless
        it names somebody; then the cookie is.
        """
        accounts = gate.accounts_of(self._datasette)
        scope = sessions.without_ended(self._datasette, _readable(scope), accounts)
        scope = await self._one_visitor(scope)
        path = gate.path_of(scope)
        ours = any(form.match(path) for form in self._forms)
        refused = await gate.refusal(self._datasette, scope, ours)
        if refused is None and scope["method"] not in SAFE and not ours and not path.startswith("/-/"):
            refused = Response.text("This address answers GET only.", status=405, headers={"allow": "GET"})
        return scope, refused

    async def explain(self, scope: Message, sent: Sent) -> Response:
        """The page for a form that cannot be taken, with what was written to copy it."""
        request = Request({**scope, "csrftoken": lambda: "", "actor": None}, None)
        return await errors.explain_form(self._datasette, request, sent)

    async def _one_visitor(self, scope: Message) -> Message:
        names = {name.lower() for name, _ in scope.get("headers", [])}
        if not {b"authorization", b"cookie"} <= names:
            return scope
        drop = b"cookie" if await tokens.speaks(self._datasette, scope) else b"authorization"
        return {**scope, "headers": [(name, value) for name, value in scope["headers"] if name.lower() != drop]}


def _readable(scope: Message) -> Message:
    """A request without headers that no plugin could read: another scheme than Bearer, tokens that are not ASCII."""
    kept = [
        (name, value)
        for name, value in scope.get("headers", [])
        if not (name.lower() == b"authorization" and not BEARER.fullmatch(value))
        and not (name.lower() == b"x-csrftoken" and not value.isascii())
    ]
    return {**scope, "headers": kept}
