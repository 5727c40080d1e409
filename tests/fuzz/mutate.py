"""Mutators that know the structure: they change a value, a field or an element and leave the rest whole.

Bytes changed at random rarely pass a parser; these get behind it. A good part of the time libFuzzer's own mutator
(with the reader's dictionary) has its turn, so that broken input comes too.
"""

import json
import random
import re
from collections.abc import Callable
from typing import Any

Mutator = Callable[[random.Random, bytes], bytes]

TEXTS = (
    "", " ", "\u0000", "\ud800", "\ufeff", "\u202e", "\u2028", "a" * 300, "0", "-1", "1e999", "NaN", "null",
    "<b>x</b>", "javascript:alert(1)", "JaVaScRiPt:alert(1)", "java\tscript:x", "data:text/html,x", "http://[::1",
    "http://[x]/", "//", "https://a.example:99999/x", "https://a.example/\u0001", "http://\u0001/", "http:///x",
    "https://user:pw@a.example/#x", "https://a.example/a b\u00ad", "ftp://a.example/", "2022-09-28",
    "2022-09-28T23:30:00Z", "0001-01-01T00:00:00Z", "0000-00-00", "0001-01-01", "9999-12-31", "9999-12-31T23:59:59Z",
    "9999-12-31T23:59:59-23:59", "2022-02-30", "2022-W40-1", "20220928", "20220928T120000Z", "2022-09-28T24:00:00",
    "2022-09-28T12:00:00+99:99", "Wed, 28 Sep 2022 25:00:00 +0200", "Wed, 28 Sep 0001 10:00:00 GMT",
    "Wed, 28 Sep 22 10:00:00 +9999", "28 september 2022", "28 вересня 2022", "31 juni 2022", "²", "٣", "１２", "½", "Ⅷ",
    "9" * 25, "1" * 5000, "nl", "nl-NL", "zh-Hant", "x" * 40, "\u0130", "ß", "kst-19637-1", "&#0;", "&#xD800;",
    "&amp;lt;", "]]>", "<![CDATA[", "<!--", "%00", "%zz", "{since}", "'\"`;--", "=1+1",
)  # fmt: skip
VALUES: tuple[Any, ...] = (
    None,
    True,
    False,
    0,
    -1,
    1,
    2**31,
    2**63,
    2**64,
    -(2**63),
    10**30,
    1.5,
    float("nan"),
    float("inf"),
    -0.0,
    1e308,
    [],
    {},
    [[]],
    [None],
    {"": None},
    [{}],
    [1, "a", {}],
    {"value": {}},
    "",
)


def json_value(rng: random.Random, data: bytes) -> bytes:
    """One to three values, keys or lists of a JSON document changed. Raises ValueError for what is no JSON."""
    tree = json.loads(data)
    for _ in range(rng.randint(1, 3)):
        tree = _changed(rng, tree)
    return json.dumps(tree, ensure_ascii=rng.random() < 0.7).encode("utf-8", "surrogatepass")


def _changed(rng: random.Random, node: Any) -> Any:
    if isinstance(node, dict) and node and rng.random() < 0.85:
        key = rng.choice(list(node))
        act = rng.random()
        if act < 0.08:
            return {k: v for k, v in node.items() if k != key}
        if act < 0.12:
            return node | {rng.choice(list(node)): node[key]}
        return node | {key: _changed(rng, node[key])}
    if isinstance(node, list) and node and rng.random() < 0.85:
        at, act = rng.randrange(len(node)), rng.random()
        if act < 0.1:
            return node[:at] + node[at + 1 :]
        if act < 0.2:
            return node[:at] + [node[at]] * rng.choice((2, 3, 20)) + node[at + 1 :]
        return [*node[:at], _changed(rng, node[at]), *node[at + 1 :]]
    if isinstance(node, str) and rng.random() < 0.5:
        return _text(rng, node)
    return rng.choice(TEXTS) if rng.random() < 0.6 else rng.choice(VALUES)


def _text(rng: random.Random, text: str) -> str:
    at = rng.randint(0, len(text))
    act = rng.random()
    if act < 0.35:
        return text[:at] + rng.choice(TEXTS) + text[at:]
    if act < 0.55:
        return text[:at] + text[rng.randint(at, min(len(text), at + 20)) :]
    if act < 0.7:
        return (
            text[:at]
            + chr(rng.choice((0, 9, 10, 32, 0x7F, 0x85, 0xA0, 0xAD, 0x301, 0x430, 0x2060, 0xFFFE, 0x1F600)))
            + text[at:]
        )
    if act < 0.85:
        return re.sub(r"\d", lambda _: str(rng.randint(0, 9)), text, count=rng.randint(1, 8))
    return text * rng.choice((2, 3, 10)) if len(text) < 2000 else text[:at]


_PIECES = re.compile(rb"<[^<>]*>|[^<>]+")
_TAG = re.compile(rb"^<(/?)([\w:.-]+)")
_ATTRIBUTE = re.compile(rb"(\s[\w:.-]+\s*=\s*)(\"[^\"]*\"|'[^']*')")


