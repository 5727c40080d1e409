"""Which address shows which page."""

from __future__ import annotations

from collections.abc import Awaitable, Callable
from typing import TYPE_CHECKING

from datasette.utils.asgi import Request, Response

from review.plugin import (
    alerts,
    answers,
    backtest,
    captures,
    cite,
    coding,
    comments,
    decisions,
    documents,
    errors,
    feeds,
    find,
    health,
    home,
    metrics,
    moratoria,
    newer,
    origins,
    packs,
    plain,
    questions,
    queue,
    resolutions,
    saved,
    searched,
    several,
    signin,
    signoffs,
    sources,
    volume,
)
from review.plugin.look import Refused

if TYPE_CHECKING:
    from datasette.app import Datasette  # its import loads this plugin

View = Callable[..., Awaitable[Response]]
FORMS: set[View] = set()  # the views that take a form: they refuse who is signed out, and keep what was written


def only(verb: str, view: View) -> View:
    """Answer one verb (GET also answers HEAD), anything else with 405; what is refused gets its page.

    A form of somebody who is signed out by now is refused with what it brought, to be sent again.
    """

    async def answered(datasette: Datasette, request: Request) -> Response:
        if request.method == verb or (verb == "GET" and request.method == "HEAD"):
            try:
                if verb == "POST":
                    await signin.must_be_signed_in(datasette, request)
                return await view(datasette, request)
            except Refused as refused:
                return await errors.refuse(datasette, request, refused)
        return Response.text(f"This address answers {verb} only.", status=405, headers={"allow": verb})

    if verb == "POST":
        FORMS.add(answered)
    return answered


def either(get: View, post: View) -> View:
    """Answer GET with one view and POST with another, anything else with 405."""
    shown, sent = only("GET", get), only("POST", post)

    async def answered(datasette: Datasette, request: Request) -> Response:
        return await (sent if request.method == "POST" else shown)(datasette, request)

    FORMS.add(answered)
    return answered


