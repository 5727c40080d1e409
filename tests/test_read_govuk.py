"""GOV.UK Content API answers."""

import json
import re
from datetime import date

import pytest
from bs4 import BeautifulSoup

from crawler.read.govuk import read_govuk
from crawler.read.model import Broken, Confidence, WrongShape

CPIN = {
    "base_path": "/government/publications/xa-notes",
    "content_id": "c-1",
    "document_type": "guidance",
    "schema_name": "publication",
    "title": "Exampleland: country notes",
    "locale": "en",
    "first_published_at": "2022-07-14T23:30:00.000+00:00",
    "public_updated_at": "2023-02-01T09:00:00+00:00",
    "details": {
        "body": "<h2>Basis</h2><p>This note covers April 2021 to March 2023. See <a href='/x'>x</a>.</p>",
        "attachments": [
            {"attachment_type": "html", "title": "Note", "url": "/government/publications/xa-notes/note-accessible"},
            {"attachment_type": "file", "title": "PDF", "url": "https://assets.example/n.pdf"},
        ],
    },
    "links": {},
}


def read(url="https://www.gov.uk/api/content/government/publications/xa-notes", **changes):
    return read_govuk(json.dumps(CPIN | changes).encode(), url)


def test_a_publication():
    reading = read()
    assert (reading.key, reading.document_type, reading.language) == ("c-1", "guidance", "en")
    assert (reading.published.day, reading.published.origin) == (date(2022, 7, 15), "govuk")  # 00:30 in London
    assert reading.modified.day == date(2023, 2, 1)
    assert reading.passages[0].heading == "Basis"
    assert (reading.period_from, reading.period_to) == (date(2021, 4, 1), date(2023, 3, 31))
    assert [e.url for e in reading.entries] == [
        "https://www.gov.uk/api/content/government/publications/xa-notes/note-accessible",
        "https://assets.example/n.pdf",
    ]
    assert reading.links == ("https://www.gov.uk/x",) and not reading.withdrawn


def test_addresses_stay_on_the_host_that_answered():
    entries = read("http://archive.example:8000/api/content/government/publications/xa-notes").entries
    assert entries[0].url.startswith("http://archive.example:8000/api/content/government/")


def test_a_withdrawn_note():
    reading = read(withdrawn_notice={"explanation": "<p>Replaced.</p>", "withdrawn_at": "2024-01-01T00:00:00Z"})
    assert reading.withdrawn and reading.attributes["withdrawn_why"] == "Replaced."


def test_without_a_first_publication_the_update_stands_in():
    published = read(first_published_at=None).published
    assert (published.day, published.confidence) == (date(2023, 2, 1), Confidence.LOW)


@pytest.mark.parametrize(
    ("body", "error", "says"),
    [
        (b"<html><body>Sorry</body></html>", WrongShape, "HTML where a GOV.UK"),
        (b'{"error": "not found"}', WrongShape, "without document_type"),
        (b'{"document_type": "guidance", "det', Broken, "cannot be parsed"),
        (b"[1, 2]", WrongShape, "without document_type"),
    ],
)
def test_what_is_no_answer_is_refused(body, error, says):
    with pytest.raises(error, match=says):
        read_govuk(body)


@pytest.fixture
def govuk(shared):
    return shared / "data/real/alphagov__publishing-api"


def missing_words(details, text):
    """Share of the words of a page's HTML that the text does not have as words: lost, or glued to their neighbour."""
    markup = " ".join([str(details.get("body") or ""), *(part["body"] for part in details.get("parts", []) if part)])
    soup = BeautifulSoup(markup, "lxml")
    for hidden in soup(["script", "style", "svg"]):
        hidden.decompose()
    wanted = re.findall(r"\w+", soup.get_text(" "))
    had = set(re.findall(r"\w+", text))
    return sum(word not in had for word in wanted) / max(1, len(wanted))


def test_every_real_answer_reads_with_title_date_and_text(govuk, shared):
    files = [
        *govuk.glob("*/frontend/*.json"),
        shared / "data/real/RobertsMacros__cpin-explorer/malawi.publication.json",
    ]
    for path in files:
        page = json.loads(path.read_bytes())
        reading = read_govuk(path.read_bytes())
        kind, details = page["document_type"], page["details"]
        assert reading.key == page["content_id"], path.name
        if kind in ("gone", "redirect"):
            continue
        assert reading.title and reading.published, path.name
        assert missing_words(details, reading.text) <= 0.01, path.name
        assert reading.withdrawn == bool(page.get("withdrawn_notice")), path.name
        assert all(reading.text[p.start : p.end] == p.text for p in reading.passages), path.name
    assert len(files) > 115


def test_real_special_cases(govuk, shared):
    def real(name):
        return read_govuk((govuk / name).read_bytes())

    assert real("gone/frontend/gone.json").withdrawn
    assert real("redirect/frontend/redirect.json").attributes["redirect"].startswith("/maritime-safety")
    assert len(real("document_collection/frontend/document_collection.json").entries) == 9
    assert "Terrorism" in real("travel_advice/frontend/full-country.json").text
    assert real("html_publication/frontend/arabic_translation.json").language == "ar"
    malawi = read_govuk((shared / "data/real/RobertsMacros__cpin-explorer/malawi.publication.json").read_bytes())
    assert malawi.withdrawn and malawi.published.day == date(2016, 12, 9)
    assert malawi.entries[0].url.endswith("withdrawn.pdf")
