"""The Dutch gazette: search answers, publications, their pages and their metadata."""

from datetime import date

import pytest

from crawler.read.gazette import read_gazette
from crawler.read.model import Broken, Confidence, Kind, Precision, WrongShape
from crawler.read.sru import read_sru

ANSWER = """<?xml version="1.0" encoding="UTF-8"?>
<{p}searchRetrieveResponse xmlns{s}="http://docs.oasis-open.org/ns/search-ws/sruResponse">
<{p}version>2.0</{p}version><{p}numberOfRecords>41</{p}numberOfRecords><{p}records><{p}record><{p}recordData>
<gzd:gzd xmlns:gzd="http://standaarden.overheid.nl/sru" xmlns:dcterms="http://purl.org/dc/terms/"><gzd:originalData>
<m:meta xmlns:m="http://standaarden.overheid.nl/wetgeving/"><m:owmskern>
<dcterms:identifier>kst-19637-3018</dcterms:identifier><dcterms:title>Vreemdelingenbeleid; Brief</dcterms:title>
<dcterms:type scheme="OVERHEID.Informatietype">officiële publicatie</dcterms:type>
<dcterms:type scheme="OVERHEIDop.KamerstukTypen">Brief regering</dcterms:type>
<dcterms:language>nl</dcterms:language><dcterms:modified>2023-01-20</dcterms:modified></m:owmskern>
<m:owmsmantel><dcterms:date>2022-12-13</dcterms:date><dcterms:available>2022-12-15</dcterms:available></m:owmsmantel>
</m:meta></gzd:originalData><gzd:enrichedData>
<gzd:preferredUrl>https://zoek.officielebekendmakingen.nl/kst-19637-3018.html</gzd:preferredUrl>
<gzd:itemUrl manifestation="html">https://repository.overheid.nl/k.html</gzd:itemUrl>
<gzd:itemUrl manifestation="odt">https://repository.overheid.nl/k.odt</gzd:itemUrl>
<gzd:itemUrl manifestation="pdf">https://repository.overheid.nl/k.pdf</gzd:itemUrl>
<gzd:itemUrl manifestation="xml">https://repository.overheid.nl/k.xml</gzd:itemUrl></gzd:enrichedData></gzd:gzd>
</{p}recordData></{p}record></{p}records><{p}nextRecordPosition>2</{p}nextRecordPosition>
</{p}searchRetrieveResponse>"""

DIAGNOSTIC = """<?xml version="1.0"?><s:searchRetrieveResponse xmlns:s="http://docs.oasis-open.org/ns/search-ws/sruResponse">
<s:numberOfRecords>0</s:numberOfRecords><s:diagnostics><d:diagnostic
 xmlns:d="http://docs.oasis-open.org/ns/search-ws/diagnostic"><d:uri>info:srw/diagnostic/1/10</d:uri>
<d:message>Query syntax error</d:message></d:diagnostic></s:diagnostics></s:searchRetrieveResponse>"""


@pytest.mark.parametrize(("prefix", "declared"), [("sru:", ":sru"), ("", "")])
def test_a_search_answer_with_any_prefix(prefix, declared):
    reading = read_sru(ANSWER.format(p=prefix, s=declared).encode())
    (entry,) = reading.entries
    assert (entry.key, entry.url) == ("kst-19637-3018", "https://zoek.officielebekendmakingen.nl/kst-19637-3018.html")
    assert (entry.published.day, entry.published.origin) == (date(2022, 12, 15), "sru")
    assert entry.published.confidence is Confidence.NORMAL
    assert (entry.modified.day, entry.document_type, entry.language) == (date(2023, 1, 20), "Brief regering", "nl")
    assert [a[-3:] for a in entry.attachments] == ["pdf", "xml", "tml"]
    assert (reading.total, reading.attributes["next_record"]) == (41, "2")


def test_an_answer_without_hits_has_no_entries():
    body = b'<?xml version="1.0"?><searchRetrieveResponse><numberOfRecords>0</numberOfRecords></searchRetrieveResponse>'
    assert (read_sru(body).entries, read_sru(body).total) == ((), 0)


def test_a_diagnostic_inside_200_is_an_error_that_says_which():
    with pytest.raises(WrongShape, match="info:srw/diagnostic/1/10 Query syntax error") as error:
        read_sru(DIAGNOSTIC.encode(), "https://repository.overheid.nl/sru?query=x")
    assert "repository.overheid.nl" in str(error.value)


