"""docs/method-worked.md: one verdict of the example archive, every number recomputed by hand from the listed items.

Run `coi demo --no-serve` in an empty home, then `python -m review.worked_doc` with that COI_HOME. A test recomputes
the page with a table and a calendar only, and compares it with the verdict.
"""

import textwrap
from collections import Counter
from collections.abc import Iterator
from datetime import UTC, date, datetime, timedelta
from pathlib import Path

from review.assess import judge_country, speakers_of
from review.explain import Explained, Part, explain, missing_votes
from review.method.model import Basis, Reading, Status
from review.method.status import START, STEPS
from review.method.thresholds import RULES
from store.db import connect_readonly
from store.home import Home

DOCS = Path(__file__).parents[1] / "docs"
DAY = date(2022, 6, 29)
WHY = {
    Part.VOTES: "is its origin's latest answer, sure and in time: it votes",
    Part.LATE: "is its origin's latest answer, of facts before the first day in time: no support, only dissent",
    Part.UNSURE: "is its origin's latest answer, but only its day of publication is known: never in time",
    Part.SPLIT: "stands beside another answer of its origin of the same day: no vote in time",
    Part.BEHIND: "stands behind a later answer of its origin, or the first to say the same",
    Part.UNDATED: "has no day of its own, and its origin has an answer that has, or has said it before",
    Part.BEFORE: "is background: its facts end before the watershed",
    Part.WEAK: "is a weak voice: its grade is below C (`lowest_voting_grade`)",
    Part.OFF: "is no answer: unknown, unclear or mixed",
    Part.STRUCK: "was set aside by a resolution",
}


def of(home: Home) -> Explained:
    """The verdict of the page, judged on a home that holds the example archive."""
    conn = connect_readonly(home)
    (judged,) = judge_country(
        conn, "RU", as_of=DAY, basis=Basis.PUBLIC, reading=Reading.PROVISIONAL, today=datetime.now(UTC).date(),
        speakers=speakers_of(conn), question="G1.3",
    )  # fmt: skip
    conn.close()
    return explain(judged)


def render(found: Explained) -> str:
    """The page as it must read for this verdict."""
    lines = "\n".join([*_head(found), *_items(found), *_tests(found), *_status(found), *_without(found)]).split("\n\n")
    return (
        "\n\n".join(part if part.lstrip()[:2] in ("| ", "- ", "# ", "##") else _folded(part) for part in lines) + "\n"
    )


def _folded(paragraph: str) -> str:
    return textwrap.fill(" ".join(paragraph.split()), 118, break_on_hyphens=False)


def _head(found: Explained) -> Iterator[str]:
    days = found.case.question.window_days
    yield "# One verdict by hand\n"
    yield (
        f"Country RU, group conscripts, question G1.3 (*{found.judged.asked.wording}*), as of **{DAY}**, public basis, "
        "provisional reading, on the example archive.\nMade by `python -m review.worked_doc`; do not edit. "
        f"`coi explain RU conscripts G1.3 --as-of {DAY}` prints the same items with titles and\nquotations. A test "
        "recomputes this page from its table with a calendar only, and compares it with the verdict.\n"
    )
    yield "## 1. What counts in time\n"
    yield (
        f"Window of the question: {days} days. {DAY} less {days} days is {DAY - timedelta(days=days)}. The last "
        f"watershed that lists the question is {found.since}.\nThe later of the two is the first day in time: "
        f"**{found.earliest}**, inclusive.\n"
    )


def _items(found: Explained) -> Iterator[str]:
    lines = [(number, one, line) for number, one in enumerate(found.origins, 1) for line in one.lines]
    yield "## 2. The items\n"
    yield (
        f"{len(lines)} items of {len(found.origins)} origins were public by that day. *Facts to* is the day that "
        "counts; it is *sure* where it is known, and not only the day of publication. The grade is the one it votes "
        "with.\n"
    )
    yield "| Item | Origin | Source type | Owner | Grade | Answer | Facts to | Sure | Directness | Part |"
    yield "|---|---|---|---|---|---|---|---|---|---|"
    for number, one, line in lines:
        yield (
            f"| {line.id} | {number} | {one.type} | {one.owner} | {line.grade} | {line.answer} | {line.facts_on} | "
            f"{'yes' if line.sure else 'no'} | {line.directness} | {line.part} |"
        )
    yield ""
    counted = Counter(line.part for _, _, line in lines)
    for part in Part:
        if counted[part]:
            yield f"- *{part}* ({counted[part]}): an item that {WHY[part]}."
    yield ""


