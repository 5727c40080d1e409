"""Whether a bearer token names somebody: what other plugins of this Datasette say of it, without any cookie."""

from __future__ import annotations

from collections.abc import MutableMapping
from typing import TYPE_CHECKING, Any

from datasette.utils import await_me_maybe
from datasette.utils.asgi import Request

if TYPE_CHECKING:
    from datasette.app import Datasette  # its import loads this plugin


async def speaks(datasette: Datasette, scope: MutableMapping[str, Any]) -> bool:
    """True where a plugin knows the token of a request; Datasette itself knows none."""
    from datasette.plugins import pm  # its import loads this plugin

    alone = [(name, value) for name, value in scope.get("headers", []) if name.lower() != b"cookie"]
    request = Request({**scope, "headers": alone}, None)
    for found in pm.hook.actor_from_request(datasette=datasette, request=request):
        if await await_me_maybe(found):
            return True
    return False
