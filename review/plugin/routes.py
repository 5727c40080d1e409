"""Which address shows which page."""

from __future__ import annotations

from collections.abc import Awaitable, Callable
from typing import TYPE_CHECKING

from datasette.utils.asgi import Request, Response

from review.plugin import captures, decisions, documents, errors, find, home, plain, questions, sources
from review.plugin.look import Refused

if TYPE_CHECKING:
    from datasette.app import Datasette  # its import loads this plugin

View = Callable[..., Awaitable[Response]]


def only(verb: str, view: View) -> View:
    """Answer one verb (GET also answers HEAD), anything else with 405; what is refused gets its page."""

    async def answered(datasette: Datasette, request: Request) -> Response:
        if request.method == verb or (verb == "GET" and request.method == "HEAD"):
            try:
                return await view(datasette, request)
            except Refused as refused:
                return await errors.refuse(datasette, request, refused)
        return Response.text(f"This address answers {verb} only.", status=405, headers={"allow": verb})

    return answered


ROUTES: list[tuple[str, View]] = [
    (r"^/$", only("GET", home.home)),
    (r"^/matrix/(?P<country>[A-Za-z]{2})$", only("GET", home.matrix)),
    (r"^/questions$", only("GET", home.index)),
    (r"^/questions/(?P<question_id>[^/]+)$", only("GET", questions.question)),
    (r"^/documents/(?P<document_id>\d{1,15})$", only("GET", documents.document)),
    (r"^/passages/(?P<passage_id>\d{1,15})$", only("GET", documents.of_passage)),
    (r"^/captures/(?P<capture_id>\d{1,15})$", only("GET", captures.capture)),
    (r"^/captures/(?P<capture_id>\d{1,15})/original$", only("GET", captures.original)),
    (r"^/search$", only("GET", find.find)),
    (r"^/sources$", only("GET", sources.sources)),
    (r"^/sources/(?P<source_id>[^/]+)$", only("GET", sources.source)),
    (r"^/method$", only("GET", plain.method)),
    (r"^/moratoria/(?P<moratorium_id>[^/]+)$", only("GET", plain.moratorium)),
    (r"^/passages/(?P<passage_id>\d{1,15})/tags$", only("POST", decisions.decide_tag)),
    (r"^/evidence/(?P<evidence_id>\d{1,15})/decide$", only("POST", decisions.decide_evidence)),
    (r"^/robots\.txt$", only("GET", plain.robots)),
]
