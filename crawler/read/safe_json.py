"""JSON from strangers: parsed so that every text in it can be shown and stored."""

import json

from crawler.read.clean import clean


def loads(source: str | bytes, *, strict: bool = True) -> object:
    """The JSON value, its texts without control characters and lone surrogates (which JSON can write as escapes).

    NaN and the infinities, which are no JSON, are None. Raises ValueError and RecursionError, as json.loads does.
    """
    return _cleaned(json.loads(source, strict=strict, parse_constant=lambda _name: None))


def _cleaned(value: object) -> object:
    if isinstance(value, str):
        return clean(value)
    if isinstance(value, list):
        return [_cleaned(one) for one in value]
    if isinstance(value, dict):
        return {clean(name): _cleaned(one) for name, one in value.items()}
    return value


def count_of(value: object) -> int | None:
    """A number of items as somebody says it, in figures or as a number; None for what cannot be one.

    >>> count_of("3018"), count_of(12), count_of(-1), count_of("²"), count_of(True)
    (3018, 12, None, None, None)
    """
    if isinstance(value, str) and value.isascii() and value.isdigit() and len(value) < 19:
        value = int(value)
    known = isinstance(value, int) and not isinstance(value, bool) and 0 <= value < 2**63
    return value if known else None  # type: ignore[return-value]  # an int, as just asked
