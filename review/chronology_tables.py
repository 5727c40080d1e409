"""The back-test on the chronology as tables: rows with their score, the golden table, and each origin left out.

The command prints them, and docs/backtest.md holds them: `python -m review.chronology_tables FILE`, on the example
archive, writes them there. A test makes them anew.
"""

import sqlite3
import sys
from collections import Counter
from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from datetime import UTC, date, datetime
from pathlib import Path

from review.assess import judge_country, speakers_of
from review.chronology import Scored, load, score
from review.explain import Explained, explain
from review.golden import Checked, check, golden
from review.method.model import Basis, Reading
from store.db import connect_readonly
from store.home import Home

DOC = Path(__file__).parents[1] / "docs" / "backtest.md"
HOLDS = {True: "yes", False: "**no**", None: "not scored"}


@dataclass(frozen=True, slots=True, kw_only=True)
class Table:
    """A heading, columns, rows of text, and a sentence that counts them."""

    name: str  # of its place in the document
    title: str
    head: tuple[str, ...]
    rows: tuple[tuple[str, ...], ...]
    counted: str


def of_rows(found: Sequence[Scored]) -> Table:
    """The chronology row by row."""
    asked = golden().questions
    counts = Counter(one.score for one in found)
    scored = counts["agrees"] + counts["differs"] + counts["nothing read"]
    rest = ", ".join(f"{counts[name]} {name}" for name in ("not held", "not scored") if counts[name])
    return Table(
        name="rows",
        title="The chronology, row by row",
        head=("Row", "Day", "It says", f"Read of it ({', '.join(asked)})", f"{asked[0]} that day", "Score"),
        rows=tuple(
            (
                one.row.id, str(one.row.on), one.row.polarity.replace("_", " "), ", ".join(one.read) or "-",
                one.status, one.score,
            )
            for one in found
        ),
        counted=f"{counts['agrees']} of {scored} scored rows agree; {rest or 'none is left out'}.",
    )  # fmt: skip


def of_golden(found: Sequence[Checked]) -> Table:
    """What is expected by day, and what came out."""
    held = [one for one in found if one.holds is not None]
    return Table(
        name="golden",
        title="The golden table",
        head=("As of", "Expected", "Computed", "Holds", "What the state did"),
        rows=tuple(
            (str(one.expected.on), one.expected.says, one.computed, HOLDS[one.holds], one.expected.state)
            for one in found
        ),
        counted=f"{sum(bool(one.holds) for one in held)} of {len(held)} hold; {len(found) - len(held)} not scored.",
    )


def of_left_out(found: Iterable[Explained]) -> Table:
    """The status on each day, and without each origin that has a part in it."""
    rows: list[tuple[str, ...]] = []
    changed = 0
    for one in found:
        outcome = one.judged.outcome
        tests = (one.weighed.current, one.weighed.unambiguous, one.weighed.reliable)
        rows.append((str(one.case.as_of), "nothing", *map(str, tests), str(outcome.status)))
        for left in one.without:
            differs = left.status is not outcome.status
            changed += differs
            status = f"**{left.status}**" if differs else str(left.status)
            rows.append((str(one.case.as_of), left.label, *map(str, left.tests), status))
    return Table(
        name="left-out",
        title=f"{golden().left_out} with each origin left out",
        head=("As of", "Left out", "CURRENT", "UNAMBIGUOUS", "RELIABLE", "Status"),
        rows=tuple(rows),
        counted=f"{changed} of {sum(row[1] != 'nothing' for row in rows)} change the status; leaving one out is the "
        "same as never having had it.",
    )


def left_out(conn: sqlite3.Connection, days: Iterable[date], *, today: date) -> list[Explained]:
    """The question judged on each day, with the status without each origin (public basis, provisional reading)."""
    speakers = speakers_of(conn)
    return [
        explain(judged)
        for day in days
        for judged in judge_country(
            conn, golden().country, as_of=day, basis=Basis.PUBLIC, reading=Reading.PROVISIONAL, today=today,
            speakers=speakers, question=golden().left_out,
        )
    ]  # fmt: skip


def tables(conn: sqlite3.Connection, chronology: Path, *, today: date) -> list[Table]:
    """All three. Raises ChronologyError where the file is none."""
    rows = load(chronology)
    return [
        of_rows(score(conn, rows, today=today)),
        of_golden(check(conn, today=today)),
        of_left_out(left_out(conn, golden().left_out_on, today=today)),
    ]


def markdown(table: Table) -> str:
    """A table as the document holds it."""
    lines = [table.head, tuple("---" for _ in table.head), *table.rows]
    body = "\n".join("| " + " | ".join(cell.replace("|", "\\|") for cell in line) + " |" for line in lines)
    return f"{body}\n\n{table.counted}"


def written(text: str, found: Iterable[Table]) -> str:
    """The document with its tables made anew between their marks. Raises ValueError where a mark is missing."""
    for table in found:
        first, last = f"<!-- made: {table.name} -->", f"<!-- end: {table.name} -->"
        if text.count(first) != 1 or text.count(last) != 1:
            raise ValueError(f"{DOC.name}: the marks {first} and {last} must stand in it once")
        head, rest = text.split(first)
        text = f"{head}{first}\n\n{markdown(table)}\n\n{last}{rest.split(last)[1]}"
    return text


if __name__ == "__main__":
    made = tables(connect_readonly(Home.from_environment()), Path(sys.argv[1]), today=datetime.now(UTC).date())
    DOC.write_text(written(DOC.read_text("utf-8"), made), "utf-8")