def _tests(found: Explained) -> Iterator[str]:
    tally, held, outcome = found.weighed.tally, found.support, found.judged.outcome
    votes, against = len(tally.carriers), len(tally.against)
    yield f"## 3. CURRENT: {found.weighed.current}\n"
    timely = [str(n) for n, one in enumerate(found.origins, 1) if one.in_time]
    yield (
        f"In time vote origins {', '.join(timely)}: **{len(timely)}**. A pass needs {RULES.current_pass_origins} "
        f"(`current_pass_origins`), weak {RULES.current_weak_origins} (`current_weak_origins`)."
    )
    if outcome.stale_on:
        yield (
            f"If nothing new arrives, on **{outcome.stale_on}** fewer than {RULES.current_pass_origins} are left: a "
            f"vote is in time up to {found.case.question.window_days} days after its facts."
        )
    yield f"\n## 4. UNAMBIGUOUS: {found.weighed.unambiguous}\n"
    if tally.agreement is not None:
        yield (
            f"The leading answer is *{tally.mode}*: {votes} in time for it, {against} for another value since the "
            f"watershed. Agreement = {votes} / ({votes} + {against}) =\n**{float(tally.agreement):.2f}**; a pass needs "
            f"{RULES.agreement_pass} (`agreement_pass`), {RULES.agreement_fail} or below fails (`agreement_fail`). "
            f"Open contradictions: {len(tally.contradictions)}."
        )
    yield f"\n## 5. RELIABLE: {found.weighed.reliable}\n"
    yield (
        f"Behind *{tally.mode}* in time: owner groups **{len(held.owners)}** ({', '.join(held.owners)}), source types "
        f"**{len(held.types)}** ({', '.join(held.types)}), direct items **{len(held.direct)}**.\nA pass needs "
        f"{RULES.owners_pass} owner groups, {RULES.types_pass} types and {RULES.direct_pass} direct (`owners_pass`, "
        f"`types_pass`, `direct_pass`) and not only parties; {RULES.owners_weak} owner groups are weak "
        "(`owners_weak`).\n"
    )


def _status(found: Explained) -> Iterator[str]:
    outcome, seen = found.judged.outcome, found.judged.coverage
    yield "## 6. Gates and status\n"
    yield (
        f"Gates closed: {', '.join(outcome.gates_closed) or 'none'}. Of {seen.decisive} decisive sources "
        f"{seen.decisive - len(seen.not_searched)} were searched in the window; {RULES.gate_coverage} of them "
        "is needed (`gate_coverage`)."
    )
    yield (
        f"The status on the day is **{outcome.status}**, a week before it was {outcome.status_week_before}; "
        f"effective is the lower, **{outcome.effective}**.\nIt falls on {outcome.falls_on} if nothing new arrives.\n"
    )
    level = STEPS[START[Status(outcome.status)]]
    yield (
        f"Certainty starts at {level} for {outcome.status}; one step down for each of: "
        f"{', '.join(outcome.certainty_steps) or 'nothing'}. That is **{outcome.certainty}**.\n"
    )


def _without(found: Explained) -> Iterator[str]:
    number = {one.id: n for n, one in enumerate(found.origins, 1)}
    yield "## 7. Without one origin\n"
    yield "| Left out | CURRENT | UNAMBIGUOUS | RELIABLE | Status |"
    yield "|---|---|---|---|---|"
    for one in found.without:
        yield f"| {number[one.origin]} | {' | '.join(one.tests)} | {one.status} |"
    fragile = [str(number[name]) for name in found.judged.outcome.fragile_origins]
    yield f"\nFragile: {'without ' + ' or without '.join(fragile) if fragile else 'no'}.\n"
    yield "## 8. Missing for a pass of all three tests\n"
    needs = ", ".join(f"{name} {count}" for name, count in missing_votes(found).items()) or "nothing"
    yield f"Still needed: {needs}. Gates to open: {', '.join(found.judged.outcome.gates_closed) or 'none'}."


if __name__ == "__main__":
    (DOCS / "method-worked.md").write_text(render(of(Home.from_environment())), "utf-8")
