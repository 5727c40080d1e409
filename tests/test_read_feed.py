"""Feeds: what is one is read, what is none is refused, what is hostile stays small."""

import io
import re
import tracemalloc
from datetime import date

import feedparser
import pytest

from crawler.read.feed import read_feed
from crawler.read.model import ReadError, WrongShape

RSS = """<?xml version="1.0"?>{doctype}<rss version="2.0"><channel><title>News</title><link>https://a.example/</link>
<language>nl-NL</language><item><title>Besluit- en &lt;b&gt;vertrekmoratorium&lt;/b&gt;</title><link>/n/1</link>
<guid isPermaLink="false">n-1</guid><pubDate>{date}</pubDate>
<description>&lt;p&gt;Eerste.&lt;/p&gt;&lt;p&gt;Tweede {word}.&lt;/p&gt;</description></item></channel></rss>"""


def feed(when="Wed, 29 Jun 2022 10:00:00 +0200", doctype="", word="zin"):
    return RSS.format(date=when, doctype=doctype, word=word).encode()


def test_an_entry():
    reading = read_feed(feed(), "https://a.example/rss")
    (entry,) = reading.entries
    assert (entry.url, entry.key, entry.language) == ("https://a.example/n/1", "n-1", "nl")
    assert entry.title == "Besluit- en vertrekmoratorium"
    assert entry.summary == "Eerste.\nTweede zin."
    assert (entry.published.day, entry.published.origin) == (date(2022, 6, 29), "feed")


@pytest.mark.parametrize(
    ("stamp", "url", "day"),
    [
        ("Mon, 12 Dec 2022 23:00:00 GMT", "https://a.example.nl/rss", date(2022, 12, 13)),
        ("Mon, 12 Dec 2022 23:00:00 GMT", "https://a.example.org/rss", date(2022, 12, 12)),
        ("Tue, 13 Dec 2022 00:30:00 +0300", "https://a.example.org/rss", date(2022, 12, 13)),
        ("2022-12-12T23:00:00Z", "https://a.example.nl/rss", date(2022, 12, 13)),
        ("13 декабря 2022", "https://a.example.ru/rss", date(2022, 12, 13)),
    ],
)
def test_the_day_is_the_publishers(stamp, url, day):
    assert read_feed(feed(stamp), url).entries[0].published.day == day


def test_a_declared_zone_goes_before_the_domain():
    entry = read_feed(feed("Mon, 12 Dec 2022 23:00:00 GMT"), "https://a.example", zone="Europe/Amsterdam").entries[0]
    assert entry.published.day == date(2022, 12, 13)


@pytest.mark.parametrize(
    ("body", "seen"),
    [
        (b"unavailable", "11 bytes"),
        (b"<!DOCTYPE html><html><head><title>Log in</title></head><body>Please</body></html>", "HTML where a feed"),
        (b'{"error": {"code": 503, "message": "temporarily unavailable"}}', "JSON where a feed"),
        (b"<?xml version='1.0'?><error><message>no such page, sorry</message></error>", "XML <error>"),
        (b"Service temporarily unavailable. Please try again later.", "text where a feed"),
    ],
)
def test_what_is_no_feed_is_refused_with_what_was_seen(body, seen):
    with pytest.raises(WrongShape, match=re.escape(seen)) as error:
        read_feed(body, "https://a.example/rss")
    assert "https://a.example/rss" in str(error.value)


def laughs(depth=12, wide=10):
    lines = ['<!ENTITY l0 "ha ha ha ha">']
    lines += [f'<!ENTITY l{n} "{f"&l{n - 1};" * wide}">' for n in range(1, depth)]
    return f"<!DOCTYPE rss [{''.join(lines)}]>", f"&l{depth - 1};"


def quadratic():
    return f'<!DOCTYPE rss [<!ENTITY a "{"x" * 50_000}">]>', "&a;" * 2_000


def outside():
    return '<!DOCTYPE rss [<!ENTITY a SYSTEM "file:///etc/passwd"><!ENTITY % p "x"> %p;]>', "&a;"


@pytest.mark.parametrize("encoding", ["utf-8", "utf-16"])
@pytest.mark.parametrize("attack", [laughs, quadratic, outside])
def test_entities_are_harmless(attack, encoding):
    doctype, word = attack()
    body = feed(doctype=doctype, word=word).decode().encode(encoding)
    tracemalloc.start()
    reading = read_feed(body)
    peak = tracemalloc.get_traced_memory()[1]
    tracemalloc.stop()
    assert peak < 60_000_000
    assert reading.entries[0].key == "n-1"
    assert "root:" not in (reading.entries[0].summary or "")
    assert any("entity definitions" in warning for warning in reading.warnings)


def test_an_entity_for_an_accent_is_kept():
    reading = read_feed(feed(doctype='<!DOCTYPE rss [<!ENTITY eacute "&#233;">]>', word="&eacute;n"))
    assert reading.entries[0].summary.endswith("Tweede \u00e9n.")


def test_a_torn_feed_is_read_as_far_as_it_goes():
    reading = read_feed(feed()[:-30])
    assert len(reading.entries) == 1 and "not well-formed" in reading.warnings[0]


def test_real_feeds_yield_their_entries(shared):
    """Of the feeds whose Expect is not that they are broken, the share whose entries all come out."""
    total, read, lost = 0, 0, []
    for path in sorted((shared / "data/real/kurtmckee__feedparser").rglob("*.xml")):
        body = path.read_bytes()
        found = re.search(rb"Expect:\s*(.*)", body.replace(b"\x00", b""))
        expect = found[1].decode("latin-1") if found else ""
        if expect.startswith("bozo"):
            continue
        total += 1
        wanted = len(feedparser.parse(io.BytesIO(body)).entries)
        try:
            count = len(read_feed(body).entries)
        except ReadError as error:
            lost.append(f"{path.name}: {error}")
            continue
        if count == wanted and (count > 0 or "entries[" not in expect):
            read += 1
        else:
            lost.append(f"{path.name}: {count} of {wanted}")
    print(f"feeds read {read} of {total} = {read / total:.1%}; lost: {lost[:10]}")
    assert total > 2000 and read >= 0.95 * total


def test_real_feeds_in_old_encodings(shared):
    folder = shared / "data/real/miniflux__v2"
    assert read_feed((folder / "encoding/testdata/koi8r.xml").read_bytes()).title == "Пример RSS ленты"
    assert read_feed((folder / "encoding/testdata/windows-1252.xml").read_bytes()).title == "Euro €"
    assert read_feed((folder / "encoding/testdata/windows-1252-incorrect-prolog.xml").read_bytes()).title == "Euro €"
    assert read_feed((folder / "encoding/testdata/utf8-incorrect-prolog.xml").read_bytes()).title == "테스트 피드"


def test_real_odd_feeds(shared):
    folder = shared / "data/real/danmactough__node-feedparser"
    with pytest.raises(WrongShape, match="HTML where a feed was promised"):
        read_feed((folder / "notafeed.html").read_bytes())
    for path in folder.glob("*.*"):
        if path.suffix in (".xml", ".atom") and path.name != "compressed.xml":
            assert read_feed(path.read_bytes(), "https://a.example/feed").entries, path.name
    assert read_feed((folder / "iconv.xml").read_bytes()).title.startswith("Новости Оренбурга")
