"""GOV.UK Content API (sources §4): one JSON document per address, of many document types."""

from collections.abc import Iterator, Mapping
from typing import TypeAlias
from urllib.parse import urljoin, urlsplit

from lxml import html

from crawler.read import extractors
from crawler.read.clean import one_line
from crawler.read.dates import stamped_day
from crawler.read.language import known_language, language_of
from crawler.read.model import Broken, Confidence, Dated, Entry, Kind, Reading, WrongShape
from crawler.read.passages import Block, compose
from crawler.read.period import reference_period
from crawler.read.safe_json import loads
from crawler.read.safe_xml import seen
from crawler.read.walk import HTML, absolute, blocks_of, links_of

_HOST = "https://www.gov.uk"
_ZONE = "Europe/London"
_LISTED = ("documents", "children", "countries", "child_taxons")  # links that are this page's own contents

Object: TypeAlias = Mapping[str, object]


def read_govuk(body: bytes, url: str | None = None) -> Reading:
    """One Content API answer: key is the content id, published the first publication, modified the public update.

    Attachments and the documents of a collection are entries: HTML ones with the Content API address on the same
    host, files with their own. `gone` and a withdrawal notice set `withdrawn`; a redirect stands in
    `attributes["redirect"]`. Raises WrongShape for other JSON, Broken for torn JSON.
    """
    where = url or "this answer"
    page = _parsed(body, where)
    details = _object(page.get("details"))
    notice = _object(page.get("withdrawn_notice"))
    text, passages = compose(_blocks(page, details))
    gone = page.get("document_type") == "gone"
    host = _host(url)
    period = reference_period(text[:3000])
    return Reading(
        kind=Kind.GOVUK,
        title=one_line(_string(page.get("title"))),
        published=_published(page, details),
        modified=_day(page.get("public_updated_at")),
        language=known_language(_string(page.get("locale"))) or language_of(text),
        text=text,
        passages=passages,
        entries=tuple(_entries(page, details, host)),
        links=_links(details, host),
        canonical_url=absolute(_string(page.get("base_path")), _HOST),
        key=_string(page.get("content_id")),
        document_type=_string(page.get("document_type")) or _string(page.get("schema_name")),
        period_from=period[0] if period else None,
        period_to=period[1] if period else None,
        withdrawn=gone or bool(notice.get("withdrawn_at") or notice.get("explanation")),
        warnings=() if text or gone or page.get("redirects") else ("the page has no text of its own",),
        extractor=extractors.GOVUK,
        attributes=_attributes(page, details, notice),
    )


def _parsed(body: bytes, where: str) -> Object:
    if seen(body) != "JSON":
        raise WrongShape(
            f"{where}: {seen(body)} where a GOV.UK Content API answer was promised ({len(body)} bytes); "
            "the address must begin with /api/content/"
        )
    try:
        page = loads(body)
    except (ValueError, RecursionError) as error:
        raise Broken(f"{where}: JSON that cannot be parsed ({error}), {len(body)} bytes; fetch it again") from error
    if not isinstance(page, dict) or not ({"document_type", "schema_name"} & page.keys()):
        keys = ", ".join(list(page)[:5]) if isinstance(page, dict) else type(page).__name__
        raise WrongShape(
            f"{where}: JSON without document_type ({keys}) where a GOV.UK Content API answer was promised; "
            "the address must begin with /api/content/"
        )
    return page


def _blocks(page: Object, details: Object) -> Iterator[Block]:
    """The body and, for travel advice, every part under its title. A page without either has its description."""
    found = False
    for source, title in _bodies(details):
        if title:
            yield Block(text=title, heading=True)
        for block in _html_blocks(source):
            found = True
            yield block
    description = _string(page.get("description"))
    if not found and description:
        yield Block(text=description)


def _bodies(details: Object) -> Iterator[tuple[str, str | None]]:
    for name in ("summary", "body", "introduction", "explanation"):
        yield _markup(details.get(name)), None
    for part in _objects(details.get("parts")):
        yield _markup(part.get("body")), _string(part.get("title"))
    for group in _objects(details.get("collection_groups")):
        yield _markup(group.get("body")), _string(group.get("title"))


