"""Who a request speaks for: what the plugins of this Datasette say of its cookie or its bearer token."""

from __future__ import annotations

from collections.abc import MutableMapping
from typing import TYPE_CHECKING, Any

from datasette.utils import await_me_maybe
from datasette.utils.asgi import Request

if TYPE_CHECKING:
    from datasette.app import Datasette  # its import loads this plugin


async def actor_of(datasette: Datasette, scope: MutableMapping[str, Any]) -> dict[str, Any] | None:
    """The visitor as Datasette will see him; None for nobody."""
    from datasette.plugins import pm  # its import loads this plugin

    for found in pm.hook.actor_from_request(datasette=datasette, request=Request(dict(scope), None)):
        if actor := await await_me_maybe(found):
            return dict(actor)
    return None


async def speaks(datasette: Datasette, scope: MutableMapping[str, Any]) -> bool:
    """True where a plugin knows the token of a request, without any cookie; Datasette itself knows none."""
    alone = [(name, value) for name, value in scope.get("headers", []) if name.lower() != b"cookie"]
    return await actor_of(datasette, {**scope, "headers": alone}) is not None
