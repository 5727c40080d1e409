"""Bombs in what is packed: HTTP encodings, gzip files, Word files, WACZ; and PDF files that cost or crash."""

import gzip
import io
import zipfile
import zlib
from collections.abc import Callable, Iterator
from functools import partial
from pathlib import Path

import brotli  # type: ignore[import-untyped]
from scrapy.downloadermiddlewares.httpcompression import HttpCompressionMiddleware
from scrapy.exceptions import IgnoreRequest
from scrapy.http import Request, Response
from scrapy.utils.test import get_crawler

from crawler.foreign import found_in
from crawler.read import read
from crawler.read.model import ReadError
from crawler.read.sitemap import read_sitemap
from crawler.settings import _COMMON
from crawler.warc import MAX_BODY_BYTES, ArchiveError
from tests.attacks import Attack, clock

URL = "https://publisher.example/file"
MB = 1 << 20
BIG = 300 * MB
MOST_S = 10.0


def _pieces(size: int) -> Iterator[bytes]:
    for _ in range(size // MB):
        yield bytes(MB)


def _deflated(wbits: int, size: int = BIG) -> bytes:
    packer = zlib.compressobj(9, wbits=wbits)
    return b"".join(map(packer.compress, _pieces(size))) + packer.flush()


def _brotli() -> bytes:
    packer = brotli.Compressor(quality=5)
    return b"".join(map(packer.process, _pieces(BIG))) + packer.finish()


def _zstd() -> bytes:
    import zstandard

    packer = zstandard.ZstdCompressor(level=3).compressobj()
    return b"".join(map(packer.compress, _pieces(BIG))) + packer.flush()


def _zip(name: str, size: int = BIG, more: tuple[tuple[str, bytes], ...] = ()) -> bytes:
    out = io.BytesIO()
    with zipfile.ZipFile(out, "w", zipfile.ZIP_DEFLATED, compresslevel=9) as box:
        for other, body in more:
            box.writestr(other, body)
        with box.open(name, "w") as member:
            for piece in _pieces(size):
                member.write(piece)
    return out.getvalue()


def encodings() -> Iterator[Attack]:
    """Content-Encoding, as the crawl's own middleware undoes it, within the crawl's own limits."""
    once = _deflated(31)
    bombs = {"gzip": once, "deflate": _deflated(15), "deflate, bare": _deflated(-15), "br": _brotli(),
             "gzip, gzip": gzip.compress(once), "gzip, gzip, gzip": gzip.compress(gzip.compress(once)),
             "x-gzip": once}  # fmt: skip
    try:
        bombs["zstd"] = _zstd()
    except ImportError:
        pass  # then Scrapy does not undo it either
    for name, body in bombs.items():
        yield f"HTTP answer, {name}, {len(body)} bytes", partial(_answered, name.replace(", bare", ""), body)


def _answered(encoding: str, body: bytes) -> str:
    options = {name: _COMMON[name] for name in ("DOWNLOAD_MAXSIZE", "DOWNLOAD_WARNSIZE")}
    middleware = HttpCompressionMiddleware.from_crawler(get_crawler(settings_dict=options))
    if hasattr(middleware, "open_spider"):
        middleware.open_spider(type("Spider", (), {"name": "x"})())
    response = Response(URL, headers={"Content-Encoding": encoding}, body=body)
    began = clock()
    try:
        found = middleware.process_response(Request(URL), response)
    except IgnoreRequest:
        return "" if clock() - began < MOST_S else f"took {clock() - began:.1f} s of processor time"
    most = int(str(options["DOWNLOAD_MAXSIZE"]))
    return "" if len(found.body) <= most else f"{len(body)} bytes became {len(found.body)}"


def files(folder: Path) -> Iterator[Attack]:
    """Files that unpack to more than they may."""
    map_ = b"<urlset><url><loc>https://publisher.example/</loc></url>"
    bombs: dict[str, tuple[Callable[[bytes], object], bytes]] = {
        "a .gz sitemap": (lambda body: read_sitemap(body, URL), gzip.compress(map_) [:-8] + _deflated(31)),
        "a .gz sitemap of nothing": (lambda body: read_sitemap(body, URL), _deflated(31)),
        "a .gz page": (lambda body: read(body, url=URL), _deflated(31)),
        "a .gz in a .gz": (lambda body: read(body, url=URL), gzip.compress(_deflated(31))),
        "a Word file": (lambda body: read(body, url=URL), _zip("word/document.xml")),
        "a Word file with a large picture": (
            lambda body: read(body, url=URL), _zip("word/media/a.png", more=(("word/document.xml", b"<a/>"),))),
        "a Word file in a zip": (lambda body: read(body, url=URL), _zip("a.docx", more=(("b.docx", b"x"),))),
        "a Word file that lies about its size": (lambda body: read(body, url=URL), _lying(_zip("word/document.xml"))),
    }  # fmt: skip
    for name, (reader, body) in bombs.items():
        yield f"{name}, {len(body)} bytes", partial(_read, reader, body)
    for name, body in {
        "a WACZ": _zip("archive/a.warc"),
        "a WACZ of a packed WARC": _zip("archive/a.warc.gz", 4 * MB, (("archive/b.warc.gz", _deflated(31)),)),
        "a WACZ with a large datapackage.json": _zip("datapackage.json", more=(("archive/a.warc", b""),)),
        "a WACZ that lies about its size": _lying(_zip("archive/a.warc")),
    }.items():
        path = folder / f"{name.replace(' ', '-')}.wacz"
        path.write_bytes(body)
        yield f"{name}, {len(body)} bytes", partial(_members, path)


def _lying(body: bytes) -> bytes:
    """A zip whose one member says that it unpacks to a kilobyte."""
    size = BIG.to_bytes(4, "little")
    return body.replace(size, (1024).to_bytes(4, "little"))


def _read(reader: Callable[[bytes], object], body: bytes) -> str:
    began = clock()
    try:
        found = reader(body)
    except ReadError:
        return "" if clock() - began < MOST_S else f"took {clock() - began:.1f} s of processor time"
    return "" if len(repr(found)) < MB else f"{len(body)} bytes became {len(repr(found))} characters"


def _members(path: Path) -> str:
    """'' where no body larger than the crawl takes comes out of it, at small cost."""
    problems: list[str] = []
    began = clock()
    try:
        largest = max((len(found.body or b"") for found in found_in(path, problems)), default=0)
    except ArchiveError as error:
        largest = 0
        problems.append(str(error))
    if largest > MAX_BODY_BYTES:
        return f"gave a body of {largest} bytes"
    return "" if clock() - began < MOST_S else f"took {clock() - began:.1f} s of processor time"
