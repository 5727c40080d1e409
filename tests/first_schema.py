"""The home of the first schema that upgrades are tested from: a database and an archive file, stored compressed.

Made once, with the program of the first schema, and never again: python -m tests.first_schema [FOLDER]
"""

import lzma
import shutil
import sys
import tempfile
from pathlib import Path

from review import work
from store import comments, evidence, searches_log, signoffs, tags
from store.comments import Comment
from store.db import connect, writing
from store.evidence import EvidenceDecision
from store.home import Home
from store.searches_log import Search
from store.signoffs import Act
from store.snapshot import copy_database
from store.tags import TagDecision
from tests import site_home

STORED = Path(__file__).with_name("data") / "first_schema.db.xz"
ARCHIVE = Path(__file__).with_name("data") / "first_schema.warc.gz"
AT, NEXT = "2022-07-01T08:00:00Z", "2022-07-02T08:00:00Z"


def unpack(home: Home) -> Home:
    """The stored home, as the program of the first schema left it."""
    home.create()
    home.database.write_bytes(lzma.decompress(STORED.read_bytes()))
    shutil.copy(ARCHIVE, home.archive / "one.warc.gz")
    return home


def acts(home: Home, ids: dict[str, int]) -> None:
    """Let people decide, search, comment, propose and approve."""
    conn = connect(home)
    with writing(conn):
        said = TagDecision(
            passage_id=ids["admitted"], kind="group", value="conscripts", decision="accept", actor="anna", decided_at=AT
        )
        tags.decide(conn, said)
        for decision in ("reject", "accept"):
            word = EvidenceDecision(
                evidence_id=ids["evidence"], decision=decision, actor="anna", decided_at=AT, reason="read twice",
                reason_code="wrong_answer" if decision == "reject" else "",
            )  # fmt: skip
            evidence.decide(conn, word)
        search = Search(
            question_id="G1.3", country="RU", terms="призывники", languages=("ru",), period_from="2022-01-01",
            period_to="2022-06-30", source_id="paper", healthy=True, found=2, actor="bob", searched_at=AT,
        )  # fmt: skip
        searches_log.record(conn, [search])
        for restricted in (False, True):
            note = Comment(
                about="passage", about_id=str(ids["admitted"]), text="Ask the source again.", restricted=restricted,
                once=f"once-{restricted}", actor="anna", written_at=AT,
            )  # fmt: skip
            comments.add(conn, note)
        verdict = conn.execute("select max(id), status from verdicts where reading = 'reviewed'").fetchone()
        reason = "The evidence is as it was discussed."
        mine = signoffs.add(conn, Act(verdict_id=verdict[0], act="propose", status=verdict[1], reason=reason,
                                      actor="anna", signed_at=AT, expires_on="2022-12-31"))  # fmt: skip
        signoffs.add(conn, Act(verdict_id=verdict[0], act="approve", status=verdict[1], reason=reason, actor="bob",
                               signed_at=NEXT, proposal_id=mine))  # fmt: skip
    conn.close()


def main() -> None:
    folder = Path(sys.argv[1]) if len(sys.argv) > 1 else STORED.parent
    with tempfile.TemporaryDirectory() as scratch:
        home = Home(Path(scratch) / "home")
        ids = site_home.make(home)
        work.understand(home, say=print)
        acts(home, ids)
        copy_database(home.database, Path(scratch) / "one.db")
        (folder / STORED.name).write_bytes(lzma.compress((Path(scratch) / "one.db").read_bytes(), preset=9))
        shutil.copy(home.archive / "one.warc.gz", folder / ARCHIVE.name)


if __name__ == "__main__":
    main()
