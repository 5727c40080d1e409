"""XML bombs and entities in every reader of XML: refused, or read without them, at small cost."""

import io
import zipfile
from collections.abc import Callable, Iterator
from functools import partial
from pathlib import Path

from docx import Document

from crawler.read import read
from crawler.read.feed import read_feed
from crawler.read.gazette import read_gazette
from crawler.read.model import ReadError, Reading
from crawler.read.sitemap import read_sitemap
from crawler.read.sru import read_sru
from crawler.read.tweedekamer import read_syncfeed
from tests.attacks import Attack, clock

URL = "https://publisher.example/list"
WORD = "SECRETWORDOFTHEFILE"
MOST_S, MOST_CHARACTERS = 5.0, 3_000_000
LAUGHS = "".join(f"<!ENTITY l{n} '{f'&l{n - 1};' * 10}'>" for n in range(1, 12))
BODIES = {
    "feed": "<rss version='2.0'><channel><title>{e}</title><link>https://publisher.example/</link><item>"
    "<title>{e}</title><link>https://publisher.example/a</link><description>{e}</description></item></channel></rss>",
    "atom": "<feed xmlns='http://www.w3.org/2005/Atom'><title>{e}</title><entry><id>a</id><title>{e}</title>"
    "<link href='https://publisher.example/a'/><summary>{e}</summary></entry></feed>",
    "sitemap": "<urlset xmlns='http://www.sitemaps.org/schemas/sitemap/0.9'><url><loc>https://publisher.example/{e}"
    "</loc></url></urlset>",
    "sru": "<searchRetrieveResponse xmlns='http://docs.oasis-open.org/ns/search-ws/sruResponse'><numberOfRecords>{e}"
    "</numberOfRecords></searchRetrieveResponse>",
    "gazette": "<officiele-publicatie><metadata><meta name='DC.title' content='x'/></metadata><staatsblad><titel>{e}"
    "</titel><al>{e}</al></staatsblad></officiele-publicatie>",
    "syncfeed": "<feed xmlns='http://www.w3.org/2005/Atom'><title>{e}</title><entry><id>a</id><title>{e}</title>"
    "<content type='application/xml'><document><titel>{e}</titel></document></content></entry></feed>",
}  # fmt: skip
READERS: dict[str, Callable[[bytes], Reading]] = {
    "feed": lambda body: read_feed(body, URL),
    "atom": lambda body: read_feed(body, URL),
    "sitemap": lambda body: read_sitemap(body, URL),
    "sru": lambda body: read_sru(body, URL),
    "gazette": lambda body: read_gazette(body, URL),
    "syncfeed": lambda body: read_syncfeed(body, URL),
    "whatever it is": lambda body: read(body, url=URL),
}


def doctypes(secret: Path) -> dict[str, tuple[str, str]]:
    """Each trick as what stands before the root, and what is written where text stands."""
    file = secret.as_uri()
    return {
        "billion laughs": (f"<!DOCTYPE x [<!ENTITY l0 'ha'>{LAUGHS}]>", "&l11;"),
        "quadratic blow-up": (f"<!DOCTYPE x [<!ENTITY a '{'a' * 50_000}'>]>", "&a;" * 5_000),
        "external entity, file": (f"<!DOCTYPE x [<!ENTITY x SYSTEM '{file}'>]>", "&x;"),
        "external entity, network": ("<!DOCTYPE x [<!ENTITY x SYSTEM 'http://127.0.0.1:9/x'>]>", "&x;"),
        "external entity, public": (f"<!DOCTYPE x [<!ENTITY x PUBLIC '-//a//b' '{file}'>]>", "&x;"),
        "parameter entity": (f"<!DOCTYPE x [<!ENTITY % p SYSTEM '{file}'> %p;]>", ""),
        "parameter entity that makes one": (
            f"<!DOCTYPE x [<!ENTITY % p \"<!ENTITY &#37; q SYSTEM '{file}'>\"> %p; %q;]>", ""),
        "external DTD": (f"<!DOCTYPE x SYSTEM '{file}'>", ""),
        "external DTD of the network": ("<!DOCTYPE x PUBLIC '-//a//b' 'http://127.0.0.1:9/x.dtd'>", "&nbsp;"),
        "default attribute of a DTD": ("<!DOCTYPE x [<!ATTLIST item a CDATA 'x'>]>", "x"),
        "entity of itself": ("<!DOCTYPE x [<!ENTITY a '&b;'><!ENTITY b '&a;'>]>", "&a;"),
        "lower-case entity": (f"<!doctype x [<!entity x system '{file}'>]>", "&x;"),
        "XInclude": ("", f"<xi:include xmlns:xi='http://www.w3.org/2001/XInclude' href='{file}' parse='text'/>"),
        "style sheet": (f"<?xml-stylesheet type='text/xsl' href='{file}'?>", "x"),
        "processing instruction": ("<?php system('id'); ?>", "x"),
        "deep nesting": ("", "<a>" * 5_000 + "</a>" * 5_000),
        "many attributes": ("", "<a " + " ".join(f"a{n}='x'" for n in range(4_000)) + "/>"),
        "long name": ("", f"<{'a' * 1_000_000}/>"),
        "open comments": ("", "<!--" * 20_000),
        "open sections": ("", "<![CDATA[" * 20_000),
        "open doctypes": ("<!DOCTYPE x [" * 20_000, ""),
    }  # fmt: skip


