"""What a home holds, comparable between homes; and `coi demo` killed, run again and compared."""

import os
import signal
import sqlite3
import subprocess
import sys
import time
from collections.abc import Iterator
from pathlib import Path

PROJECT = Path(__file__).resolve().parents[2]
# What a run leaves behind, by what it is: without row numbers and without the clock of this machine.
ROWS = {
    "sources": "select id, grade, declaration from sources",
    "runs": "select source_id, slot, status, rows, new, changed, unchanged, gone, failed, message from runs",
    "captures": "select url, fetched_at, status, sha256, bytes from captures",
    "documents": "select source_id, key, title, language, published_on, state from documents",
    "versions": """select d.source_id, d.key, v.seen_at, v.text_sha256, v.extractor, v.cause, v.public_on,
                     v.published_on
                   from versions v join documents d on d.id = v.document_id""",
    "passages": """select d.source_id, d.key, p.text_sha256, p.language, v.seen_at, vp.position, vp.page, vp.heading
                   from version_passages vp join passages p on p.id = vp.passage_id
                   join versions v on v.id = vp.version_id join documents d on d.id = v.document_id""",
    "index": """select text, rowid in (select rowid from passages_fts where passages_fts match 'conscripts')
                from passages""",
    "mentions": """select p.text_sha256, d.source_id, d.key, m.kind, m.value, m.start, m.end, m.rule from mentions m
                   join current_examinations x on x.id = m.examination_id
                   join passages p on p.id = m.passage_id join documents d on d.id = p.document_id""",
    "evidence": """select p.text_sha256, d.source_id, d.key, e.question_id, e.answer, e.start, e.end, e.rule,
                     e.facts_to, e.attributed_to
                   from current_evidence e join passages p on p.id = e.passage_id
                   join documents d on d.id = p.document_id""",
    "origins": """select d.source_id, d.key, p.text_sha256, l.origin_id, l.rule, l.certainty from origin_links l
                  join documents d on d.id = l.document_id left join passages p on p.id = l.passage_id""",
    "verdicts": "select as_of, basis, reading, question_id, inputs_digest, status, effective from verdicts",
}  # fmt: skip


def rows_of(home: Path) -> dict[str, list[tuple[object, ...]]]:
    """Everything a home holds, comparable between machines and runs."""
    conn = sqlite3.connect(f"file:{home / 'coi.db'}?mode=ro", uri=True)
    try:
        return {name: sorted(map(repr, conn.execute(sql))) for name, sql in ROWS.items()}  # type: ignore[misc]
    finally:
        conn.close()


def start(home: Path, *arguments: str, quiet: bool = True) -> subprocess.Popen[bytes]:
    """Start a coi command in a session of its own, so that it can be killed with all its children."""
    environment = os.environ | {"COI_HOME": str(home)}
    said = subprocess.DEVNULL if quiet else subprocess.PIPE
    return subprocess.Popen(
        [sys.executable, "-m", "coi", *arguments], cwd=PROJECT, env=environment, start_new_session=True,
        stdout=said, stderr=subprocess.DEVNULL,
    )  # fmt: skip


def demo(home: Path) -> float:
    """Run the demo undisturbed; return how many seconds it took."""
    began = time.monotonic()
    if start(home, "demo", "--no-serve").wait(timeout=300):
        raise RuntimeError(f"the undisturbed demo in {home} failed")
    return time.monotonic() - began


def killed(home: Path, moments_s: Iterator[float], *, everyone: bool) -> int:
    """Start the demo and kill it at each moment (only the parent, or everyone); return how often it was alive then."""
    hit = 0
    for moment in moments_s:
        process = start(home, "demo", "--no-serve")
        try:
            process.wait(timeout=moment)
        except subprocess.TimeoutExpired:
            hit += 1
            (os.killpg if everyone else os.kill)(process.pid, signal.SIGKILL)
            process.wait()
    return hit


def differences(one: dict[str, list[tuple[object, ...]]], other: dict[str, list[tuple[object, ...]]]) -> list[str]:
    """Name the tables whose rows differ, with an example of each."""
    found = []
    for name in one:
        if one[name] != other[name]:
            only = [row for row in one[name] if row not in set(other[name])] or ["(numbers differ)"]
            extra = [row for row in other[name] if row not in set(one[name])] or ["(numbers differ)"]
            found.append(f"{name}: {len(one[name])} against {len(other[name])}, e.g. {only[0]} against {extra[0]}")
    return found