def markup(rng: random.Random, data: bytes) -> bytes:
    """One to three elements, attributes or texts of XML or HTML changed, moved, nested or repeated."""
    pieces = _PIECES.findall(data)
    if len(pieces) < 4:
        raise ValueError("no markup")
    for _ in range(rng.randint(1, 3)):
        pieces = _pieces_changed(rng, pieces)
    return b"".join(pieces)


def _pieces_changed(rng: random.Random, pieces: list[bytes]) -> list[bytes]:
    at = rng.randrange(len(pieces))
    piece, act = pieces[at], rng.random()
    if act < 0.5:
        return [*pieces[:at], _piece(rng, piece, pieces), *pieces[at + 1 :]]
    if act < 0.6:
        return pieces[:at] + pieces[at + rng.randint(1, 4) :]
    if act < 0.72:  # some pieces once more, elsewhere
        run, to = pieces[at : at + rng.randint(1, 12)], rng.randint(0, len(pieces))
        return [*pieces[:to], *run, *pieces[to:]]
    if act < 0.78:
        return pieces[:at] + pieces[at : at + rng.randint(1, 4)] * rng.choice((2, 5, 50)) + pieces[at + 4 :]
    if act < 0.84 and (tag := _TAG.match(piece)):  # nested deeply
        times = rng.choice((2, 20, 300))
        return [*pieces[:at], *[b"<%s>" % tag[2]] * times, *pieces[at:], *[b"</%s>" % tag[2]] * times]
    other = rng.randrange(len(pieces))
    pieces = list(pieces)
    pieces[at], pieces[other] = pieces[other], pieces[at]
    return pieces


def _piece(rng: random.Random, piece: bytes, pieces: list[bytes]) -> bytes:
    if not piece.startswith(b"<"):
        return (
            _text(rng, piece.decode("utf-8", "replace")).encode("utf-8", "replace") if rng.random() < 0.6 else _any(rng)
        )
    attributes = _ATTRIBUTE.findall(piece)
    if attributes and rng.random() < 0.7:
        head, value = rng.choice(attributes)
        new = (
            _text(rng, value[1:-1].decode("utf-8", "replace")).encode("utf-8", "replace")
            if rng.random() < 0.4
            else _any(rng)
        )
        return piece.replace(head + value, head + b'"' + new.replace(b'"', b"'") + b'"', 1)
    other = _TAG.match(rng.choice(pieces))
    if other:
        return _TAG.sub(lambda tag: b"<" + tag[1] + other[2], piece)
    return piece[:-1] + b' x="' + _any(rng).replace(b'"', b"") + b'">'


def _any(rng: random.Random) -> bytes:
    return rng.choice(TEXTS).encode("utf-8", "replace")


_LINE = re.compile(rb"^(\s*[\w.\"-]+\s*[=:]\s*)(.*)$", re.DOTALL)
_TOML = (
    b"1", b"-1", b"1.5", b"nan", b"inf", b"true", b'""', b'" "', b"[]", b"{}", b"[[]]", b"1979-05-27", b"0001-01-01",
    b"9999-12-31", b"2022-09-28", b'"2022-09-28"', b"2022-09-28T10:00:00Z", b"07:32:00", b'"https://a.example/"',
    b'"("', b'"[x"', b'"a[href"', b'"(a+)+$"', b'"\\u0000"', b'"A"', b'"RU"', b'"ru"', b"99999999999999999999",
    b"0x7fffffffffffffff", b'["a", "a"]', b'[1, "a"]', b"1e400", b"[{}]", b'"NL"', b'{en = "x", nl = "y"}',
    b"'''\n'''", b'"%s {x} {0}"', b'"\xe2\x80\xae"', b"365", b"1200",
)  # fmt: skip


def lines(rng: random.Random, data: bytes) -> bytes:
    """One to three lines (of a declaration, or of header fields) changed, moved, dropped or repeated."""
    rows = data.split(b"\n")
    if len(rows) < 2:
        raise ValueError("no lines")
    for _ in range(rng.randint(1, 3)):
        at, act = rng.randrange(len(rows)), rng.random()
        found = _LINE.match(rows[at])
        if found and act < 0.45:
            rows[at] = found[1] + (rng.choice(_TOML) if rng.random() < 0.7 else _any(rng))
        elif found and act < 0.6:
            rows[at] = found[1] + _text(rng, found[2].decode("utf-8", "replace")).encode("utf-8", "replace")
        elif act < 0.7:
            del rows[at]
        elif act < 0.85:
            rows.insert(rng.randint(0, len(rows)), rows[at])
        else:
            other = rng.randrange(len(rows))
            rows[at], rows[other] = rows[other], rows[at]
        rows = rows or [b""]
    return b"\n".join(rows)


def words(rng: random.Random, data: bytes) -> bytes:
    """A running text, or a search, with something put in, cut out or repeated."""
    text = data.decode("utf-8", "replace")
    for _ in range(rng.randint(1, 3)):
        text = _text(rng, text)
    return text.encode("utf-8", "replace")
