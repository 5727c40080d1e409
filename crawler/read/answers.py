"""Answers of web services in JSON: taken apart safely, and refused with what was seen where they are something else."""

import re
from collections.abc import Iterator, Mapping
from typing import TypeAlias
from urllib.parse import parse_qsl, quote, unquote_plus, urlsplit, urlunsplit

from lxml import html
from lxml.etree import ParserError

from crawler.read.clean import clean, one_line
from crawler.read.model import Broken, WrongShape
from crawler.read.safe_json import loads
from crawler.read.safe_xml import seen
from crawler.read.walk import HTML, blocks_of

Object: TypeAlias = Mapping[str, object]

_TITLE = re.compile(r"<(title|h1)\b[^>]*>(.*?)</\1\s*>", re.IGNORECASE | re.DOTALL)
_TAG = re.compile(r"<[^>]*>")
_STRAY = re.compile(rb'\\(?!["\\/bfnrt]|u[0-9a-fA-F]{4})')
_SAID = 300  # characters of a strange answer that a message repeats
_REMEDY = "open the address in a browser and correct the source's url or shape"
_A_PAGE = (
    "the service is in trouble or refuses this network (some do so to data centres): open the address in a browser, "
    "try from another network, else correct the source's url or shape"
)


def parsed(body: bytes, where: str, promised: str, *, lenient: bool = False) -> object:
    """The JSON value. WrongShape where the body is none (a page sent with status 200 is named by its title), Broken
    where it is torn. `lenient` also takes control characters and backslashes that JSON forbids.
    """
    if seen(body) != "JSON":
        do = _A_PAGE if seen(body) == "HTML" else _REMEDY
        raise WrongShape(f"{where}: {_looks(body)} where {promised} was promised ({len(body)} bytes); {do}")
    try:
        try:
            return loads(body, strict=not lenient)
        except ValueError:
            if not lenient:
                raise
            return loads(_STRAY.sub(rb"\\\\", body), strict=False)
    except (ValueError, RecursionError) as error:
        raise Broken(f"{where}: JSON that cannot be parsed ({error}), {len(body)} bytes; fetch it again") from error


def the_list(answer: object, where: str, promised: str, name: str | None = None) -> list[object]:
    """The list of rows: the answer itself, or what stands at the dotted path `name`.

    WrongShape names the service's own error, else what was there instead.
    """
    found = answer if name is None else inside(answer, name)
    if isinstance(found, list):
        return found
    if said := fault(answer):
        raise WrongShape(f"{where}: the service answered with an error instead of {promised}: {said}; {_REMEDY}")
    keys = ", ".join(map(str, list(an_object(answer))[:5])) or type(answer).__name__
    place = f" under {name!r}" if name else ""
    raise WrongShape(f"{where}: JSON without a list{place} ({keys}) where {promised} was promised; {_REMEDY}")


def fault(answer: object) -> str | None:
    """What an error object says ({"code", "message"}, {"error": {"type", "message"}}, {"detail"} ...), or None."""
    page = an_object(answer)
    inner = page.get("error") or page.get("errors")
    first = inner[0] if isinstance(inner, list) and inner else inner
    told = an_object(first) or page
    words = (text_of(told.get(name)) for name in ("type", "code", "title", "message", "detail"))
    said = first if isinstance(first, str) else ": ".join(dict.fromkeys(word for word in words if word))
    if not (inner or told.keys() & {"message", "detail"}):
        return None
    return (one_line(said) or "")[:_SAID] or None


def fault_in(body: bytes) -> str | None:
    """What an error body says in JSON; None for anything else."""
    try:
        return fault(loads(body))
    except (ValueError, RecursionError):
        return None


def inside(value: object, path: str) -> object:
    """The member at a dotted path ("acf.document_date"), or None."""
    for name in path.split("."):
        value = an_object(value).get(name)
    return value


def an_object(value: object) -> Object:
    """The value where it is an object, else an empty one."""
    return value if isinstance(value, dict) else {}


def objects(value: object) -> Iterator[Object]:
    """The objects in a list; nothing where it is none."""
    return (item for item in value if isinstance(item, dict)) if isinstance(value, list) else iter(())


def text_of(value: object) -> str | None:
    """A text or a number on one line; None for anything else, and where nothing visible is in it."""
    return one_line(str(value)) if isinstance(value, str | int | float) and not isinstance(value, bool) else None


def paragraphs(markup: object) -> list[str]:
    """The visible paragraphs, headings, list items and table rows of a piece of HTML (or of plain text), in order."""
    text = clean(markup).strip() if isinstance(markup, str) else ""
    if not text:
        return []
    if "<" not in text and "&" not in text:
        return [line for part in text.split("\n") if (line := part.strip())]
    try:
        tree = html.fragment_fromstring(text, create_parent="div")
    except (ParserError, ValueError):
        return [text]
    return [block.text for block in blocks_of(tree, HTML)]


def asking(url: str, **changed: str) -> str:
    """The same address with these parameters of its query changed or added; the others stay as they are written.

    >>> asking("https://a.example/zoek?type=a%2520b&start=0", start="10")
    'https://a.example/zoek?type=a%2520b&start=10'
    """
    parts = urlsplit(url)
    pairs = []
    for pair in filter(None, parts.query.split("&")):
        name = pair.partition("=")[0]
        value = changed.pop(unquote_plus(name), None)
        pairs.append(pair if value is None else f"{name}={quote(value)}")
    added = (f"{name}={quote(value)}" for name, value in changed.items())
    return urlunsplit(parts._replace(query="&".join([*pairs, *added])))


def asked(url: str | None, name: str) -> str | None:
    """One parameter of an address's query, or None."""
    return dict(parse_qsl(urlsplit(url or "").query, keep_blank_values=True)).get(name)


def asked_number(url: str | None, name: str, otherwise: int) -> int:
    """A parameter that is a whole number; `otherwise` where it is missing or none."""
    value = asked(url, name) or ""
    return int(value) if value.isascii() and value.isdigit() else otherwise


def _looks(body: bytes) -> str:
    """What came instead of JSON, with the title of a page and the words of a short text."""
    what = seen(body)
    text = body[:20_000].decode("utf-8", "replace") if what in ("HTML", "text") else ""
    titles = [one_line(_TAG.sub(" ", found[2])) for found in _TITLE.finditer(text)]
    said = next((title for title in titles if title), None) or (one_line(text) if what == "text" else None)
    return f"{what} ({said[:_SAID]!r})" if said else what