ENCODINGS = ("utf-8", "utf-8-sig", "utf-16", "utf-16-le", "utf-16-be", "utf-7", "cp037", "utf-32")
WORD_PARTS = ("word/document.xml", "word/styles.xml", "docProps/core.xml", "[Content_Types].xml", "_rels/.rels",
              "word/_rels/document.xml.rels", "word/numbering.xml", "word/settings.xml")  # fmt: skip


def bombs(folder: Path) -> Iterator[Attack]:
    """Every trick in every reader; the entity tricks also in other encodings, and in the parts of a Word file."""
    secret = folder / "secret.txt"
    secret.write_text(WORD, "utf-8")
    for trick, (before, inside) in doctypes(secret).items():
        for name, reader in READERS.items():
            text = before + BODIES.get(name, BODIES["feed"]).replace("{e}", inside)
            yield f"{name}: {trick}", partial(_tried, reader, f"<?xml version='1.0'?>{text}".encode())
        for part in WORD_PARTS:
            if inside != "x":
                yield f"Word, {part}: {trick}", partial(_tried, READERS["whatever it is"], _word(part, before, inside))
    before, inside = doctypes(secret)["external entity, file"]
    for encoding in ENCODINGS:
        for name, reader in READERS.items():
            text = before + BODIES.get(name, BODIES["feed"]).replace("{e}", inside)
            body = f"<?xml version='1.0' encoding='{encoding}'?>{text}".encode(encoding)
            yield f"{name} in {encoding}: external entity", partial(_tried, reader, body)


def _word(part: str, before: str, inside: str) -> bytes:
    """A Word file whose one part begins with a document type and uses what it defines."""
    made, out = io.BytesIO(), io.BytesIO()
    document = Document()
    document.add_paragraph("Conscripts were sent to the border in the spring.")
    document.save(made)
    with zipfile.ZipFile(made) as old, zipfile.ZipFile(out, "w", zipfile.ZIP_DEFLATED) as new:
        for name in {*old.namelist(), part}:
            text = old.read(name) if name in old.namelist() else b"<x></x>"
            if name == part:
                head, mark, rest = text.partition(b"?>") if text.startswith(b"<?xml") else (b"", b"", text)
                at = rest.find(b">", rest.find(b"<", 1) if rest.startswith(b"\n") else 0) + 1
                words = f"<!--{inside}-->" if inside.startswith("<") else inside
                text = head + mark + before.encode() + rest[:at] + words.encode() + rest[at:]
            new.writestr(name, text)
    return out.getvalue()


def _tried(reader: Callable[[bytes], Reading], body: bytes) -> str:
    """'' where the secret stays in its file, and the answer is small and soon there."""
    began = clock()
    try:
        found = repr(reader(body))
    except ReadError as error:
        found = str(error)
    took = clock() - began
    if WORD in found or "root:x:" in found:
        return "the words of a file of this machine came along"
    if len(found) > MOST_CHARACTERS:
        return f"{len(body)} bytes became {len(found)} characters"
    return "" if took < MOST_S else f"took {took:.1f} s of processor time"
