"""RIS, BibTeX and CSL-JSON. Whatever a title holds, it cannot become a field, a command or a second entry."""

import re
import unicodedata
from collections.abc import Iterator
from typing import Any

from review.cite.clean import address, line
from store.references import Reference

RIS_TYPES = {"media": "NEWS", "court": "CASE", "government_statement": "GOVDOC", "party_to_the_conflict": "GOVDOC"}
BIB_TYPES = {"media": "article", "court": "misc", "government_statement": "misc", "party_to_the_conflict": "misc"}
CSL_TYPES = {"media": "article-newspaper", "court": "legal_case", "government_statement": "webpage",
             "party_to_the_conflict": "webpage"}  # fmt: skip
"""By type of source; every other type publishes reports."""

# `{` and `}` count in BibTeX even behind a backslash, so they are named.
_TEX = {
    "\\": r"\textbackslash{}", "{": r"\textbraceleft{}", "}": r"\textbraceright{}", "$": r"\$", "&": r"\&", "%": r"\%",
    "#": r"\#", "_": r"\_", "^": r"\textasciicircum{}", "~": r"\textasciitilde{}", "<": r"\textless{}",
    ">": r"\textgreater{}", "|": r"\textbar{}", '"': "{''}",
}  # fmt: skip


def ris(ref: Reference) -> str:
    """One RIS record, lines ended by CR LF, every value on one line."""
    rows = [("TY", RIS_TYPES.get(ref.source_type, "RPRT"))]
    rows += [("AU", name.replace("*", " ")) for name in _names(ref)]
    rows += [("TI", line(ref.title) or ref.key), ("PB", line(ref.publisher))]
    if ref.published_on:
        year, month, day = _date(ref)
        rows += [("PY", year), ("DA", f"{year}/{month}/{day}/")]
    if ref.fetched_at:
        rows.append(("Y2", ref.fetched_at[:10].replace("-", "/") + "/"))
    rows += [("SP", str(ref.page))] if ref.page else []
    rows += [("LA", ref.language)] if ref.language else []
    rows += [("UR", url)] if (url := address(ref.url)) else []
    rows += [("ID", key(ref)), *(("N1", note) for note in notes(ref))]
    rows += [("N2", quote)] if (quote := line(ref.text)) else []
    return "".join(f"{tag}  - {line(value)}\r\n" for tag, value in rows) + "ER  - \r\n"


def bibtex(ref: Reference) -> str:
    """One BibTeX entry; dates as biblatex reads them beside year and month."""
    fields = {"author": " and ".join(f"{{{tex(name)}}}" for name in _names(ref)), "title": f"{{{tex(_title(ref))}}}"}
    fields |= {"journal" if ref.source_type == "media" else "institution": tex(line(ref.publisher))}
    if ref.published_on:
        year, month, day = _date(ref)
        fields |= {"date": "-".join(filter(None, (year, month, day))), "year": year, "month": month}
    fields |= {"pages": str(ref.page or ""), "langid": ref.language or "", "url": address(ref.url) or ""}
    fields |= {"urldate": (ref.fetched_at or "")[:10], "note": tex("; ".join(notes(ref)))}
    kind = BIB_TYPES.get(ref.source_type, "techreport")
    body = "".join(f"  {name} = {{{value}}},\n" for name, value in fields.items() if value)
    return f"@{kind}{{{key(ref)},\n{body}}}\n"


def csl(ref: Reference) -> dict[str, Any]:
    """One item of CSL-JSON (Citation Style Language 1.0.2)."""
    item: dict[str, Any] = {"id": key(ref), "type": CSL_TYPES.get(ref.source_type, "report"), "title": _title(ref)}
    item["author"] = [{"literal": name} for name in _names(ref)]
    item["publisher"] = line(ref.publisher)
    if ref.source_type == "media":
        item["container-title"] = line(ref.publisher)
    if ref.published_on:
        item["issued"] = {"date-parts": [[int(part) for part in _date(ref) if part]]}
    if ref.fetched_at:
        item["accessed"] = {"date-parts": [[int(part) for part in ref.fetched_at[:10].split("-")]]}
    if url := address(ref.url):
        item["URL"] = url
    if ref.language:
        item["language"] = ref.language
    if ref.page:
        item["page"] = str(ref.page)
    if ref.sha256:
        item |= {"archive": "WARC", "archive_location": f"sha256:{ref.sha256}"}
    return item | {"note": "; ".join(notes(ref))}


def tex(text: str) -> str:
    """Text that LaTeX sets as it stands.

    >>> tex(r"50% of {a}\\input")
    '50\\\\% of \\\\textbraceleft{}a\\\\textbraceright{}\\\\textbackslash{}input'
    """
    return "".join(_TEX.get(char, char) for char in text)


def key(ref: Reference) -> str:
    """A key of plain letters that is the document's own: who, year, number (and the passage's)."""
    plain = unicodedata.normalize("NFKD", line(ref.publisher)).encode("ascii", "ignore").decode().lower()
    who = "-".join(re.findall(r"[a-z0-9]+", plain)[:3]) or "document"
    passage = f"-p{ref.passage_id}" if ref.passage_id else ""
    return f"{who}-{(ref.published_on or 'undated')[: 4 if ref.published_on else 7]}-{ref.document_id}{passage}"


def notes(ref: Reference) -> Iterator[str]:
    """What a reference manager has no field for: the day's origin, edits, the capture and its hash."""
    if ref.published_on:
        origin = line(ref.published_from) or "not said"
        yield f"Date of publication from: {origin} ({ref.published_confidence} confidence)"
    else:
        yield f"No date of publication found; public by {ref.public_on}"
    if ref.modified_on and ref.modified_on != ref.published_on:
        yield f"Changed by its publisher on {ref.modified_on}"
    if ref.fetched_at and ref.sha256:
        yield f"Captured {ref.fetched_at}, SHA-256 of the bytes {ref.sha256}"
    else:
        yield f"Came as text, held since {ref.recorded_at}, SHA-256 of the text {ref.text_sha256}"


def _names(ref: Reference) -> list[str]:
    return [name for one in ref.authors if (name := line(one))] or [line(ref.publisher)]


def _title(ref: Reference) -> str:
    return line(ref.title) or ref.key


def _date(ref: Reference) -> tuple[str, str, str]:
    """Year, month and day of publication, only as much as is known; '' for the rest."""
    year, month, day = (ref.published_on or "").split("-")
    known = {"year": 1, "month": 2}.get(ref.published_precision or "day", 3)
    return year, month if known > 1 else "", day if known > 2 else ""
