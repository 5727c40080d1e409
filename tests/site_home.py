"""A small home with real rows and a real archive, for the tests of the site: who said what on Russian conscripts."""

import json
from hashlib import sha256

from crawler.warc import Exchange, WarcFile
from review import register
from store import captures, documents, evidence, origins, runs, sources, tags
from store.db import connect, writing
from store.evidence import EvidenceRow
from store.home import Home
from store.model import Capture, KeptPassage, NewVersion, RunCounts, SourceCard
from store.origins import LinkRow
from store.tags import MentionRow

AT = "2022-06-20T06:00:00Z"
LATER = "2022-06-25T06:00:00Z"
EVIL = '<script>alert("title")</script>'
ADMITTED = "Conscripts from Pskov were sent across the border and fought near Kharkiv."
DENIED = "No conscript takes part in the special operation."
OLD = "In 2021 no conscripts were sent abroad."
RUSSIAN = "Призывники из Пскова воевали под Харьковом."
EDITED = "Relatives of three conscripts wait for news. Two have been found."


def card(
    id_: str, publisher: str, type_: str, grade: str, interests: str = "", decisive_for: tuple[str, ...] = ()
) -> SourceCard:
    """A source with no more than what differs."""
    return SourceCard(
        id=id_, title=f"{publisher}: news", publisher=publisher, owner=publisher, type=type_, grade=grade,
        grade_reason="Names its witnesses and corrects its errors.", interests=interests, language="en", shape="feed",
        every_s=86_400, terms="", homepage="https://paper.example/",
        declaration=json.dumps({"decisive_for": decisive_for}),
    )  # fmt: skip


CARDS = (
    card("report", "Ministry of Example", "official_country_report", "A", decisive_for=("RU",)),
    card("paper", "Example Paper", "media", "B"),
    card("watch", "Example Watch", "ngo", "B"),
    card("party", "Example Army", "party_to_the_conflict", "D", "Wants the war to look like a success."),
)


def make(home: Home) -> dict[str, int]:
    """Fill a home; return the ids that tests name: documents by key, passages by what they say, a capture."""
    conn = connect(home)
    ids: dict[str, int] = {}
    with writing(conn):
        register.sync(conn, None, at=AT)
        sources.sync(conn, CARDS, declared_at=AT)
        conn.execute("insert into settings (key, value) values ('example', '1')")
        ids["capture"] = keep_capture(conn, home)
        paper = keep(conn, "paper", "pskov", "2022-06-01", (ADMITTED, RUSSIAN), capture_id=ids["capture"])
        keep(conn, "watch", "mothers", "2022-06-10", ("Relatives of three conscripts wait for news.",))
        ids["edited"] = keep(conn, "watch", "mothers", "2022-06-10", (EDITED, "They write letters."), seen_at=LATER)
        denial = keep(conn, "party", "denial", "2022-04-01", (DENIED,), url="javascript:alert(1)")
        report = keep(conn, "report", "general", "2021-04-07", (OLD,), title=EVIL, page=14)
        ids |= {"paper": paper, "denial": denial, "report": report}
        for name, text in (("admitted", ADMITTED), ("russian", RUSSIAN), ("denied", DENIED), ("old", OLD)):
            ids[name] = passage_of(conn, text)
        mention(conn, ids["admitted"], ADMITTED, "Conscripts")
        answer(conn, ids["admitted"], ADMITTED, "isolated", "direct", "2022-05-30")
        answer(conn, ids["denied"], DENIED, "none", "direct", "2022-04-01")
        answer(conn, ids["old"], OLD, "none", "general", "2021-03-31")
        ids["evidence"] = conn.execute("select min(id) from evidence").fetchone()[0]
        link(conn, ids)
        failed = runs.start(conn, "watch", "2022-06-25", origin="network", started_at=LATER)
        assert failed is not None
        runs.problem(conn, failed, "https://watch.example/feed", "11 bytes", "look at the address", seen_at=LATER)
        runs.finish(conn, failed, RunCounts(requests=1, failed=1), "failed", "the feed is empty", ended_at=LATER)
    conn.close()
    return ids


