"""ReliefWeb API v2 (sources §9): reports of many publishers, each with its text, its files and its source."""

from collections.abc import Iterator

from crawler.read import answers
from crawler.read.answers import Object, an_object, asked_number, asking, inside, objects, paragraphs, text_of
from crawler.read.dates import stamped_day
from crawler.read.language import known_language
from crawler.read.model import Dated, Entry, Kind, Reading
from crawler.read.safe_json import count_of
from crawler.read.walk import absolute

_PROMISED = "a ReliefWeb answer"


def read_reliefweb(body: bytes, url: str | None = None) -> Reading:
    """The reports of one answer: key is ReliefWeb's id, `summary` the whole text, attachments the files.

    Published is the day the source published it (`date.original`), else the day ReliefWeb took it in. The document
    type names the sources: ReliefWeb passes on what others wrote. Raises WrongShape for an error object (an appname
    that was not approved) and for anything that has no `data`.
    """
    where = url or "this answer"
    answer = answers.parsed(body, where, _PROMISED)
    rows = answers.the_list(answer, where, _PROMISED, "data")
    entries = tuple(_entries(rows, url))
    total = count_of(an_object(answer).get("totalCount"))
    after = asked_number(url, "offset", 0) + len(rows)
    more = url is not None and rows and total is not None and after < total
    return Reading(
        kind=Kind.FEED,
        entries=entries,
        total=total,
        next_url=asking(url, offset=str(after)) if url and more else None,
        warnings=(f"{len(rows) - len(entries)} rows without id or fields were left out",)
        if len(entries) < len(rows)
        else (),
    )


def _entries(rows: list[object], url: str | None) -> Iterator[Entry]:
    for row in objects(rows):
        fields = an_object(row.get("fields"))
        if row.get("id") is None or not fields:
            continue
        address = text_of(fields.get("url_alias")) or text_of(fields.get("url"))
        files = (absolute(text_of(file.get("url")), url) for file in objects(fields.get("file")))
        yield Entry(
            url=absolute(address, url) or "",
            key=str(row["id"]),
            title=text_of(fields.get("title")),
            published=_day(fields, "original") or _day(fields, "created"),
            modified=_day(fields, "changed"),
            summary="\n\n".join(paragraphs(fields.get("body-html")) or paragraphs(fields.get("body"))) or None,
            language=_language(fields),
            document_type=_type(fields),
            attachments=tuple(dict.fromkeys(file for file in files if file)),
        )


def _day(fields: Object, name: str) -> Dated | None:
    """Days are written as midnight in UTC: the day as it stands there."""
    written = text_of(inside(fields, f"date.{name}"))
    day = stamped_day(written) if written else None
    return Dated(day=day, origin="reliefweb") if day else None


def _language(fields: Object) -> str | None:
    """The language of a report in one; a report in several is told by its text."""
    codes = [known_language(text_of(language.get("code"))) for language in objects(fields.get("language"))]
    return codes[0] if len(codes) == 1 else None


def _type(fields: Object) -> str | None:
    """ "Situation Report (OCHA, UNHCR)": the format, and who wrote it."""
    kind = next((text_of(kind.get("name")) for kind in objects(fields.get("format"))), None)
    names = (text_of(one.get("shortname")) or text_of(one.get("name")) for one in objects(fields.get("source")))
    sources = ", ".join(name for name in names if name)
    return f"{kind or 'Report'} ({sources})" if sources else kind
