"""Feeds: what is one is read, what is none is refused, what is hostile stays small."""

import re
import tracemalloc
from datetime import date

import pytest

from crawler.read import read
from crawler.read.feed import read_feed
from crawler.read.model import Broken, WrongShape

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


def test_the_whole_text_goes_before_an_excerpt_of_it():
    body = feed().replace(b"</description>", b"</description><c:encoded xmlns:c='http://purl.org/rss/1.0/modules/content/'>"
                          b"&lt;p&gt;Eerste.&lt;/p&gt;&lt;p&gt;En de hele tekst.&lt;/p&gt;</c:encoded>")  # fmt: skip
    assert read_feed(body).entries[0].summary == "Eerste.\nEn de hele tekst."


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


@pytest.mark.parametrize(
    ("written", "title"),
    [
        ("&#55357;&#56832; vrede", "😀 vrede"),
        ("a&#xD83D;&#xde00;", "a😀"),
        ("a &#xD800;b", "a b"),
        ("a&#99999999999;b", "ab"),
    ],
)
def test_characters_in_two_halves_become_one_and_those_that_are_none_fall_away(written, title):
    assert read_feed(feed(word=written)).entries[0].title == title


@pytest.mark.parametrize("when", ["9999-12-31T23:59:59Z", "1164-10-31T10:00:00Z", "0001-01-01T00:00:00Z"])
def test_a_day_of_an_impossible_year_is_no_day(when):
    assert read_feed(feed(when)).entries[0].published is None


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


def test_a_feed_whose_elements_carry_a_prefix_and_whose_declaration_is_torn():
    body = feed().replace(b'<?xml version="1.0"?>', b'<?xml?xml version="1.0" ??>')
    body = re.sub(rb"<(/?)(?!rss|\?)(\w)", rb"<\1rss:\2", body)
    assert b"<rss:item>" in body
    reading = read_feed(body, "https://a.example/rss")
    assert [entry.key for entry in reading.entries] == ["n-1"] and "not well-formed" in reading.warnings[0]


def test_items_that_cannot_be_read_are_an_error_and_not_an_empty_feed():
    body = b"<rss version='2.0'><channel><title>A & b</title><x:item ><x:title>A</x:title></x:item></channel></rss>"
    with pytest.raises(Broken, match="a feed of 1 items of which 0 can be read"):
        read_feed(body, "https://a.example/rss")


def test_a_real_feed_with_prefixes(shared):
    body = (shared / "data/real/kagisearch__fastfeedparser/malformed_rss_namespaced.xml").read_bytes()
    assert [entry.title for entry in read_feed(body).entries] == ["Test Entry 1", "Test Entry 2"]


JSON = """{"version": "https://jsonfeed.org/version/1.1", "title": "News", "language": "nl-NL", "next_url": "?page=2",
"items": [{"id": 7, "url": "/n/7", "title": "Eerste &amp; enige", "content_html": "<p>Een.</p><p>Twee.</p>",
"date_published": "2022-12-12T23:00:00Z", "attachments": [{"url": "/7.pdf"}]}, {"id": "8", "summary": "Kort"}, 9]}"""


def test_a_json_feed():
    reading = read(JSON.encode(), url="https://a.example.nl/feed.json", shape="feed")
    first, second = reading.entries
    assert (first.url, first.key, first.title) == ("https://a.example.nl/n/7", "7", "Eerste & enige")
    assert (first.summary, first.published.day, first.language) == ("Een.\nTwee.", date(2022, 12, 13), "nl")
    assert first.attachments == ("https://a.example.nl/7.pdf",) and second.summary == "Kort"
    assert reading.next_url == "https://a.example.nl/feed.json?page=2"
    assert reading.warnings == ("items that are no objects: 1", "entries without an address: 1")


@pytest.mark.parametrize(
    ("body", "why"), [(JSON[:200], "cannot be parsed"), (JSON.replace("items", "x"), "without a list")]
)
def test_a_torn_json_feed(body, why):
    with pytest.raises(Broken, match=why):
        read_feed(body.encode(), "https://a.example/feed.json")


def test_a_real_json_feed(shared):
    reading = read((shared / "data/real/kagisearch__fastfeedparser/json_feed_sample.json").read_bytes())
    assert [entry.title for entry in reading.entries] == ["First JSON Feed Item", "Second JSON Feed Item"]