@pytest.mark.parametrize(
    ("body", "error", "says"),
    [
        (b"<html><body>Maintenance</body></html>", WrongShape, "HTML where an SRU answer was promised"),
        (b'{"a": 1}', WrongShape, "JSON where an SRU answer was promised"),
        (b"<?xml version='1.0'?><explainResponse/>", WrongShape, "XML <explainResponse>"),
        (b"<?xml version='1.0'?><searchRetrieveResponse><records>", Broken, "cannot be parsed"),
        (b'<!DOCTYPE r [<!ENTITY a "b">]><searchRetrieveResponse>&a;</searchRetrieveResponse>', Broken, "entities"),
    ],
)
def test_what_is_no_answer_is_refused(body, error, says):
    with pytest.raises(error, match=says):
        read_sru(body)


@pytest.fixture
def koop(shared):
    return shared / "data/real/WetSuiteLeiden__wetsuite-core"


def test_a_real_record_without_namespaces(koop):
    (entry,) = read_sru((koop / "searchrec.xml").read_bytes()).entries
    assert entry.key == "gmb-2023-174296" and entry.published.day == date(2023, 4, 20)
    assert entry.url == "https://zoek.officielebekendmakingen.nl/gmb-2023-174296.html"
    assert len(entry.attachments) == 3 and entry.document_type == "omgevingsvergunning"


@pytest.mark.parametrize(
    ("name", "key", "day", "title", "words"),
    [
        ("stcrt.xml", "stcrt-2015-47076", "2015-12-23", "Ter inzage: omgevingsvergunning", "Vennewatersweg 29"),
        ("stb.xml", "stb-2018-84", "2018-03-27", "Besluit van 9 maart 2018", "tien-euromunt heeft een"),
        ("gmb.xml", "gmb-2017-100002", "2017-06-14", "Ingediende aanvraag", "kappen berk"),
        ("prb.xml", "prb-2017-1003", "2017-03-07", "Provincie Utrecht Wet luchtvaart", "helikopter"),
        ("bgr.xml", "bgr-2024-715", "2024-12-31", "Regeling mandatering", "dagelijks bestuur"),
        ("stcrt.html", "stcrt-2013-10981", "2013-04-23", "Omgevingsvergunning", "bestemmingsplan"),
        ("stb.html", "stb-2014-296", "2014-07-29", "Besluit van 14 juli 2014", "wordt met twee jaar verlengd"),
        ("gmb.html", "gmb-2017-100007", "2017-06-14", "Bekendmaking Wet op de kansspelen", "kansspelen"),
    ],
)
def test_real_publications_have_title_date_and_text(koop, name, key, day, title, words):
    reading = read_gazette((koop / name).read_bytes())
    assert (reading.kind, reading.key, reading.language) == (Kind.GAZETTE, key, "nl")
    assert reading.published.day.isoformat() == day
    assert reading.title.startswith(title) and words in reading.text
    assert all(reading.text[p.start : p.end] == p.text for p in reading.passages)


def test_a_date_that_the_paper_does_not_print_is_low_confidence(koop):
    signed = read_gazette((koop / "gmb.xml").read_bytes()).published
    numbered = read_gazette((koop / "bgr.xml").read_bytes()).published
    assert signed.confidence is numbered.confidence is Confidence.LOW
    assert numbered.precision is Precision.YEAR
    assert read_gazette((koop / "stb.xml").read_bytes()).published.confidence is Confidence.NORMAL


@pytest.mark.parametrize("name", ["opmeta1.xml", "opmeta2.xml"])
def test_real_metadata_files(koop, name):
    reading = read_gazette((koop / name).read_bytes())
    assert (reading.key, reading.published.day) == ("gmb-2024-216934", date(2024, 5, 17))
    assert reading.title.startswith("Kennisgeving melding incidentele festiviteit") and not reading.text


def test_real_regulations_and_rulings(koop):
    for name in (
        "cvdr_example1.xml",
        "cvdr_example2.xml",
        "cvdr_example3.xml",
        "bwb_toestand_3.xml",
        "rechtspraak1.xml",
    ):
        reading = read_gazette((koop / name).read_bytes())
        assert reading.title and reading.published and len(reading.text) > 500, name


def test_another_xml_is_refused():
    with pytest.raises(WrongShape, match="XML <note>"):
        read_gazette(b"<?xml version='1.0'?><note/>")
