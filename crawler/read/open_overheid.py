"""open.overheid.nl (sources §2a): pages of a search, and the detail of one document with its files.

A document's id ends in the number of its version ("..._2"). Detail and file calls want it without, and so does
identity: a later version is the same document.
"""

import re
from collections.abc import Iterator
from urllib.parse import quote, urlsplit

from crawler.read import answers
from crawler.read.answers import Object, an_object, asked_number, asking, objects, text_of
from crawler.read.dates import stamped_day
from crawler.read.language import known_language
from crawler.read.model import Dated, Entry, Kind, Reading
from crawler.read.safe_json import count_of
from crawler.read.walk import absolute

ZONE = "Europe/Amsterdam"

_ORIGIN = "open-overheid"
_RESULTS, _DETAIL = "a page of results", "the detail of a document"
_PAGE = "https://open.overheid.nl/documenten/{}"
_SUFFIX = re.compile(r"_\d+$")


def read_open_overheid(body: bytes, url: str) -> Reading:
    """One answer, told apart by its address: a page of the search (.../zoek) or a detail (.../zoek/{id}).

    WrongShape for HTML, for an error object, and for any JSON that is not what the address promises.
    """
    return read_search(body, url) if urlsplit(url).path.rstrip("/").endswith("/zoek") else read_detail(body, url)


def read_search(body: bytes, url: str) -> Reading:
    """One page of results: entries with key (id without version), day of release and day of last change."""
    answer = answers.parsed(body, url, _RESULTS)
    found = answers.the_list(answer, url, _RESULTS, "resultaten")
    results = [an_object(result.get("document")) for result in objects(found)]
    entries = tuple(entry for document in results if (entry := _listed(document)))
    total = count_of(an_object(answer).get("totaal"))
    at = asked_number(url, "start", 0)
    more = total is not None and bool(results) and at + len(results) < total
    return Reading(
        kind=Kind.FEED,
        entries=entries,
        total=total,
        next_url=asking(url, start=str(at + len(results))) if more else None,
        warnings=tuple(_faults(results, entries, total, at)),
    )


def read_detail(body: bytes, url: str) -> Reading:
    """The files of a document's newest version, in the order given; each entry is one file.

    The first has the document's key, the others key#2, key#3 ...; they carry the mime type in `document_type`. The
    reading itself carries title, kind of document, language and days. `attributes["hash:<n>"]` are the files' hashes.
    """
    answer = answers.parsed(body, url, _DETAIL)
    document = an_object(an_object(answer).get("document"))
    version = max(objects(answers.the_list(answer, url, _DETAIL, "versies")), key=_number, default={})
    key = bare_id(urlsplit(url).path.rstrip("/").rpartition("/")[2])
    files = [file for file in objects(version.get("bestanden")) if file.get("url") or file.get("id")]
    return Reading(
        kind=Kind.FEED,
        title=text_of(an_object(document.get("titelcollectie")).get("officieleTitel")),
        key=key,
        published=_day(version.get("openbaarmakingsdatum")),
        modified=_day(version.get("mutatiedatumtijd")),
        language=known_language(_label(document.get("language"))),
        document_type=_kind(document),
        entries=tuple(_file(file, key, number, url) for number, file in enumerate(files, start=1)),
        attributes={f"hash:{n}": value for n, file in enumerate(files, 1) if (value := text_of(file.get("hash")))},
    )


def bare_id(identifier: str) -> str:
    """An id without the number of its version.

    >>> bare_id("ronl-1b0e_2"), bare_id("ronl-1b0e")
    ('ronl-1b0e', 'ronl-1b0e')
    """
    return _SUFFIX.sub("", identifier)


def _listed(document: Object) -> Entry | None:
    identifier = text_of(document.get("id"))
    if identifier is None:
        return None
    key = bare_id(identifier)
    pid = absolute(text_of(document.get("pid")), None)
    return Entry(
        url=_without_version(pid, key) if pid else _PAGE.format(quote(key)),
        key=key,
        title=text_of(document.get("titel")),
        published=_day(document.get("openbaarmakingsdatum")),
        modified=_day(document.get("mutatiedatumtijd")),
        summary=text_of(document.get("omschrijving")),
        language="nl",
    )


def _file(file: Object, key: str, number: int, url: str) -> Entry:
    address = absolute(text_of(file.get("url")), url)
    if address is None:
        root = url.partition("/zoek/")[0]
        address = f"{root}/documenten/{quote(bare_id(str(file.get('id') or number)))}"
    return Entry(
        url=_without_version(address, key),
        key=key if number == 1 else f"{key}#{number}",
        title=text_of(file.get("bestandsnaam")),
        document_type=text_of(file.get("mime-type")),
    )


def _without_version(url: str, key: str) -> str:
    """An address that ends in this document's id, without the version; any other address as it is."""
    head, slash, last = url.rpartition("/")
    return f"{head}{slash}{key}" if bare_id(last) == key else url


def _faults(results: list[Object], entries: tuple[Entry, ...], total: int | None, at: int) -> Iterator[str]:
    if len(entries) < len(results):
        yield f"{len(results) - len(entries)} results have no id and were left out"
    if total is None:
        yield "the answer does not say how many results there are (totaal), so no further page was asked for"
    elif not results and at < total:
        yield f"no results from {at} on, although there are {total}: the rest of the list was not seen"


def _number(version: Object) -> int:
    return count_of(text_of(version.get("nummer"))) or 0


def _kind(document: Object) -> str | None:
    kinds = objects(an_object(document.get("classificatiecollectie")).get("documentsoorten"))
    return next((label for kind in kinds if (label := _label(kind))), None)


def _label(value: object) -> str | None:
    return text_of(an_object(value).get("label")) or text_of(value)


def _day(value: object) -> Dated | None:
    """The Amsterdam day of a stamp; `mutatiedatumtijd` is written in UTC."""
    stamp = text_of(value)
    day = stamped_day(stamp, ZONE) if stamp else None
    return Dated(day=day, origin=_ORIGIN) if day else None
