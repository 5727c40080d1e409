"""Telling kinds apart, keeping promises, and what every reading has in common."""

import gzip
import json
import subprocess
import sys

import pytest

from crawler.read import SHAPES, read
from crawler.read.as_json import as_json
from crawler.read.model import Broken, Kind, ReadError, WrongShape
from tests.test_read_dutch import ANSWER
from tests.test_read_feed import feed
from tests.test_read_govuk import CPIN
from tests.test_read_html import page
from tests.test_read_pdf import report
from tests.test_read_text import DUTCH, word_file, zipped

BODIES = {
    Kind.HTML: page(),
    Kind.FEED: feed(),
    Kind.SRU: ANSWER.format(p="", s="").encode(),
    Kind.GOVUK: json.dumps(CPIN).encode(),
    Kind.PDF: report(1),
    Kind.DOCX: word_file(),
    Kind.TEXT: DUTCH.encode(),
    Kind.GAZETTE: b'<html><meta name="OVERHEIDop.publicationName" content="Staatscourant"><p>Tekst</p></html>',
}


@pytest.mark.parametrize("kind", Kind)
@pytest.mark.parametrize("label", [None, "application/octet-stream", "text/html", "text/plain"])
def test_the_bytes_decide_whatever_the_label(kind, label):
    if (kind, label) == (Kind.TEXT, "text/html"):
        pytest.skip("nothing in a plain text contradicts that label")
    assert read(BODIES[kind], media_type=label, url="https://a.example/file").kind is kind


@pytest.mark.parametrize("shape", SHAPES)
@pytest.mark.parametrize("kind", Kind)
def test_a_promise_is_kept_or_broken_aloud(kind, shape):
    kept = {Kind.GAZETTE: ("html",)}.get(kind, (kind.value,))
    if shape in kept:
        assert read(BODIES[kind], shape=shape).kind is kind
        return
    if shape == "html" and kind is Kind.TEXT:
        assert read(BODIES[kind], shape=shape).text  # a page without a single tag is still a page
        return
    if shape == "text" and kind in (Kind.HTML, Kind.GAZETTE):
        assert read(BODIES[kind], shape=shape).kind is Kind.TEXT
        return
    with pytest.raises(WrongShape) as error:
        read(BODIES[kind], shape=shape, url="https://a.example/file")
    assert "https://a.example/file" in str(error.value) and f"{len(BODIES[kind])} bytes" in str(error.value)


PICTURE = b"\x89PNG\r\n\x1a\n\x00\x00\x00\x01\x02\x03"


@pytest.mark.parametrize("body", [b"", b" \n ", PICTURE, b'{"a": 1}', b"<?xml version='1.0'?><note/>"])
def test_what_nobody_reads_is_named(body):
    with pytest.raises(WrongShape, match=f"{len(body)} bytes"):
        read(body, url="https://a.example/file")


OCR, SAVE = "run OCR on it (to PDF) and add that", "save it as DOCX or PDF and add that"


@pytest.mark.parametrize("label", [None, "text/plain", "text/html", "application/pdf"])
@pytest.mark.parametrize(
    ("body", "name", "remedy"),
    [
        (PICTURE, "a PNG image", OCR),
        (b"\xff\xd8\xff\xe0\x00\x10JFIF\x00\x01", "a JPEG image", OCR),
        (b"II*\x00\x08\x00\x00\x00", "a TIFF image", OCR),
        (b"RIFF\x10\x00\x00\x00WEBPVP8 ", "a WebP image", OCR),
        (b"\x00\x00\x00\x18ftypheic\x00\x00\x00\x00", "a HEIC image", OCR),
        (b"\x00\x00\x00\x18ftypisom\x00\x00\x00\x00", "a video or sound recording", "write down what is said"),
        (b"\xd0\xcf\x11\xe0\xa1\xb1\x1a\xe1\x00\x00", "an old Office file", SAVE),
        (b"{\\rtf1 Report}", "an RTF document", SAVE),
        (b"Rar!\x1a\x07\x00\x00", "a RAR archive", "unpack it and add the files inside"),
    ],
)
def test_what_a_file_is_and_what_helps_is_said(body, name, remedy, label):
    with pytest.raises(WrongShape) as error:
        read(body, media_type=label)
    assert name in str(error.value) and remedy in str(error.value)


def test_other_archives_and_unknown_binaries_are_named():
    with pytest.raises(WrongShape, match=r"a zip archive.*unpack it and add the files inside"):
        read(zipped("a.txt", b"a"))
    with pytest.raises(WrongShape, match=r"unknown binary data, 600 bytes.*convert it to PDF"):
        read(bytes(range(1, 31)) * 20)


@pytest.mark.parametrize("shape", SHAPES)
def test_a_picture_that_was_promised_to_be_something_else(shape):
    with pytest.raises(WrongShape, match=f"a PNG image where {shape} was promised.*run OCR"):
        read(PICTURE, shape=shape)


def test_an_unknown_shape_is_a_mistake_of_ours():
    with pytest.raises(ValueError, match="'rss'; known are feed"):
        read(b"x", shape="rss")


def test_gzip_is_unpacked_within_limits():
    assert read(gzip.compress(feed())).kind is Kind.FEED
    with pytest.raises(Broken, match="cannot be unpacked"):
        read(b"\x1f\x8b nonsense")
    with pytest.raises(Broken, match="unpack to more than"):
        read(gzip.compress(b" " * 51_000_000, 1))


@pytest.mark.parametrize("kind", Kind)
def test_as_json_is_plain_data(kind):
    reading = read(BODIES[kind])
    plain = json.loads(json.dumps(as_json(reading)))
    wanted = {"kind", "title", "published_on", "published_from", "language", "text", "passages", "entries"}
    assert wanted <= plain.keys() and plain["kind"] == kind.value
    assert all(plain["text"][p["start"] : p["end"]] == p["text"] for p in plain["passages"])
    assert all({"url", "key", "title", "published_on"} <= entry.keys() for entry in plain["entries"])
    assert reading.extractor.startswith(f"{kind.value}/")


def test_importing_the_room_loads_no_engine():
    engines = ["lxml", "bs4", "trafilatura", "feedparser", "lingua", "pypdfium2", "docx"]
    code = f"import sys, crawler.read; print([m for m in {engines} if m in sys.modules])"
    done = subprocess.run([sys.executable, "-c", code], capture_output=True, text=True, check=True)
    assert done.stdout.strip() == "[]"


FOLDERS = (
    "miniflux__v2",
    "danmactough__node-feedparser",
    "kagisearch__fastfeedparser",
    "WetSuiteLeiden__wetsuite-core",
    "webrecorder__warcio",
    "mozilla__readability",
    "adbar__trafilatura",
)


def test_every_real_file_is_read_or_refused(shared):
    """No file of the collection of odd and hostile ones raises anything but a ReadError."""
    read_ones = 0
    for folder in FOLDERS:
        for path in (p for p in (shared / "data/real" / folder).rglob("*.*") if p.is_file()):
            try:
                reading = read(path.read_bytes(), url=f"https://a.example/{path.name}")
            except ReadError as error:
                assert len(str(error)) > 40, path
            else:
                assert all(reading.text[p.start : p.end] == p.text for p in reading.passages), path
                read_ones += 1
    assert read_ones > 80
