"""What was public and not held: by source, on a day, as a list, as JSON and on the page of the sources."""

from datetime import date

from review.missed import as_json, missed, said
from store.db import connect
from tests.site_home import make


def test_a_document_counts_between_its_publication_and_the_day_we_held_it(home):
    make(home)
    conn = connect(home)
    assert missed(conn, date(2021, 4, 6)) == ()
    (report,) = missed(conn, date(2021, 4, 7))
    assert (report.source_id, len(report.documents), report.evidence) == ("report", 1, 1)
    (late,) = report.documents
    assert (late.public_on, late.held_on) == (date(2021, 4, 7), date(2022, 6, 20))
    assert late.days == report.longest == 439
    assert {one.source_id for one in missed(conn, date(2022, 6, 19))} == {"report", "paper", "watch", "party"}
    assert missed(conn, date(2022, 6, 20)) == ()
    conn.close()


def test_the_source_with_most_missing_answers_comes_first_and_is_said(home):
    make(home)
    conn = connect(home)
    found = missed(conn, date(2022, 6, 19))
    assert [one.evidence for one in found] == [1, 1, 1, 0]
    assert "report: news" not in said(found)
    assert "(report): 1 documents with 1 answers, at most 439 days late" in said(found)
    assert as_json(found)["missed"][-1]["source"] == "watch"
    assert said(()) == "Everything that we hold now and was public by then was held then."
    conn.close()
