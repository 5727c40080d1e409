"""A small store that lives: whatever can touch a verdict happens to it at random, and days pass."""

import json
import sqlite3
from datetime import date, timedelta
from random import Random

from review import relevance
from store import contradictions, documents, grades, presence, runs, signoffs
from store.db import writing
from store.model import KeptPassage, NewVersion, RunCounts
from store.signoffs import Act
from store.sources import sync
from tests.conftest import card

START = date(2024, 3, 1)
COUNTRIES, GROUPS, SCALE = ("AA", "BB"), ("g1", "g2"), ("none", "isolated", "regular", "systematic")
TYPES = ("media", "ngo", "party_to_the_conflict", "official_country_report")
SOURCES = tuple(f"s{n}" for n in range(6))


def declare(conn: sqlite3.Connection) -> None:
    """Sources, groups, and two questions of each group about each country."""
    with writing(conn):
        for n in range(len(SOURCES)):
            give_card(conn, n, "AABBCD"[n])
        conn.executemany("insert into target_groups values (?, ?, ?, 'a group', 1)", [(g, g, g) for g in GROUPS])
        for n in range(8):
            question(conn, n, version=1)
        conn.executemany(
            "insert into moratoria values (?, 'NL', ?, 'a moratorium', '', ?, '{}', '2020-01-01T00:00:00Z')",
            [(f"m{n}", COUNTRIES[n], json.dumps([f"q{n}", f"q{n + 2}"])) for n in range(2)],
        )


