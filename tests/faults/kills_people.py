"""Kill -9 while people decide and sign, on the site and on the command line.

Acknowledged is what the site answered with its redirect, or the command printed. Every act has a reason of its own, by
which it is found again: an acknowledged one is there once, one without an answer at most once, and sending it again
leaves exactly one.
"""

import signal
from collections.abc import Iterator
from pathlib import Path

from tests.faults.site import Person, busy, kept_once, serve, soon
from tests.faults.stage import Lost, Stage, Tally, holds, rows
from tests.faults.warm import Started

Forms = Iterator[tuple[str, dict[str, str]]]


def decisions(home: Path, mark: str, *, mine: int = 0, of: int = 1) -> Forms:
    """Decisions on the tags of passages (every `of`-th is mine), each with its reason and what its form has seen."""
    found = rows(home, "select distinct passage_id, kind, value from mentions where kind = 'group' order by 1, 3")
    found = found[mine::of]
    for number in range(100_000):
        passage, kind, value = found[number % len(found)]
        seen = rows(home, "select coalesce(max(id), 0) from tag_decisions where (passage_id, kind, value) = (?, ?, ?)",
                    passage, kind, value)[0][0]  # fmt: skip
        decision = ("accept", "reject", "unsure")[number % 3]
        yield (
            f"/passages/{passage}/tags",
            {
                "kind": kind,
                "value": value,
                "decision": decision,
                "reason_code": "",
                "reason": f"{mark} {number}",
                "back": "/queue",
                "seen": str(seen),
            },
        )


def proposals(mark: str) -> Forms:
    """Proposals to sign what is computed, each with its own reason."""
    for number in range(100_000):
        yield "/questions/G1.3/signoff?country=RU", {"status": "insufficient", "review_on": soon(), "departing": "",
                                                     "reason": f"{mark} {number}"}  # fmt: skip


def decide(stage: Stage, times: int) -> Tally:
    """Two people decide on tags while the site is killed, and started again."""
    return _site(stage, times, "decisions on the site", "tag_decisions", ("anna", "ben"))


def sign_on_site(stage: Stage, times: int) -> Tally:
    """One proposes to sign while the site is killed, and started again."""
    return _site(stage, times, "sign-off on the site", "signoffs", ("anna",))


def _site(stage: Stage, times: int, what: str, table: str, names: tuple[str, ...]) -> Tally:
    tally = Tally(f"kill -9 in {what}", "coi verify, every acknowledged act there once, no other twice, sessions hold")
    home = stage.copy(stage.judged)
    started, base = serve(stage, home)
    people = [Person(name, base) for name in names]
    for person in people:
        person.sign_in()
    caught = 0
    port = int(base.rpartition(":")[2])

    def shaken(number: int) -> None:
        nonlocal started, caught
        forms = [decisions(home, f"k{number} {p.name}", mine=n, of=len(people)) if table == "tag_decisions"
                 else proposals(f"k{number}") for n, p in enumerate(people)]  # fmt: skip
        with busy(*zip(people, forms, strict=True)):
            started.alive_after(stage.chance.uniform(0.05, 1.5))
            started.send(signal.SIGKILL, everyone=number % 2 == 0)
            started.wait()
        caught += any(person.unanswered for person in people)
        holds(home)
        kept_once(home, table, people)
        started, _ = serve(stage, home, port)
        for person in people:
            if not person.is_in():
                raise Lost(f"{person.name} had to sign in again")
            for path, fields in list(person.unanswered.values()):
                person.send(path, fields)
            if person.refused or person.unanswered:
                raise Lost(f"not taken: {list(person.refused.items())[:2]} {list(person.unanswered)[:2]}")
        kept_once(home, table, people)

    for number in range(times):
        tally.one(lambda number=number: shaken(number))  # type: ignore[misc]
    started.send(signal.SIGTERM, everyone=True)
    started.wait()
    holds(home)
    total = sum(len(person.acknowledged) for person in people)
    tally.note = f"{caught} with a form under way; {total} acknowledged"
    return tally


def sign_by_command(stage: Stage, times: int) -> Tally:
    """`coi signoff propose` and `approve`, killed, then run again where nothing was printed."""
    tally = Tally("kill -9 in coi signoff", "coi verify, what was printed is kept, four eyes, one row an act")
    home, whole_s, printed = stage.copy(stage.judged), 0.0, 0

    def propose(reason: str) -> Started:
        return stage.coi(home, "signoff", "propose", "RU", "G1.3", "--status", "insufficient", "--review-on", soon(),
                         "--reason", reason, "--by", "anna")  # fmt: skip

    def approve(number: int, reason: str) -> Started:
        return stage.coi(home, "signoff", "approve", str(number), "--reason", reason, "--by", "ben")

    def numbers(reason: str) -> list[int]:
        return [number for (number,) in rows(home, "select id from signoffs where reason = ?", reason)]

    def shaken(reason: str, start: Started, again: Started | None = None) -> None:
        nonlocal whole_s, printed
        started = start
        if started.alive_after(stage.chance.uniform(0.01, whole_s)):
            started.send(signal.SIGKILL, everyone=True)
        started.wait()
        held, said = numbers(reason), bool(started.said.strip())
        printed += said
        if len(held) > 1 or (said and not held):
            raise Lost(f"{reason}: {len(held)} rows; printed {started.said!r}")
        holds(home)

    def both(number: int) -> None:
        nonlocal whole_s
        reason = f"proposed {number}"
        shaken(reason, propose(reason))
        if not numbers(reason):
            whole_s = stage.done(propose(reason))
        (proposal,) = numbers(reason)
        answer = f"approved {number}"
        shaken(answer, approve(proposal, answer))
        if not numbers(answer):
            stage.done(approve(proposal, answer))
        if len(numbers(answer)) != 1:
            raise Lost(f"{answer}: {numbers(answer)}")

    whole_s = stage.done(propose("undisturbed"))
    for number in range((times + 1) // 2):
        tally.one(lambda number=number: both(number), faults=2)  # type: ignore[misc]
    tally.note = f"{printed} had printed before the kill"
    return tally
