"""Linking what is new against what is held gives the links of a full run, in any order and any split into batches."""

import json
import tempfile
from dataclasses import dataclass
from itertools import pairwise
from pathlib import Path

import pytest
from hypothesis import HealthCheck, example, given, settings
from hypothesis import strategies as st

from review.origins import link
from review.origins_attribution import shipped_speakers
from review.origins_linking import link_new
from review.origins_rows import documents_of, rows_of
from store import documents
from store.db import connect, writing
from store.home import Home
from store.model import KeptNote, KeptPassage, NewVersion
from store.origins import LinkRow
from store.sources import sync
from tests.conftest import card

STORY = (
    "Eleven conscripts of the Yelnya garrison were taken across the border near Sumy on a lorry. "
    "Svetlana Morozova, whose brother Artyom is one of them, keeps a list with 117 entries in an exercise book. "
    "The commander of the regiment, Colonel Derbenev, answered none of the questions put to him in writing. "
    "A lawyer in Smolensk has now filed 23 complaints with the garrison prosecutor on behalf of families."
)
DUTCH = (
    "Svetlana Morozova houdt bij Smolensk een lijst bij van 117 mannen, en Kolonel Derbenev zwijgt over 23 klachten. "
    "Elf dienstplichtigen uit Yelnya werden bij Sumy over de grens gebracht."
)
FOOTER = (
    "This paper is printed in the north and read by fishermen every Friday. "
    "Whoever wants to advertise here may ring the office before noon on a working day."
)
EDITED = (  # one word of each sentence is another: only fingerprints tell
    "Eleven conscripts of the Yelnya garrison were taken over the border near Sumy on a lorry. "
    "Svetlana Morozova, whose brother Artyom is one of them, keeps a list with 117 names in an exercise book. "
    "The commander of the regiment, Colonel Derbenev, answered none of the letters put to him in writing. "
    "A lawyer in Smolensk has now filed 23 complaints with the garrison prosecutor on behalf of parents."
)
WIRE = (
    "The harbour of the town froze later than in any winter since somebody began to write it down. "
    "Pilots who guide the ships through the channel had to wait for weeks before they could begin."
)
MARKED = "A mother told a court what her son wrote to her about the march."


@dataclass(frozen=True, slots=True)
class Page:
    """A document that arrives: its source, key, day of April 2022, text and links; `notes` hang on its text's end."""

    source: str
    key: str
    day: int
    text: str
    title: str = ""
    links: tuple[str, ...] = ()
    notes: tuple[str, ...] = ()


PAGES = (
    Page("a", "story", 4, STORY, "Eleven men are gone"),
    Page("b", "copy", 3, f"Update. {STORY}"),
    Page("b", "copy", 3, "Nothing is known about the men of the garrison any more, says the office in a letter."),
    Page("c", "retold", 6, "The Publisher of a reports that Svetlana Morozova counts 117 men. Derbenev of Smolensk "
         "has 23 complaints.", "Retold"),
    Page("d", "linked", 9, "Publisher of b writes that the men are gone and nobody answers.",
         links=("https://b.example/copy",)),
    Page("e", "dutch", 5, DUTCH, "Elf mannen"),
    *(Page("f", f"stock{n}", 2 + n, f"{FOOTER} Fish number {n} was caught by {'abc' * n} today.") for n in range(5)),
    Page("g", "footer", 8, f"A rival prints this. {FOOTER}"),
    Page("a", "told", 7, "Conscripts are fighting, according to Ivan Petrov of the committee in Pskov."),
    Page("b", "told", 12, "Lawyer Ivan Petrov of the committee in Pskov told us that men are being sent."),
    Page("c", "told", 1, "Ivan Petrov said on the phone that no man came back."),
    Page("h", "report", 20, MARKED, notes=(
        "Publisher of a, Eleven men are gone, 4 April 2022.", "Elsewhere Post, 5 April 2022.",
        "Publisher of e, 5 April 2022.")),
    Page("i", "report", 21, "Nobody at the registry would confirm how many of them had returned by June.", notes=(
        "Elsewhere Post, 5 April 2022, https://elsewhere.example/5.", "https://b.example/copy",)),
    Page("c", "worded", 28, EDITED),
    Page("g", "short", 2, "He came. They saw it. We left."),
    Page("h", "short", 3, "He came. They saw it. We left."),
    Page("i", "unmarked", 13, WIRE),
    Page("d", "marked", 14, f"OSLO (Reuters) - {WIRE}"),
    Page("b", "channel", 15, "Men left the camp, the Telegram channel Rybar writes."),
    Page("c", "headed", 16, "Rybar: The men came back."),
    Page("d", "told", 17, "I. Petrov said on the phone that the men were gone."),
    Page("g", "round", 22, "Conscripts of one regiment went missing at the river, Publisher of h reports."),
    Page("h", "round", 23, "Conscripts of that regiment went missing near the river, Publisher of i reports."),
    Page("i", "round", 22, "Conscripts of a regiment are missing by the river, Publisher of g reports."),
    Page("e", "filled", 26, "Eleven conscripts of the indeed Yelnya garrison were taken indeed across the border near "
         "indeed Sumy on a lorry indeed."),
    Page("f", "incident", 24, "Six men were killed near Kupiansk on 20 April 2022, neighbours think."),
    Page("i", "incident", 25, "On 20 April 2022 shells fell on Kupiansk and a few were found dead."),
    Page("a", "letters", 27, WIRE.replace("a", "\u0430")),
)  # fmt: skip


