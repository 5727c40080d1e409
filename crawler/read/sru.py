"""Answers of the Dutch gazette's search service (KOOP SRU 2.0, sources §1a).

Prefixes and even namespaces vary between connections, so elements are matched by local name.
"""

from collections.abc import Iterator
from urllib.parse import parse_qsl, urlencode, urlsplit, urlunsplit

from crawler.read import extractors
from crawler.read.clean import one_line
from crawler.read.dates import stamped_day
from crawler.read.language import known_language
from crawler.read.model import Confidence, Dated, Entry, Kind, Reading, WrongShape
from crawler.read.safe_json import count_of
from crawler.read.safe_xml import Element, local, parse_xml
from crawler.read.walk import absolute

_ATTACHMENTS = ("pdf", "xml", "html")
_PAGE = "https://zoek.officielebekendmakingen.nl/{}.html"
_ROOTS = ("searchRetrieveResponse", "record", "records")


def read_sru(body: bytes, url: str | None = None) -> Reading:
    """One page of search results as entries, `total`, and the address of the next page.

    The total is the service's estimate. A diagnostic, which arrives with HTTP 200, raises WrongShape with its
    uri and message; so does anything that is no search answer.
    """
    where = url or "this answer"
    root = parse_xml(body, url, "an SRU answer")
    _refuse_diagnostics(root, where)
    if local(root) not in _ROOTS:
        raise WrongShape(
            f"{where}: XML <{local(root)}> where an SRU answer was promised ({len(body)} bytes); "
            "check that the query asks for operation=searchRetrieve"
        )
    entries, warnings = [], []
    for number, record in enumerate(_records(root), start=1):
        entry = _entry(record)
        if entry is None:
            warnings.append(f"record {number} has neither identifier nor address and was left out")
        else:
            entries.append(entry)
    attributes = {
        "next_record": _text(root, "nextRecordPosition"),
        "total_precision": _text(root, "resultCountPrecision"),
    }
    total = _text(root, "numberOfRecords")
    return Reading(
        kind=Kind.SRU,
        entries=tuple(entries),
        total=count_of(total),
        next_url=at_record(url, attributes["next_record"]) if url and attributes["next_record"] else None,
        warnings=tuple(warnings),
        extractor=extractors.SRU,
        attributes={name: value for name, value in attributes.items() if value},
    )


def at_record(url: str, position: str) -> str:
    """The same search from another record on."""
    parts = urlsplit(url)
    asked = dict(parse_qsl(parts.query, keep_blank_values=True)) | {"startRecord": position}
    return urlunsplit(parts._replace(query=urlencode(asked)))


def _refuse_diagnostics(root: Element, where: str) -> None:
    for element in root.iter():
        if local(element) == "diagnostic":
            uri, message = _text(element, "uri") or "no uri", _text(element, "message") or "no message"
            details = _text(element, "details")
            raise WrongShape(
                f"{where}: the service answered with a diagnostic instead of records: {uri} {message}"
                f"{f' ({details})' if details else ''}; correct the query in the source file"
            )


def _records(root: Element) -> Iterator[Element]:
    return (e for e in root.iter() if local(e) == "record")


def _entry(record: Element) -> Entry | None:
    key = _text(record, "identifier")
    written = _PAGE.format(key) if key else None
    url = absolute(_text(record, "preferredUrl"), None) or written or absolute(_text(record, "url"), None)
    if not url:
        return None
    return Entry(
        url=url,
        key=key,
        title=_text(record, "title"),
        published=_published(record),
        modified=_day(record, "modified"),
        summary=_text(record, "abstract"),
        language=known_language(_text(record, "language")),
        document_type=_type(record),
        attachments=_attachments(record),
    )


def _published(record: Element) -> Dated | None:
    """`available` is the day of publication; `date` is that of the act and only a stand-in."""
    found = _day(record, "available") or _day(record, "issued")
    if found:
        return found
    act = _day(record, "date")
    return Dated(day=act.day, origin="sru", confidence=Confidence.LOW) if act else None


def _day(record: Element, name: str) -> Dated | None:
    value = _text(record, name)
    day = stamped_day(value, "Europe/Amsterdam") if value else None
    return Dated(day=day, origin="sru") if day else None


def _type(record: Element) -> str | None:
    """The most telling of the repeated types: the kind of parliamentary paper, else the first that is not generic."""
    types = [(e.get("scheme") or "", one_line("".join(e.itertext()))) for e in record.iter() if local(e) == "type"]
    generic = ("Informatietype", "Parlementair")
    types.sort(key=lambda pair: ("KamerstukTypen" not in pair[0], pair[0].endswith(generic)))
    return next((name for _, name in types if name), None) or _text(record, "publicatienaam")


def _attachments(record: Element) -> tuple[str, ...]:
    files = {e.get("manifestation"): one_line(e.text) for e in record.iter() if local(e) == "itemUrl"}
    return tuple(address for kind in _ATTACHMENTS if (address := absolute(files.get(kind), None)))


def _text(parent: Element, name: str) -> str | None:
    """Text of the first descendant with that local name, or None."""
    return next((one_line("".join(e.itertext())) for e in parent.iter() if local(e) == name), None)