def question(conn: sqlite3.Connection, n: int, *, version: int) -> None:
    country, group = COUNTRIES[n % 2], GROUPS[n // 2 % 2]
    declared = {
        "country": country,
        "search_in": TYPES[: 1 + n % 3],
        "version": version,
        "subgroups": ["a", "b"][: n % 3],
    }
    conn.execute(
        """insert into questions (id, version, group_id, wording, wording_nl, scale_kind, scale, window_days, decisive,
             declaration, declared_at)
           values (?, ?, ?, 'What?', 'Wat?', 'extent', ?, ?, ?, ?, '2020-01-01T00:00:00Z')""",
        [f"q{n}", version, group, json.dumps(SCALE), (9, 20, 40)[n % 3], int(n < 6), json.dumps(declared)],
    )


def give_card(conn: sqlite3.Connection, n: int, grade: str) -> None:
    kind = TYPES[n % 4]
    about = json.dumps({"decisive_for": COUNTRIES[: 1 + n % 2], "grade": grade})
    changed = card(SOURCES[n], type=kind, grade=grade, owner=f"house{n % 5}", declaration=about)
    sync(conn, [changed], declared_at="2020-01-01T00:00:00Z")


class World:
    """The store with a clock; each act is one thing that people, sources or the rules do."""

    def __init__(self, conn: sqlite3.Connection, rng: Random) -> None:
        self.conn, self.rng, self.day, self.acts = conn, rng, START, 0

    @property
    def at(self) -> str:
        """The present instant; every act is a second later than the one before."""
        self.acts += 1
        return f"{self.day}T{8 + self.acts // 3600:02d}:{self.acts // 60 % 60:02d}:{self.acts % 60:02d}Z"

    def act(self) -> str:
        """Let something happen; return its name."""
        names = [name for name in dir(World) if name.startswith("do_")]
        often = ["do_publish"] * 24 + ["do_decide"] * 12 + ["do_link"] + ["do_sign"] * 4
        name = self.rng.choice(names + often)
        with writing(self.conn):
            getattr(self, name)()
        return name

    def one(self, table: str) -> sqlite3.Row | None:
        """Any row of a table."""
        found = self.conn.execute(f"select * from {table} order by 1").fetchall()
        return self.rng.choice(found) if found else None

    def do_publish(self) -> None:
        """A document comes in, new or edited, with answers to some questions; sometimes of a day to come."""
        rng = self.rng
        key, shift = f"d{rng.randrange(60)}", rng.choice((0, 0, 1, 1, 3, 3, 12, -4))
        texts = [f"Passage {rng.randrange(9)} of {key}." for _ in range(rng.choice((1, 1, 2)))]
        texts = list(dict.fromkeys(texts))
        passages, start = [], 0
        for text in texts:
            passages.append(KeptPassage(text=text, start=start, end=start + len(text)))
            start += len(text) + 1
        source = SOURCES[int(key[1:]) % len(SOURCES)]
        version = NewVersion(
            source_id=source, key=key, url=f"https://{source}.example/{key}", title=key, language="en",
            text="\n".join(texts), extractor="test", passages=tuple(passages), published_precision="day",
            published_on=str(self.day - timedelta(days=shift)),
            published_confidence=rng.choice(("normal", "normal", "low")),
        )  # fmt: skip
        now = self.at
        kept = documents.keep(self.conn, version, capture_id=None, seen_at=now, recorded_at=now)
        held = self.conn.execute("select * from passages where document_id = ?", [kept.document_id]).fetchall()
        for passage in held:
            self._answers(passage, shift)
        if rng.random() < 0.9:
            self.do_look_for_origins()

    def _answers(self, passage: sqlite3.Row, shift: int) -> None:
        rng, conn = self.rng, self.conn
        look = {
            step: conn.execute(
                """insert into examinations (passage_id, step, rules_version, examined_at) values (?, ?, ?, ?)""",
                [passage["id"], step, f"r{rng.random()}", self.at],
            ).lastrowid
            for step in ("tag", "evidence")
        }
        n = rng.choice((0, 0, 0, 1, 1, 2, 3, 4, 5, 6, 7))
        country, group = COUNTRIES[n % 2], GROUPS[n // 2 % 2]
        for kind, value in (("country", country), ("group", group)):
            conn.execute(
                "insert into mentions (examination_id, passage_id, kind, value, rule) values (?, ?, ?, ?, 'r')",
                [look["tag"], passage["id"], kind, value],
            )
        conn.execute(
            """insert into evidence (examination_id, passage_id, question_id, question_version, country, group_id,
                 answer, directness, facts_to, ongoing, place, subgroup, start, end, rule, proposed_by, proposed_at)
               select ?, ?, ?, max(version), ?, ?, ?, ?, ?, ?, ?, ?, 0, 5, 'r', 'test', ?
               from questions where id = ?""",
            [
                look["evidence"], passage["id"], f"q{n}", country, group, rng.choice((*SCALE, *["isolated"] * 16)),
                rng.choice(("direct", "direct", "reported")),
                rng.choice((None, *[str(self.day - timedelta(days=shift + rng.randrange(6)))] * 3)),
                int(rng.random() < 0.3),
                rng.choice(("", "", "north")), rng.choice(("", "", "", "a", "b")), self.at, f"q{n}",
            ],
        )  # fmt: skip

    def three_houses(self) -> None:
        """Three houses of two kinds that saw the same this day: enough for q0."""
        for source in ("s0", "s1", "s4"):
            text, now = f"Seen by {source}.", self.at
            version = NewVersion(
                source_id=source, key="seen", url=f"https://{source}.example/seen", title="Seen", language="en",
                text=text, extractor="test", passages=(KeptPassage(text=text, start=0, end=len(text)),),
                published_on=str(self.day), published_precision="day", published_confidence="normal",
            )  # fmt: skip
            kept = documents.keep(self.conn, version, capture_id=None, seen_at=now, recorded_at=now)
            self.conn.execute(
                """insert into evidence (examination_id, passage_id, question_id, question_version, country, group_id,
                     answer, directness, facts_to, start, end, rule, proposed_by, proposed_at)
                   select null, id, 'q0', 1, 'AA', 'g1', 'isolated', 'direct', ?, 0, 5, 'r', 'ada', ? from passages
                   where document_id = ?""",
                [str(self.day), now, kept.document_id],
            )
        self.do_look_for_origins()

    def crawl_well(self) -> None:
        for source in SOURCES:
            now = self.at
            run = runs.start(self.conn, source, now, origin="network", started_at=now)
            if run is not None:
                runs.finish(self.conn, run, RunCounts(rows=1), "ok", "", ended_at=now)

    def do_look_for_origins(self) -> None:
        self.conn.execute(
            """insert or ignore into linkings select id, 'r1', ? from versions where id not in
                 (select version_id from linkings)""",
            [self.at],
        )

    def do_decide(self) -> None:
        for _ in range(6):
            if row := self.one("evidence"):
                said = self.rng.choice((*["accept"] * 9, "reject", "unsure", "open"))
                self.conn.execute(
                    """insert into evidence_decisions (evidence_id, decision, reason, actor, decided_at, read_in)
                       values (?, ?, 'why', 'ada', ?, ?)""",
                    [row["id"], said, self.at, self.rng.choice((*["original"] * 9, "machine"))],
                )

    def do_say_what_it_is_about(self) -> None:
        if row := self.one("evidence"):
            kind, value = self.rng.choice((("group", row["group_id"]), ("country", row["country"])))
            self.conn.execute(
                """insert into tag_decisions (passage_id, kind, value, decision, reason, actor, decided_at)
                   values (?, ?, ?, ?, 'why', 'ada', ?)""",
                [row["passage_id"], kind, value, self.rng.choice(("reject", "accept", "open")), self.at],
            )

    def do_link(self) -> None:
        child, parent = self.one("documents"), self.one("documents")
        if child and parent and child["id"] != parent["id"]:
            key = f"doc:{parent['source_id']}:{parent['key']}"
            self.conn.execute("insert or ignore into origins values (?, ?, ?)", [key, key, self.at])
            self.conn.execute(
                """insert or ignore into origin_links (document_id, origin_id, rule, why, certainty, strength,
                     rules_version, found_at) values (?, ?, 'copy', 'why', ?, 0.9, ?, ?)""",
                [child["id"], key, self.rng.choice(("merged", "proposed")), self.rng.choice(("r1", "person")), self.at],
            )

    def do_end_or_revive_a_link(self) -> None:
        if row := self.one("origin_links"):
            self.conn.execute(
                "insert into origin_link_events (origin_link_id, event, at) values (?, ?, ?)",
                [row["id"], self.rng.choice(("ended", "again")), self.at],
            )

    def do_decide_on_a_link(self) -> None:
        if row := self.one("origin_links"):
            self.conn.execute(
                """insert into origin_decisions (origin_link_id, decision, reason, actor, decided_at)
                   values (?, ?, 'why', 'ada', ?)""",
                [row["id"], self.rng.choice(("split", "confirm")), self.at],
            )

    def do_withdraw_or_show_again(self) -> None:
        if row := self.one("documents"):
            state = self.rng.choice(("gone", "withdrawn", "live"))
            presence.mark_state(self.conn, row["id"], state, seen_at=self.at)

    def do_resolve(self) -> None:
        if row := self.one("evidence"):
            other = self.conn.execute(
                "select max(id) from evidence where question_id = ? and country = ?",
                [row["question_id"], row["country"]],
            ).fetchone()[0]
            self.conn.execute(
                """insert into contradictions (question_id, country, side_a, side_b, resolution, side, reason, actor,
                     decided_at) values (?, ?, ?, ?, ?, 'a', 'why', 'ada', ?)""",
                [row["question_id"], row["country"], f"[{row['id']}]", f"[{other}]",
                 self.rng.choice(("party_interest", "other_place", "other_subgroup")), self.at],
            )  # fmt: skip

    def do_take_a_resolution_back(self) -> None:
        if row := self.one("contradictions where id not in (select contradiction_id from contradiction_events)"):
            contradictions.undo(self.conn, row["id"], reason="why", actor="ada", at=self.at)

    def do_grade(self) -> None:
        give_card(self.conn, self.rng.randrange(len(SOURCES)), self.rng.choice("AABBBCD"))

    def do_sign(self) -> None:
        """Propose on any verdict that was kept, or answer a proposal, as who signs would."""
        verdict, proposal = self.one("verdicts"), self.one("signoffs where act = 'propose'")
        if verdict and (proposal is None or self.rng.random() < 0.4):
            ends = str(self.day + timedelta(days=self.rng.randrange(1, 30)))
            signoffs.add(self.conn, Act(verdict_id=verdict["id"], act="propose", status=verdict["effective"],
                                        reason="why", actor="ada", signed_at=self.at,
                                        expires_on=ends))  # fmt: skip
        elif proposal:
            act = self.rng.choice(("approve", "approve", "approve", "dissent", "withdraw"))
            signoffs.add(self.conn, Act(verdict_id=proposal["verdict_id"], act=act, status=proposal["status"],
                                        reason="why", actor="ben", signed_at=self.at,
                                        proposal_id=proposal["id"]))  # fmt: skip

    def do_end_a_moratorium(self) -> None:
        """Ended or annulled, also known before or after; or that is taken back."""
        event, day = self.one("moratorium_events where kind = 'ended'"), self.day
        back = event if event and self.rng.random() < 0.4 else None
        self.conn.execute(
            """insert into moratorium_events (moratorium_id, kind, on_day, known_on, confidence, retracts, actor,
                 recorded_at) values (?, ?, ?, ?, 'verified', ?, 'ada', ?)""",
            [back["moratorium_id"] if back else f"m{self.rng.randrange(2)}", "retracted" if back else "ended", str(day),
             str(day + timedelta(days=self.rng.randrange(-3, 6))), back["id"] if back else None, self.at],
        )  # fmt: skip

    def do_decide_on_a_grade(self) -> None:
        if found := grades.waiting(self.conn):
            grades.decide(
                self.conn, self.rng.choice(found).source_id, decision=self.rng.choice(("approve", "approve", "refuse")),
                graded_by="ada", reason="why", actor="ben", at=self.at,
            )  # fmt: skip

    def do_crawl_late(self) -> None:
        """A round of days ago ends only now: what was held a week before has another health since."""
        source, began = self.rng.choice(SOURCES), f"{self.day - timedelta(days=self.rng.randrange(12))}{self.at[10:]}"
        run = runs.start(self.conn, source, began, origin="network", started_at=began)
        if run is not None:
            runs.finish(self.conn, run, RunCounts(rows=1), self.rng.choice(("ok", "failed")), "", ended_at=self.at)

    def do_crawl(self) -> None:
        for source in SOURCES:
            now = self.at
            run = runs.start(self.conn, source, now, origin="network", started_at=now)
            if run is not None:
                status = self.rng.choice((*["ok"] * 9, "partial", "failed"))
                runs.finish(self.conn, run, RunCounts(rows=1), status, "", ended_at=now)

    def do_search(self) -> None:
        n = self.rng.randrange(8)
        self.conn.execute(
            """insert into search_log (question_id, country, terms, languages, period_from, period_to, source_id,
                 healthy, found, actor, searched_at)
               values (?, ?, 'words', 'en', '2024-01-01', ?, ?, ?, 0, 'ada', ?)""",
            [f"q{n}", COUNTRIES[n % 2], str(self.day), self.rng.choice(SOURCES), int(self.rng.random() < 0.8), self.at],
        )

    def do_ask_anew(self) -> None:
        n = self.rng.randrange(8)
        last = self.conn.execute("select max(version) from questions where id = ?", [f"q{n}"]).fetchone()[0]
        question(self.conn, n, version=last + 1)

    def do_declare_an_event(self) -> None:
        n, day = self.rng.randrange(3), self.day + timedelta(days=self.rng.randrange(-20, 20))
        known = self.rng.choice((None, str(day - timedelta(days=5))))
        self.conn.execute(
            """insert into watersheds (id, country, title, on_day, announced_on, announced, confirmed)
               values (?, ?, 'event', ?, ?, ?, 1) on conflict (id) do update set on_day = excluded.on_day,
                 announced_on = excluded.announced_on, announced = excluded.announced""",
            [f"w{n}", COUNTRIES[n % 2], str(day), known, int(self.rng.random() < 0.3)],
        )
        self.conn.execute("delete from watershed_questions where watershed_id = ?", [f"w{n}"])
        for question_id in self.rng.sample(range(8), 4):
            self.conn.execute("insert into watershed_questions values (?, ?)", [f"w{n}", f"q{question_id}"])

    def do_code(self) -> None:
        if row := self.one("evidence"):
            for coder in self.rng.sample(("ada", "ben"), self.rng.choice((1, 2))):
                self.conn.execute(
                    """insert or ignore into codings (passage_id, question_id, question_version, country, answer, blind,
                         actor, coded_at) select ?, ?, max(version), ?, ?, 1, ?, ? from questions where id = ?""",
                    [row["passage_id"], row["question_id"], row["country"],
                     self.rng.choice((row["answer"], "mixed", "not_relevant")), coder, self.at, row["question_id"]],
                )  # fmt: skip

    def score(self) -> None:
        """Relevance, by the real step: it comes after, and may lag behind."""
        relevance.score_new(self.conn, at=self.at)

    def pass_days(self) -> None:
        self.day, self.acts = self.day + timedelta(days=self.rng.choice((1, 1, 2, 3, 7, 8, 21))), 0
        if self.rng.random() < 0.8:
            with writing(self.conn):
                self.do_crawl()