def _markup(value: object) -> str:
    """A body is HTML, or a list of one content in several types."""
    for variant in _objects(value):
        if variant.get("content_type") == "text/html":
            return _string(variant.get("content")) or ""
    return value if isinstance(value, str) else ""


def _html_blocks(source: str) -> Iterator[Block]:
    if source.strip():
        yield from blocks_of(html.fragment_fromstring(source, create_parent="div"), HTML)


def _entries(page: Object, details: Object, host: str) -> Iterator[Entry]:
    language = known_language(_string(page.get("locale")))
    for attachment in _objects(details.get("attachments")):
        address = absolute(_string(attachment.get("url")), host)
        if address:
            kind = _string(attachment.get("attachment_type")) or "file"
            yield Entry(
                url=_api(address, host) if kind == "html" else address,
                title=one_line(_string(attachment.get("title"))),
                language=known_language(_string(attachment.get("locale"))) or language,
                document_type=f"{kind} attachment",
            )
    for name in _LISTED:
        for item in _objects(_object(page.get("links")).get(name)):
            address = absolute(_string(item.get("api_path")) or _string(item.get("base_path")), host)
            if address:
                yield _listed(item, _api(address, host))


def _listed(item: Object, url: str) -> Entry:
    return Entry(
        url=url,
        key=_string(item.get("content_id")),
        title=one_line(_string(item.get("title"))),
        modified=_day(item.get("public_updated_at")),
        summary=one_line(_string(item.get("description"))),
        language=known_language(_string(item.get("locale"))),
        document_type=_string(item.get("document_type")),
    )


def _published(page: Object, details: Object) -> Dated | None:
    """First publication; where it is missing the oldest entry of the change history, else the update (low)."""
    first = _day(page.get("first_published_at")) or _day(details.get("first_public_at"))
    if first:
        return first
    history = [_day(change.get("public_timestamp")) for change in _objects(details.get("change_history"))]
    known = [dated for dated in history if dated]
    if known:
        return min(known, key=lambda dated: dated.day)
    update = _day(page.get("public_updated_at"))
    return Dated(day=update.day, origin="govuk", confidence=Confidence.LOW) if update else None


def _attributes(page: Object, details: Object, notice: Object) -> dict[str, str]:
    redirects = list(_objects(page.get("redirects")))
    found = {
        "redirect": _string(redirects[0].get("destination")) if redirects else _string(details.get("alternative_path")),
        "schema": _string(page.get("schema_name")),
        "withdrawn_at": _string(notice.get("withdrawn_at")),
        "withdrawn_why": _plain(notice.get("explanation")),
        "change_note": _string(details.get("change_description")) or _newest_note(details),
    }
    return {name: value for name, value in found.items() if value}


def _newest_note(details: Object) -> str | None:
    changes = list(_objects(details.get("change_history")))
    newest = max(changes, key=lambda change: str(change.get("public_timestamp")), default=None)
    return _string(newest.get("note")) if newest else None


def _plain(value: object) -> str | None:
    return one_line(" ".join(block.text for block in _html_blocks(_markup(value))))


def _links(details: Object, host: str) -> tuple[str, ...]:
    found: dict[str, None] = {}
    for source, _ in _bodies(details):
        if source.strip():
            found |= dict.fromkeys(links_of(html.fragment_fromstring(source, create_parent="div"), host))
    return tuple(found)


def _api(address: str, host: str) -> str:
    """An address of the site as the Content API address on the same host."""
    path = urlsplit(address).path
    return urljoin(host, path if path.startswith("/api/content") else f"/api/content{path}")


def _host(url: str | None) -> str:
    parts = urlsplit(url or _HOST)
    return f"{parts.scheme}://{parts.netloc}" if parts.netloc else _HOST


def _day(value: object) -> Dated | None:
    day = stamped_day(value, _ZONE) if isinstance(value, str) else None
    return Dated(day=day, origin="govuk") if day else None


def _string(value: object) -> str | None:
    return value if isinstance(value, str) and value.strip() else None


def _object(value: object) -> Object:
    return value if isinstance(value, dict) else {}


def _objects(value: object) -> Iterator[Object]:
    return (item for item in value if isinstance(item, dict)) if isinstance(value, list) else iter(())