def new_version(page: Page) -> NewVersion:
    notes = tuple(
        KeptNote(number=str(n), text=text, at=len(page.text) - len(page.notes) + n)
        for n, text in enumerate(page.notes, 1)
    )
    passage = KeptPassage(text=page.text, start=0, end=len(page.text), language="en", notes=notes)
    return NewVersion(
        source_id=page.source, key=page.key, url=f"https://{page.source}.example/{page.key}", title=page.title,
        language="nl" if page.key == "dutch" else "en", text=page.text, extractor="test 1", passages=(passage,),
        published_on=f"2022-04-{page.day:02}", published_precision="day", published_from="the page",
        published_confidence="normal", links=page.links,
    )  # fmt: skip


def facts(row: LinkRow) -> tuple[object, ...]:
    return (
        row.document_id, row.passage_id, row.start, row.end, row.origin_id, row.rule, row.why, row.certainty,
        row.strength, json.dumps(row.via),
    )  # fmt: skip


def arrive(conn, batches: list[list[Page]]) -> None:
    """Let the pages come in batch by batch, and look for origins after each."""
    hour = 0
    for batch in batches:
        with writing(conn):
            for page in batch:
                hour += 1
                at = f"2022-05-{1 + hour // 24:02}T{hour % 24:02}:00:00Z"
                documents.keep(conn, new_version(page), capture_id=None, seen_at=at, recorded_at=at)
        link_new(conn, shipped_speakers(), at=f"2022-06-01T00:{hour:02}:00Z")


def in_force(conn) -> set[tuple[object, ...]]:
    columns = "document_id, passage_id, start, end, origin_id, rule, why, certainty, strength, via"
    return {tuple(row) for row in conn.execute(f"select {columns} from current_origin_links")}


def full_run(conn) -> set[tuple[object, ...]]:
    held = documents_of(conn)
    ids = {doc.key: number for number, doc in held.items()}
    return {facts(row) for step in link(list(held.values())) for row in rows_of(conn, step, ids)}


def opened(folder: str):
    conn = connect(Home(Path(folder) / "home"))
    for source in "abcdefghi":
        sync(conn, [card(source)], declared_at="2022-01-01T00:00:00Z")
    return conn


@given(order=st.permutations(PAGES), cuts=st.sets(st.integers(1, len(PAGES) - 1), max_size=6))
@example(order=list(PAGES), cuts=set(range(1, len(PAGES))))
@example(order=list(reversed(PAGES)), cuts=set(range(1, len(PAGES))))
@settings(max_examples=12, deadline=None, suppress_health_check=[HealthCheck.too_slow])
def test_any_order_and_any_batches_give_the_links_of_a_full_run(order, cuts):
    ends = [0, *sorted(cuts), len(order)]
    with tempfile.TemporaryDirectory() as folder:
        conn = opened(folder)
        for start, end in pairwise(ends):
            arrive(conn, [list(order[start:end])])
            assert in_force(conn) == full_run(conn)
        conn.close()


def test_the_pages_have_links_of_every_kind():
    with tempfile.TemporaryDirectory() as folder:
        conn = opened(folder)
        arrive(conn, [list(PAGES)])
        rules = {row[5] for row in in_force(conn)}
        conn.close()
    assert rules >= {"copy", "attribution", "hyperlink", "footnote", "statement", "translation", "wire"}


def test_nothing_new_costs_nothing_and_keeps_everything():
    with tempfile.TemporaryDirectory() as folder:
        conn = opened(folder)
        arrive(conn, [list(PAGES)])
        before = in_force(conn)
        assert link_new(conn, shipped_speakers(), at="2022-07-01T00:00:00Z") == 0
        assert in_force(conn) == before
        assert conn.execute("select count(*) from origin_link_events").fetchone()[0] == 0
        conn.close()


@pytest.mark.parametrize("table", ["origin_link_events", "origin_rules"])
def test_what_ended_is_only_ever_added(conn, table):
    names = {row[0] for row in conn.execute("select name from sqlite_master where type = 'trigger'")}
    assert {f"{table}_no_update", f"{table}_no_delete"} <= names
