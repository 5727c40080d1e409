"""Harnesses of the readers of archives: foreign WARC, ARC and WACZ files, our own records, the index."""

import gzip
import io
import json
import random
import tempfile
import zipfile
from collections.abc import Iterator
from itertools import chain, pairwise
from pathlib import Path

from tests.fuzz import mutate, rules
from tests.fuzz.harness import Harness, Read, each_way, real

_AT = "2022-09-28T10:00:00Z"
_HEADS = (
    "WARC/1.0\r\n", "WARC/1.1\r\n", "WARC-Type: response\r\n", "WARC-Type: revisit\r\n", "WARC-Type: resource\r\n",
    "WARC-Date: ", "Content-Length: ", "WARC-Target-URI: http://", "WARC-Record-ID: <urn:uuid:",
    "WARC-Payload-Digest: sha1:", "WARC-Block-Digest: sha256:", "WARC-Refers-To-Date: ", "Content-Encoding: gzip\r\n",
    "Content-Encoding: br\r\n", "Transfer-Encoding: chunked\r\n", "HTTP/1.1 200 OK\r\n", "\r\n\r\n",
    "WARC-Truncated: length", "filedesc://", "\x1f\x8b\x08", "PK\x03\x04", "-1", "99999999999",
)  # fmt: skip
# How the records are packed before they are read; the last is a WACZ.
_PLAIN, _EACH, _WHOLE, _ZIP = range(4)


def _records() -> Iterator[bytes]:
    """Records of our own, unpacked: a page, its unchanged copy, a request by POST, encodings."""
    from store.warc_records import head, record

    page = b"<html><body>" + b"<p>words</p>" * 20
    answers = [
        ({"Content-Type": "text/html"}, page),
        ({"Content-Encoding": "gzip"}, gzip.compress(page, mtime=0)),
        ({"Transfer-Encoding": "chunked"}, b"5\r\nhello\r\n0\r\n\r\n"),
        ({"Content-Encoding": "br"}, b"\x0b\x02\x80hello\x03"),
    ]
    for kind in ("response", "revisit", "resource", "request"):
        whole = b""
        for headers, body in answers:
            first = "POST / HTTP/1.1" if kind == "request" else "HTTP/1.1 200 OK"
            fields = [
                ("WARC-Target-URI", "http://a.example/x"),
                ("WARC-Record-ID", "<urn:uuid:1>"),
                ("WARC-Refers-To-Date", _AT),
            ]
            block = head(first, headers.items()) + (b"" if kind == "revisit" else body)
            whole += gzip.decompress(record(kind, _AT, fields, "application/http; msgtype=response", block))
        yield whole


def _foreign_seeds() -> Iterator[tuple[int, bytes]]:
    files = real(
        "webrecorder__warcio/*", "webrecorder__py-wacz/*warc*", "webrecorder__py-wacz/*.wacz", most_bytes=30_000
    )
    for number, body in enumerate(chain(_records(), files)):
        if body.startswith((b"\x1f\x8b", b"PK")):
            yield _PLAIN, body
            continue
        yield number % 4, body
        yield _PLAIN, body


def _packed(way: int, body: bytes) -> bytes:
    if way == _PLAIN:
        return body
    if way == _EACH:  # each record a gzip member of its own
        starts = [at for at in range(len(body)) if body.startswith(b"WARC/1", at)] or [0]
        return b"".join(gzip.compress(body[a:b], 1, mtime=0) for a, b in pairwise([0, *starts[1:], len(body)]))
    if way == _WHOLE:
        return gzip.compress(body, 1, mtime=0)
    out = io.BytesIO()
    with zipfile.ZipFile(out, "w") as box:
        records, _, package = body.partition(b"\n--datapackage--\n")
        box.writestr("archive/../../x.warc", records)
        box.writestr("archive/originals.warc.gz", _packed(_EACH, records[:2000]))
        box.writestr(
            "datapackage.json", package or json.dumps({"resources": [{"path": "archive/x.warc", "hash": "md5:1"}]})
        )
    return out.getvalue()