ROUTES: list[tuple[str, View]] = [
    (r"^/$", only("GET", home.home)),
    (r"^/matrix/(?P<country>[A-Za-z]{2})$", only("GET", home.matrix)),
    (r"^/questions$", only("GET", home.index)),
    (r"^/questions/(?P<question_id>[^/]+)$", only("GET", questions.question)),
    (r"^/documents/(?P<document_id>\d{1,15})$", only("GET", documents.document)),
    (r"^/documents/(?P<document_id>\d{1,15})/cite$", only("GET", cite.page_of)),
    (r"^/documents/(?P<document_id>\d{1,15})/cite\.(?P<form>ris|bib|json)$", only("GET", cite.download)),
    (r"^/passages/(?P<passage_id>\d{1,15})$", only("GET", documents.of_passage)),
    (r"^/captures/(?P<capture_id>\d{1,15})$", only("GET", captures.capture)),
    (r"^/captures/(?P<capture_id>\d{1,15})/original$", only("GET", captures.original)),
    (r"^/search$", only("GET", find.find)),
    (r"^/search/saved$", only("GET", saved.saved)),
    (r"^/search/saved/add$", only("POST", saved.save)),
    (r"^/search/saved/remove$", only("POST", saved.remove)),
    (r"^/sources$", only("GET", sources.sources)),
    (r"^/sources/(?P<source_id>[^/]+)$", only("GET", sources.source)),
    (r"^/volume$", only("GET", volume.show)),
    (r"^/volume\.csv$", only("GET", volume.as_csv)),
    (r"^/method$", only("GET", plain.method)),
    (r"^/alerts$", only("GET", alerts.index)),
    (r"^/alerts/seen$", either(alerts.of_link, alerts.use_link)),
    (r"^/alerts/(?P<alert_id>\d{1,15})$", only("GET", alerts.one)),
    (r"^/alerts/(?P<alert_id>\d{1,15})/seen$", only("POST", alerts.acknowledge)),
    (r"^/alerts(?:/(?P<country>[A-Za-z]{2})(?:/(?P<group>[^/]+))?)?\.atom$", only("GET", feeds.atom)),
    (r"^/moratoria\.ics$", only("GET", feeds.calendar)),
    (r"^/moratoria$", only("GET", moratoria.index)),
    (r"^/moratoria/proposals/(?P<proposal_id>\d{1,15})/decide$", only("POST", moratoria.decide)),
    (r"^/moratoria/(?P<moratorium_id>[^/]+)/newer$", only("GET", newer.show)),
    (r"^/moratoria/(?P<moratorium_id>[^/]+)/backtest$", only("GET", backtest.show)),
    (r"^/moratoria/(?P<moratorium_id>[^/]+)$", only("GET", moratoria.moratorium)),
    (r"^/passages/(?P<passage_id>\d{1,15})/tags$", only("POST", decisions.decide_tag)),
    (r"^/passages/(?P<passage_id>\d{1,15})/relevance$", only("POST", decisions.decide_relevance)),
    (r"^/passages/(?P<passage_id>\d{1,15})/evidence$", either(answers.form, answers.add)),
    (r"^/evidence/(?P<evidence_id>\d{1,15})/decide$", only("POST", decisions.decide_evidence)),
    (r"^/queue$", only("GET", queue.show)),
    (r"^/queue/several$", either(several.choose, several.accept)),
    (r"^/queue/several/check$", only("GET", several.check)),
    (r"^/coding$", either(coding.show, coding.keep)),
    (r"^/questions/(?P<question_id>[^/]+)/searches$", only("POST", searched.record)),
    (r"^/questions/(?P<question_id>[^/]+)/resolutions$", only("POST", resolutions.record)),
    (r"^/questions/(?P<question_id>[^/]+)/signoff$", only("POST", signoffs.propose)),
    (r"^/signoffs$", only("GET", signoffs.index)),
    (r"^/signoffs/(?P<number>\d{1,15})/answer$", only("POST", signoffs.reply)),
    (r"^/origins/links/(?P<link_id>\d{1,15})/decide$", only("POST", origins.decide)),
    (r"^/documents/(?P<document_id>\d{1,15})/merge$", only("POST", origins.merge)),
    (r"^/comments$", either(comments.show, comments.add)),
    (r"^/pack/moratoria/(?P<moratorium_id>[^/]+)\.zip$", only("GET", packs.pack)),
    (r"^/pack/moratoria/(?P<moratorium_id>[^/]+)\.csv$", only("GET", packs.table)),
    (r"^/pack/groups/(?P<country>[A-Za-z]{2})/(?P<group>[^/]+)\.zip$", only("GET", packs.pack)),
    (r"^/pack/groups/(?P<country>[A-Za-z]{2})/(?P<group>[^/]+)\.csv$", only("GET", packs.table)),
    (r"^/pack/questions/(?P<question_id>[^/]+)\.zip$", only("GET", packs.pack)),
    (r"^/pack/questions/(?P<question_id>[^/]+)\.csv$", only("GET", packs.table)),
    (r"^/brief/moratoria/(?P<moratorium_id>[^/]+)$", only("GET", packs.brief)),
    (r"^/brief/groups/(?P<country>[A-Za-z]{2})/(?P<group>[^/]+)$", only("GET", packs.brief)),
    (r"^/brief/questions/(?P<question_id>[^/]+)$", only("GET", packs.brief)),
    (r"^/robots\.txt$", only("GET", plain.robots)),
    (r"^/-/health$", only("GET", health.show)),
    (r"^/-/metrics$", only("GET", metrics.show)),
    (r"^/-/login$", either(signin.form, signin.enter)),
    (r"^/-/logout$", either(signin.leaving, signin.leave)),
    (r"^/-/auth-token$", only("GET", signin.by_link)),
    (r"^/-/password-tool$", only("GET", plain.nowhere)),
    (r"^/-/patterns$", only("GET", plain.nowhere)),
]
