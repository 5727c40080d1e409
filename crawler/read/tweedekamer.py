"""Open data of the Dutch parliament (sources §1b): documents by OData v4, and the SyncFeed of all changes."""

import re
from collections.abc import Iterator
from urllib.parse import quote, urljoin, urlsplit

from crawler.read import answers
from crawler.read.answers import Object, an_object, asked_number, asking, objects, text_of
from crawler.read.clean import one_line
from crawler.read.dates import stamped_day
from crawler.read.model import Confidence, Dated, Entry, Kind, Reading, WrongShape
from crawler.read.safe_xml import Element, local, parse_xml
from crawler.read.walk import absolute

REMOVED = "verwijderd"  # document type of an entry that says: this document was taken back

_ZONE = "Europe/Amsterdam"
_ORIGIN = "tweedekamer"
_PROMISED = "a page of documents"
_GAZETTE = "https://zoek.officielebekendmakingen.nl/{}.html"
_GAZETTE_ID = re.compile(r"^(?:kst|blg|ah|h)-[\w-]+$")


def read_tweedekamer(body: bytes, url: str) -> Reading:
    """One answer, told apart by its address: a page of the SyncFeed (.../Feed), else of OData."""
    return read_syncfeed(body, url) if urlsplit(url).path.rstrip("/").endswith("/Feed") else read_odata(body, url)


def read_odata(body: bytes, url: str) -> Reading:
    """One page of Document entities; each entry's address is its file, its attachment the gazette's page of it.

    The next page is `@odata.nextLink`; where the page is as full as was asked ($top) and names none, the same query
    further on ($skip). WrongShape for HTML and for an error object, with whatever status they came.
    """
    answer = answers.parsed(body, url, _PROMISED)
    rows = list(objects(answers.the_list(answer, url, _PROMISED, "value")))
    entries = tuple(entry for row in rows if (entry := _entity(row, url)))
    link = text_of(an_object(answer).get("@odata.nextLink"))
    return Reading(
        kind=Kind.FEED,
        entries=entries,
        next_url=absolute(link, url) or _further(url, len(rows)),
        warnings=()
        if len(entries) == len(rows)
        else (f"{len(rows) - len(entries)} rows have no Id and were left out",),
    )


def read_syncfeed(body: bytes, url: str) -> Reading:
    """One page of changes: Atom whose content is the entity itself; the newest state of a document stands last.

    Raises WrongShape for what is no Atom feed, Broken for torn XML.
    """
    root = parse_xml(body, url, "a page of the SyncFeed")
    if local(root) != "feed":
        raise WrongShape(f"{url}: XML <{local(root)}> where a page of the SyncFeed was promised ({len(body)} bytes); "
                         "check the address")  # fmt: skip
    items = [child for child in root if local(child) == "entry"]
    entries = {entry.key: entry for item in items if (entry := _item(item, url))}
    links = (child.get("href") for child in root if local(child) == "link" and child.get("rel") == "next")
    following = next((href for href in links if href), None)
    return Reading(
        kind=Kind.FEED,
        entries=tuple(entries.values()),
        next_url=absolute(following, url),
        warnings=() if entries or not items else (f"none of {len(items)} items names the document it is about",),
    )


def _entity(row: Object, url: str) -> Entry | None:
    key = text_of(row.get("Id"))
    if key is None:
        return None
    field = {name: text_of(value) for name, value in row.items()}
    gazette = _gazette_id(row)
    return Entry(
        url=urljoin(url, f"Document({quote(key)})/resource"),
        key=key.lower(),
        title=field.get("Onderwerp") or field.get("Titel"),
        published=_published(field.get("DatumRegistratie") or field.get("DatumOntvangst"), field.get("Datum")),
        modified=_day(field.get("GewijzigdOp")),
        summary=field.get("Titel"),
        language="nl",
        document_type=REMOVED if row.get("Verwijderd") is True else field.get("Soort"),
        attachments=(_GAZETTE.format(gazette),) if gazette else (),
    )


def _gazette_id(row: Object) -> str | None:
    """The number under which the newest version stands in the gazette too ("kst-19637-3018"); hours later than here."""
    versions = [version for version in objects(row.get("DocumentVersie")) if version.get("Verwijderd") is not True]
    versions.sort(key=lambda version: (text_of(version.get("Versienummer")) or "").zfill(6), reverse=True)
    named = (text_of(version.get("ExterneIdentifier")) or "" for version in versions)
    return next((name for name in named if _GAZETTE_ID.match(name)), None)


def _further(url: str, rows: int) -> str | None:
    """A server that takes $top for the whole answer names no next page: then the rest is asked for."""
    most = asked_number(url, "$top", 0)
    further = str(asked_number(url, "$skip", 0) + rows)
    return asking(url, **{"$skip": further}) if most and rows >= most else None


def _item(item: Element, url: str) -> Entry | None:
    content = next((child for child in item if local(child) == "content"), None)
    entity = next((child for child in content if local(child)), None) if content is not None else None
    identifier = next((one_line(child.text) for child in item if local(child) == "id"), None) or ""
    key = (_attribute(entity, "id") or identifier.rstrip("/").rpartition("/")[2]).lower()
    if not key:
        return None
    field = dict(_fields(entity))
    updated = next((one_line(child.text) for child in item if local(child) == "updated"), None)
    links = (child.get("href") for child in item if local(child) == "link" and child.get("rel") == "enclosure")
    removed = (_attribute(entity, "verwijderd") or "").lower() == "true"
    file = next((href for href in links if href), None)
    return Entry(
        url="" if removed else absolute(file, url) or "",
        key=key,
        title=field.get("onderwerp") or field.get("titel"),
        published=_published(field.get("datumregistratie") or field.get("datumontvangst"), field.get("datum")),
        modified=_day(_attribute(entity, "bijgewerkt") or updated),
        summary=field.get("titel"),
        language="nl",
        document_type=REMOVED if removed else field.get("soort"),
    )


def _fields(entity: Element | None) -> Iterator[tuple[str, str]]:
    """The plain elements of an entity by name; names are written in camel case and compared without."""
    for child in entity if entity is not None else ():
        value = one_line(child.text) if local(child) else None
        if value:
            yield local(child).lower(), value


def _attribute(entity: Element | None, name: str) -> str | None:
    """An attribute by local name: some stand in the namespace of the parliament's data, some in none."""
    if entity is None:
        return None
    return next((one_line(value) for full, value in entity.attrib.items() if full.rpartition("}")[2] == name), None)


def _published(registered: str | None, written: str | None) -> Dated | None:
    """The day on which parliament had it; the date that stands on the letter only stands in (it may be earlier)."""
    found = _day(registered)
    if found:
        return found
    letter = _day(written)
    return Dated(day=letter.day, origin=_ORIGIN, confidence=Confidence.LOW) if letter else None


def _day(stamp: str | None) -> Dated | None:
    day = stamped_day(stamp, _ZONE) if stamp else None
    return Dated(day=day, origin=_ORIGIN) if day else None