def _make_foreign() -> Read:
    """Every answer of a foreign archive, up to what the store would keep of it and the index would say of it."""
    from crawler.foreign import found_in
    from store import cdxj

    folder = Path(tempfile.mkdtemp(dir=rules.scratch(), prefix="coi-fuzz-"))
    path = folder / "a.warc.gz"

    def one(way: int, body: bytes) -> object:
        path.write_bytes(_packed(way, body))
        problems: list[str] = []
        seen = []
        for found in found_in(path, problems):
            exchange = found.exchange
            said = (
                exchange.url,
                exchange.fetched_at,
                exchange.record_id,
                exchange.ip,
                found.digest,
                found.refers_to_url,
                found.refers_to_at,
            )
            for text in filter(None, (*said, *(value for pair in exchange.headers for value in pair))):
                rules.must(text.encode("utf-8", "strict"), "can be stored", text)
            for address in filter(None, (exchange.url, found.refers_to_url)):
                rules.check_text("an address", address)
                rules.must(address.startswith(("http://", "https://")), "a web address", address)
                rules.must(" " not in cdxj.surt(address), "a key without blanks", address)
            rules.must(100 <= exchange.status <= 599, "a status of HTTP", exchange.status)
            seen.append((said, exchange.body))
        for problem in problems:
            problem.encode("utf-8", "strict")
        return seen, problems

    return one


def _foreign_change(rng: random.Random, data: bytes) -> bytes:
    return mutate.lines(rng, data)


def _make_own() -> Read:
    """Our own archive read at an offset: whatever lies there is a record or named as lost."""
    from store.archive_read import read_record

    folder = Path(tempfile.mkdtemp(dir=rules.scratch(), prefix="coi-fuzz-"))
    path = folder / "a.warc.gz"

    def one(way: int, body: bytes) -> object:
        data = body if way == 0 else gzip.compress(body, 1, mtime=0)
        path.write_bytes(data)
        record = read_record(path, 0)
        rules.must(0 < record.length <= len(data), "a length within the file", record.length)
        return record

    return one


def _own_seeds() -> Iterator[tuple[int, bytes]]:
    for whole in _records():
        first = b"WARC/" + whole.split(b"WARC/", 2)[1]
        yield 1, first
        yield 0, gzip.compress(first, mtime=0)


def _make_index() -> Read:
    """The index line of an address as the crawl and the import let it in; packed and unpacked again."""
    from crawler.foreign_record import Unusable, _address
    from store import cdxj
    from store.archive_read import Record
    from store.model import Capture

    record = Record(kind="response", fields={}, status=200, headers=(), body=b"", length=9)

    def one(_way: int, body: bytes) -> object:
        lines = []
        for text in body.decode("utf-8", "replace").split("\n")[:20]:
            try:
                url = _address(f"http://{text}")
            except Unusable:
                continue
            capture = Capture(
                url=url,
                fetched_at=_AT,
                status=200,
                media_type=text[:40],
                etag=None,
                last_modified=None,
                sha256="0" * 64,
                bytes=1,
                warc_file="a.warc.gz",
                warc_offset=0,
                warc_length=9,
            )
            line = cdxj.line(capture, record, file="a", offset=1)
            rules.must(len(line.split(" ", 2)) == 3 and "\n" not in line, "three parts on one line", line)
            lines.append(line)
        index, summary = cdxj.packed(lines)
        rules.must(len(gzip.decompress(index).splitlines() if index else []) == len(lines), "a line for each", lines)
        return index, summary

    return one


_ADDRESSES = (
    b"a.example/x?b=2&a=1\nwww.a.example:80/\n[::1]/\n[::1\nuser:pw@a.example:8080/%zz\na.example:99999/\nm\xc3\xbcnchen.example/\xd0\xb6#x\n",
    b"\xd0\xbf\xd1\x80\xd0\xb8\xd0\xbc\xd0\xb5\xd1\x80.example/\n./..//\na.example:/\n[v1.x]/\n%5B::1%5D/\n",
)

HARNESSES = (
    Harness(
        name="warc",
        executions=4_000,
        make=_make_foreign,
        seeds=_foreign_seeds,
        allowed=("crawler.warc.ArchiveError",),
        mutator=_foreign_change,
        words=_HEADS,
        ways=4,
        most_bytes=16_000,
    ),
    Harness(
        name="own_record",
        executions=220_000,
        make=_make_own,
        seeds=_own_seeds,
        allowed=("store.archive_read.BytesLost",),
        mutator=mutate.lines,
        words=_HEADS,
        ways=2,
    ),
    Harness(
        name="index",
        executions=20_000,
        make=_make_index,
        seeds=lambda: each_way(_ADDRESSES),
        mutator=mutate.words,
        allowed=(),
        words=("[", "]", "%", "#", "@", ":", "//", "www.", "xn--", "?a=1&", "\n"),
    ),
)
