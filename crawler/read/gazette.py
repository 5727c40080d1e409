"""Publications of the Dutch government: gazette XML, its HTML pages, its metadata files, regulations and rulings."""

import re
from collections.abc import Iterator
from dataclasses import replace
from datetime import date

from crawler.read import extractors
from crawler.read.clean import one_line
from crawler.read.dates import find_date, stamped_day
from crawler.read.html import PageHints, read_html
from crawler.read.html_tree import parse_html
from crawler.read.language import known_language, language_of
from crawler.read.model import Confidence, Dated, Kind, Precision, Reading, WrongShape
from crawler.read.page_dates import meta_values
from crawler.read.passages import Block, compose
from crawler.read.safe_xml import Element, local, parse_xml, root_name
from crawler.read.sniff import GAZETTE_ROOTS
from crawler.read.spoken_dates import spoken_dates
from crawler.read.walk import Vocabulary, absolute, blocks_of, names

_ZONE = "Europe/Amsterdam"

_WORDS = Vocabulary(
    headings=names("titel subtitel tussenkop title intitule citeertitel kop"),
    blocks=names(
        "al al-groep lijst li lid artikel aanhef wij considerans considerans.al afkondiging preambule wettekst tekst "
        "slotformulering gegeven dagtekening ondertekening uitgifte koning naam functie bijlage divisie noot wat "
        "wijzig-artikel inhoud para parablock paragroup section bridgehead footnote entry row regeling-tekst"
    ),
    skip=names(
        "metadata meta meta-data RDF plaatje illustratie bwb-inputbestand bwb-wijzigingen redactionele-correcties"
    ),
    rows=names("row"),
    cells=names("entry"),
)
_KEY = re.compile(r"/((?:stcrt|stb|trb|gmb|bgr|prb|wsb|kst|blg|ah|h|stcrt)-[\w-]+)/metadata\.xml")
# The paper's own name on top of every publication is not its title.
_MASTHEAD = "officiele-publicatie"


def read_gazette(body: bytes, url: str | None = None, media_type: str | None = None) -> Reading:
    """One Dutch official publication with title, day of publication, text and passages.

    Gazette XML often states no day of publication; then the day of signing (low confidence) stands in, and the
    search answer or metadata file that led here knows better. WrongShape for anything else.
    """
    root = root_name(body)
    if root == "html":
        return _page(body, url, media_type)
    if root is not None and root not in GAZETTE_ROOTS:
        raise WrongShape(
            f"{url or 'this body'}: XML <{root}> where a Dutch official publication was promised ({len(body)} bytes); "
            "check the source's url"
        )
    tree = parse_xml(body, url, "a Dutch official publication")
    _mend_split_numbers(tree)
    if root in ("metadata_gegevens", "owms-metadata"):
        return _metadata(tree)
    return _publication(tree)


def _page(body: bytes, url: str | None, media_type: str | None) -> Reading:
    tree = parse_html(body, url, media_type)
    metas = meta_values(tree)
    marked = tree.xpath("//*[@id='broodtekst']")
    reading = read_html(body, url, PageHints(main="#broodtekst") if len(marked) == 1 else None, media_type)
    return replace(
        reading,
        kind=Kind.GAZETTE,
        title=one_line(metas.get("dc.title")) or reading.title,
        key=metas.get("dc.identifier"),
        document_type=metas.get("overheidop.publicationname"),
        extractor=extractors.GAZETTE,
    )


def _mend_split_numbers(tree: Element) -> None:
    """`<nadruk>2</nadruk> <nadruk>3</nadruk>` is 23: the white space came from laying out the XML, not the paper."""
    for element in tree.iter("nadruk"):
        following = element.getnext()
        tail = element.tail or ""
        if following is not None and following.tag == "nadruk" and "\n" in tail and not tail.strip():
            before, after = "".join(element.itertext())[-1:], "".join(following.itertext())[:1]
            if before.isdigit() and after.isdigit():
                element.tail = None


