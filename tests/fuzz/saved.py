"""Inputs that once crashed a reader or broke a rule, as small as they could be made: (harness, way to read, bytes)."""

_RSS = (
    b'<rss version="2.0"><channel><title>a</title><item><title>%s</title><link>http://a.example/</link>%s</item>'
    b"</channel>"
)
_SRU = (
    b"<searchRetrieveResponse><numberOfRecords>%s</numberOfRecords><record><identifier>kst-1</identifier>"
    b"<preferredUrl>%s</preferredUrl>"
    b'<itemUrl manifestation="pdf">%s</itemUrl><available>%s</available></record></searchRetrieveResponse>'
)
_WARC = (
    b"WARC/1.0\r\nWARC-Type: response\r\nWARC-Date: 2022-09-28T10:00:00Z\r\n%sContent-Length: 19\r\n\r\n"
    b"HTTP/1.1 200 OK\r\n\r\n\r\n\r\n"
)
_SYNC = (
    b'<feed xmlns="http://www.w3.org/2005/Atom"><link rel="next" href="%s"/>'
    b'<entry><id>a</id><link rel="enclosure" href="%s"/></entry></feed>'
)
_DIGEST = "WARC-Target-URI: http://a.example/\r\nWARC-Block-Digest: sha256:"  # of 64 letters, as the hash in base 16

SAVED: dict[str, tuple[str, int, bytes]] = {
    "half a character, in a torn feed": ("feed", 0, _RSS % (b"&#xD800; &#55357;&nbsp;", b"")),
    "half a character, where RSS was promised": ("lifos", 0, _RSS % (b"&#xD800;", b"")),
    "a character beyond C's numbers": ("feed", 0, _RSS % (b"&#99999999999999999999;", b"")),
    "a character of 5000 figures": ("feed", 0, _RSS % (b"&#%s;" % (b"9" * 5000), b"")),
    "the last second of the calendar": ("feed", 0, _RSS % (b"x", b"<pubDate>9999-12-31T23:59:59Z</pubDate>")),
    "a day in the Middle Ages": ("feed", 0, _RSS % (b"x", b"<pubDate>1164-10-31T10:00:00Z</pubDate>")),
    "a file that is a script": ("sru", 0, _SRU % (b"1", b"=1+1", b"javascript:alert(1)", b"2022-09-28")),
    "a superscript as a number": ("sru", 0, _SRU % ("²".encode(), b"http://[", b"//", b"0001-01-01")),
    "more records than SQLite counts": ("sru", 0, _SRU % (b"9" * 30, b"x", b"x", b"x")),
    "a non-character in a summary": (
        "json_feed",
        0,
        b'{"version":"https://jsonfeed.org/version/1.1","items":[{"content_text":"a\\ufffe\\ud800"}]}',
    ),
    "a day in seven thousand": (
        "json_feed",
        0,
        b'{"version":"https://jsonfeed.org/version/1.1","items":[{"date_published":"7108-01-14"}]}',
    ),
    "an address that is no IPv6": (
        "govuk",
        0,
        b'{"document_type":"x","base_path":"//[x","details":{"attachments":[{"url":"http://[::1"}]}}',
    ),
    "half a character in every field": (
        "govuk",
        0,
        b'{"document_type":"\\ud800x","base_path":"/a\\ud800","content_id":"\\u007f1","schema_name":"a\\u0000"}',
    ),
    "fewer hits than none": (
        "ecoi",
        0,
        b'{"content":"<a class=graphbutton-link data-permalink-target=1></a>","hits":-1,"pages":0}',
    ),
    "fewer reports than none": ("reliefweb", 0, b'{"data":[],"totalCount":-9223372036854775809}'),
    "half a character in a message": ("open_overheid", 0, b'{"\\ud800":1}'),
    "a version of a superscript": ("open_overheid", 1, '{"versies":[{"nummer":"²"}]}'.encode()),
    "fewer results than none": ("open_overheid", 0, b'{"resultaten":[],"totaal":-1}'),
    "a next page that is no address": ("tweedekamer", 0, b'{"value":[],"@odata.nextLink":"http:2022//[x]/"}'),
    "a SyncFeed that leads to scripts": ("syncfeed", 0, _SYNC % (b"javascript:x", b"javascript:x")),
    "a day in four thousand": ("gdelt", 0, b'{"articles":[{"url":"http://a.example/","seendate":"40460820T101500Z"}]}'),
    "a page in hexadecimal": (
        "any_text",
        2,
        b"<html><head><meta charset=hex></head><body><p>words \xff</p></body></html>",
    ),
    "a page in no encoding at all": (
        "any_text",
        2,
        b"<html><head><meta charset=undefined></head><body><p>words \xff</p></body></html>",
    ),
    "a number of 5000 figures": ("declarations", 0, b"a = " + b"1" * 5000),
    "a port that is none": ("warc", 0, _WARC % b"WARC-Target-URI: http://a.example:%20gzip/\r\n"),
    "a digest in another alphabet": (
        "warc",
        0,
        _WARC % (_DIGEST + "Î" * 64 + "\r\n").encode(),
    ),
    "a copy of what has no address": (
        "warc",
        0,
        (_WARC % b"WARC-Target-URI: http://a.example/\r\nWARC-Refers-To-Target-URI: x\r\n").replace(
            b"response", b"revisit"
        ),
    ),
    "a response without an address": ("warc", 0, _WARC % b""),
    "a port that is none, in the index": ("index", 0, b"a.example:3%5/"),
    "the first day of the calendar": ("dates", 0, b"0001-01-01T00:00:00Z"),
}
