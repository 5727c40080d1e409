"""Answers of JSON services: parsed, or refused with what was seen instead of them."""

import json
from collections.abc import Iterator, Mapping
from typing import TypeAlias

from crawler.read.clean import one_line
from crawler.read.model import Broken, WrongShape
from crawler.read.safe_xml import seen

Object: TypeAlias = Mapping[str, object]

_MOST_TOLD = 300  # characters of a service's own words in a message


def json_object(body: bytes, url: str | None, promised: str, *, needs: str) -> Object:
    """The object that an answer holds; `promised` is what it should be, `needs` a key it must have.

    WrongShape for HTML, for an empty body, for an error the service tells with status 200, for JSON without the key;
    Broken for torn JSON.
    """
    where = url or "this answer"
    if seen(body) != "JSON":
        raise WrongShape(f"{where}: {seen(body)} where {promised} was promised ({len(body)} bytes); {_REMEDY}")
    try:
        answer = json.loads(body)
    except (ValueError, RecursionError) as error:
        raise Broken(f"{where}: JSON that cannot be parsed ({error}), {len(body)} bytes; fetch it again") from error
    if isinstance(answer, dict) and needs in answer:
        return answer
    told = _told(answer)
    if told:
        raise WrongShape(f"{where}: the service answered with an error instead of {promised}: {told}; {_REMEDY}")
    names = ", ".join(list(answer)[:5]) if isinstance(answer, dict) else type(answer).__name__
    raise WrongShape(f"{where}: JSON without {needs!r} where {promised} was promised ({names}); {_REMEDY}")


_REMEDY = "open the address in a browser; if the service has changed, correct the source file"


def error_told(body: bytes) -> str | None:
    """What a service says in the JSON of an error answer (`detail`, `error.message` ...), or None."""
    if seen(body) != "JSON":
        return None
    try:
        return _told(json.loads(body))
    except (ValueError, RecursionError):
        return None


def _told(answer: object) -> str | None:
    """The words of an error object: open.overheid.nl says `detail`, OData `error: {code, message}`."""
    if not isinstance(answer, dict):
        return None
    error = answer.get("error")
    if isinstance(error, dict):
        parts = (text_of(error.get("code")), text_of(error.get("message")))
        return ": ".join(part for part in parts if part)[:_MOST_TOLD] or "an error without words"
    found = (text_of(answer.get(name)) for name in ("detail", "error", "message", "title"))
    return next((words[:_MOST_TOLD] for words in found if words), None)


def text_of(value: object) -> str | None:
    """A value as one line of text: a string or a number, else None."""
    if isinstance(value, bool) or not isinstance(value, (str, int, float)):
        return None
    return one_line(str(value))


def object_of(value: object) -> Object:
    """A value that should be an object; an empty one where it is not."""
    return value if isinstance(value, dict) else {}


def objects_of(value: object) -> Iterator[Object]:
    """The objects of a value that should be a list of them."""
    yield from (item for item in value if isinstance(item, dict)) if isinstance(value, list) else ()