def _metadata(tree: Element) -> Reading:
    """metadata.xml (name and content) and its OWMS form (elements): what it says, without text."""
    values: dict[str, str] = {}
    for element in tree.iter():
        name = (element.get("name") or local(element)).rpartition(".")[2].rpartition(":")[2]
        value = one_line(element.get("content") or element.text)
        if name and value:
            values.setdefault(name, value)
    return Reading(
        kind=Kind.GAZETTE,
        title=values.get("title"),
        key=values.get("identifier"),
        published=_stamp(values.get("available")) or _stamp(values.get("issued")),
        modified=_stamp(values.get("modified")),
        language=known_language(values.get("language")),
        document_type=values.get("publicationName") or values.get("type"),
        extractor=extractors.GAZETTE,
        attributes={"metadata_only": "yes"},
    )


def _publication(tree: Element) -> Reading:
    blocks = [block for part in _parts(tree) for block in blocks_of(part, _WORDS)]
    text, passages = compose(blocks)
    key = _key(tree)
    return Reading(
        kind=Kind.GAZETTE,
        title=_title(tree, blocks),
        key=key,
        published=_published(tree, text),
        modified=_stamp(_first(tree, "modified")),
        language=language_of(text) or known_language(_first(tree, "language")),
        text=text,
        passages=passages,
        links=tuple(dict.fromkeys(filter(None, (absolute(e.get("doc"), None) for e in tree.iter("extref"))))),
        document_type=_first(tree, "publicationName") or _paper(tree),
        warnings=() if text else ("the publication has no text",),
        extractor=extractors.GAZETTE,
    )


def _parts(tree: Element) -> Iterator[Element]:
    """The publication without the masthead that stands above it."""
    if local(tree) != _MASTHEAD:
        yield tree
        return
    yield from (child for child in tree if local(child) not in ("metadata", "kop", ""))


def _title(tree: Element, blocks: list[Block]) -> str | None:
    """dcterms:title where the file has one, else the act's long title, else the first heading."""
    declared = _first(tree, "title") if local(tree) != _MASTHEAD else None
    intitule = next((one_line(e.text) for e in tree.iter() if local(e) == "intitule"), None)
    return declared or intitule or next((one_line(block.text) for block in blocks if block.heading), None)


def _published(tree: Element, text: str) -> Dated | None:
    for name in ("available", "uitgiftedatum", "uitgifte", "issued"):
        for element in tree.iter():
            if local(element) == name:
                stamped = _stamp(one_line(element.text)) or _iso(element)
                if stamped:
                    return stamped
    signed = next((_iso(e) for e in tree.iter() if local(e) == "dagtekening"), None)
    spoken = spoken_dates(text).published
    found = signed or spoken or _last_line_date(text) or _stamp(_first(tree, "modified")) or _year(_key(tree))
    return replace(found, confidence=Confidence.LOW) if found else None


def _year(key: str | None) -> Dated | None:
    """The year that a publication number carries ("stcrt-2022-17012"): its last day, precision year."""
    found = re.search(r"-((?:19|20)\d\d)-\d+$", key or "")
    return Dated(day=date(int(found[1]), 12, 31), precision=Precision.YEAR, origin="meta") if found else None


def _last_line_date(text: str) -> Dated | None:
    """The dateline at the foot ("Winschoten, 14 juni 2017")."""
    lines = [line for line in text.splitlines() if line.strip() and len(line) < 60]
    return next((found for line in reversed(lines) if (found := find_date(line, ["nl"]))), None)


def _iso(element: Element) -> Dated | None:
    stamps = [e.get("isodatum") for e in element.iter() if isinstance(e.tag, str) and e.get("isodatum")]
    return _stamp(stamps[0]) if stamps else None


def _stamp(value: str | None) -> Dated | None:
    day = stamped_day(value, _ZONE) if value else None
    return Dated(day=day, origin="meta") if day else None


def _first(tree: Element, name: str) -> str | None:
    return next((text for e in tree.iter() if local(e) == name and (text := one_line(e.text))), None)


def _key(tree: Element) -> str | None:
    for element in tree.iter("meta"):
        found = _KEY.search(element.get("content") or "")
        if found:
            return found[1]
    return _first(tree, "identifier") or tree.get("bwb-id")


def _paper(tree: Element) -> str | None:
    if local(tree) != _MASTHEAD:
        return local(tree)
    return next((local(child) for child in tree if local(child) not in ("metadata", "kop", "")), None)