def keep_capture(conn, home: Home) -> int:
    """Write one record into the archive and index it."""
    body = b"<html><script>alert('bytes')</script></html>"
    with WarcFile(home.archive / "one.warc.gz", {"software": "tests"}) as warc:
        place = warc.response(
            Exchange(
                url="https://paper.example/pskov", fetched_at=AT, status=200,
                headers=(("Content-Type", "text/html"),), body=body,
            )
        )  # fmt: skip
    found = Capture(
        url="https://paper.example/pskov", fetched_at=AT, status=200, media_type="text/html", etag=None,
        last_modified=None, sha256=sha256(body).hexdigest(), bytes=len(body), warc_file=place.file,
        warc_offset=place.offset, warc_length=place.length,
    )  # fmt: skip
    return captures.record(conn, found, recorded_at=AT)


def keep(
    conn, source, key, published, texts, *, seen_at=AT, title="", url=None, page=None, capture_id=None
) -> int:  # fmt: skip
    """Keep a version of a document; return the document's id."""
    passages, start = [], 0
    for text in texts:
        language = "ru" if "р" in text else "en"
        passages.append(
            KeptPassage(text=text, start=start, end=start + len(text), page=page, heading="News", language=language)
        )
        start += len(text) + 1
    version = NewVersion(
        source_id=source, key=key, url=url or f"https://{source}.example/{key}", title=title or f"About {key}",
        language="en", text="\n".join(texts), extractor="test 1", passages=tuple(passages), published_on=published,
        published_precision="day", published_from="the page's own date", published_confidence="normal",
    )  # fmt: skip
    return documents.keep(conn, version, capture_id=capture_id, seen_at=seen_at, recorded_at=seen_at).document_id


def link(conn, ids: dict[str, int]) -> None:
    """Let the rules have found a copy, what it copies from elsewhere, and words that somebody else said."""
    steps = (
        LinkRow(
            document_id=ids["edited"], origin_id="doc:paper:pskov", origin_label="About pskov", rule="copy",
            why="90% of the shorter text stands in both.", certainty="merged", strength=0.9,
        ),
        LinkRow(
            document_id=ids["paper"], origin_id="named:agency", origin_label="Agency Elsewhere", rule="named",
            why="The text names Agency Elsewhere.", certainty="proposed", strength=0.5, via=("A Friend",),
        ),
        LinkRow(
            document_id=ids["denial"], origin_id="said:army:2022-04-01", origin_label="army, 2022-04-01",
            rule="statement", why="A statement is reported.", certainty="proposed", strength=1.0,
            passage_id=passage_of(conn, DENIED), start=0, end=12,
        ),
    )  # fmt: skip
    origins.keep_links(conn, steps, rules_version="test-1", at=AT)


def passage_of(conn, text: str) -> int:
    return conn.execute("select id from passages where text = ?", [text]).fetchone()[0]


def mention(conn, passage_id: int, text: str, word: str) -> None:
    """Let a rule have found the group in a word, and the country in the passage as a whole."""
    start = text.index(word)
    examination = tags.examined(conn, passage_id, "tag", "test-1", at=AT)
    tags.keep_mentions(
        conn,
        examination,
        passage_id,
        [
            MentionRow(kind="group", value="conscripts", rule="word", start=start, end=start + len(word)),
            MentionRow(kind="country", value="RU", rule="place"),
        ],
    )


def answer(conn, passage_id: int, text: str, value: str, directness: str, facts_to: str) -> None:
    """Let the rules have proposed an answer to G1.3."""
    version = conn.execute("select version from current_questions where id = 'G1.3'").fetchone()[0]
    examination = tags.examined(conn, passage_id, "evidence", "test-1", at=AT)
    row = EvidenceRow(
        passage_id=passage_id, question_id="G1.3", question_version=version, country="RU", group_id="conscripts",
        answer=value, directness=directness, start=0, end=len(text), rule="test", proposed_by="rules test-1",
        proposed_at=AT, examination_id=examination, facts_to=facts_to, why="the words say so",
    )  # fmt: skip
    evidence.keep_all(conn, [row])
