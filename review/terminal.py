"""The status as a table for a terminal: a word and a shape before a colour."""

from collections.abc import Iterable

from rich.console import Console
from rich.table import Table

from review.standing import HalfStanding, MoratoriumStanding, QuestionStanding, Standing

SHAPE = {"insufficient": "○", "emerging": "◐", "sufficient": "●", "not assessed": "◌"}
COLOUR = {"insufficient": "red", "emerging": "yellow", "sufficient": "green", "not assessed": "dim"}
SENTENCES = (
    "Sufficient means enough to decide, never safe to return.",
    "The machine proposes, a person decides.",
)


def word(status: str) -> str:
    """A status as shape and word, with its colour as rich markup."""
    return f"[{COLOUR[status]}]{SHAPE[status]} {status}[/]"


def show(standing: Standing) -> None:
    """Print moratoria, groups and the questions on which there is anything to say."""
    console = Console()
    console.print(
        f"As of {standing.as_of} ({standing.basis}, {standing.reading} reading, rules {standing.rules_version})"
    )
    if standing.basis == "held" and not any(q.answers for g in standing.groups for q in g.questions):
        console.print(
            "Nothing that bears on a question was held here on that day; --basis public shows what was public."
        )
    _moratoria(console, standing)
    for group in standing.groups:
        console.print(
            f"\n[bold]{group.country} {group.title}[/]: {word(group.status)}, {group.decisive_sufficient} of "
            f"{group.decisive_total} decisive questions sufficient"
        )
        table = Table(box=None, pad_edge=False, padding=(0, 2, 0, 0))
        for name in ("question", "status", "origins", "items", "why"):
            table.add_column(name, overflow="fold")
        for part in group.subgroups:
            held = f"; weakest: {', '.join(part.weakest[:6])}{' ...' if len(part.weakest) > 6 else ''}"
            console.print(f"  {part.id} {part.title}: {word(part.status)}{held if part.weakest else ''}")
        said = [question for question in group.questions if question.items or question.answers]
        for question in said:
            row = (question.id, word(question.effective), str(question.origins), str(question.items), why(question))
            table.add_row(*row)
        if said:
            console.print(table)
        for line in beside(group.questions):
            console.print(f"  {line}", highlight=False, markup=False)
        silent = len(group.questions) - len(said)
        if silent:
            console.print(f"  {silent} questions without any evidence")
        for line in nothing_found(group.questions):
            console.print(f"  {line}", highlight=False, markup=False)
    console.print("\n" + " ".join(SENTENCES))


def why(question: QuestionStanding) -> str:
    """What holds the question where it is: one official report alone, else the first test not passed, and the gates."""
    alone = next((reason for reason in question.reasons if reason.startswith("one official report")), None)
    first = next((t.reason for t in question.tests.values() if t.result != "pass"), question.reasons[0])
    gates = f"; gates closed: {', '.join(question.gates)}" if question.gates else ""
    return (alone or first) + gates


SIGNED = "signed "
BESIDE = (
    "reopened on",
    "evidence moved to a question of its own",
    SIGNED,
    "announced: ",
    "since ",
    "sufficient on ",
)


def beside(questions: Iterable[QuestionStanding]) -> list[str]:
    """What stands beside the statuses: reopened, moved, signed, announced, lapsed; equal sentences together."""
    said: dict[str, list[str]] = {}
    for question in questions:
        for reason in question.reasons:
            if reason.startswith(BESIDE if question.decisive else SIGNED):
                said.setdefault(reason, []).append(question.id)
    return [f"{', '.join(ids)}: {text}" for text, ids in said.items()]


def nothing_found(questions: Iterable[QuestionStanding]) -> list[str]:
    """What it means that no origin votes in time: the four facts apart, a bounded sentence each (method §6)."""
    said: dict[str, list[str]] = {}
    for question in questions:
        # The sentence names the question's own wording; without it, equal sentences stand together.
        if question.absence_said and question.decisive:
            said.setdefault(question.absence_said.replace(f"“{question.wording}”", "it"), []).append(question.id)
    return [f"{', '.join(ids)}: {text}" for text, ids in said.items()]


def _moratoria(console: Console, standing: Standing) -> None:
    """Those with questions of their own in full, the others that run in a line each, the rest as a number."""
    every = standing.moratoria
    for moratorium in every:
        if moratorium.deciding:
            asked = [q for group in standing.groups if group.country == moratorium.country for q in group.questions]
            _moratorium(console, moratorium, [question for question in asked if question.id in moratorium.deciding])
    others = [m for m in every if not m.deciding and m.phase == "running"]
    if others:
        console.print("\n[bold]Also running[/] (no question is declared for these: not assessed)")
        table = Table(box=None, pad_edge=False, padding=(0, 2, 0, 0), show_header=False)
        for m in others:
            clocks = "; ".join(f"{half.half} {left(half)}" for half in m.halves)
            table.add_row(f"  {m.id}", f"{m.state} > {m.country}", clocks)
        console.print(table)
    past = sum(m.phase != "running" for m in every)
    if past:
        console.print(
            f"\n{past} moratoria do not run (ended, end not seen, or only announced); 'coi moratoria' lists all."
        )


def _moratorium(console: Console, moratorium: MoratoriumStanding, deciding: Iterable[QuestionStanding]) -> None:
    console.print(f"\n[bold]{moratorium.id}[/] {moratorium.title}")
    console.print(f"  {', '.join(moratorium.deciding)}: {word(moratorium.status)}. {moratorium.advice}")
    for question in deciding:
        for reason in question.reasons:
            if reason.startswith(SIGNED):
                console.print(f"  {question.id}: {reason}", highlight=False, markup=False)
    for half in moratorium.halves:
        console.print(f"  {half.half} {left(half)}")


def left(half: HalfStanding) -> str:
    """One clock in words: until when, how many days are left, how sure that is."""
    if half.state in ("not known", "announced"):
        starts = f", from {half.first_day}" if half.first_day else ""
        return "days not seen" if half.state == "not known" else f"announced, not in force{starts}"
    if half.ends_on is None or half.days_left is None:
        no_end = "no end is set" if half.state == "running" else "its end was not seen"
        return f"since {half.first_day}, {no_end} ({half.confidence})"
    if half.days_left >= 0:
        days = "last day today" if half.days_left == 0 else f"{half.days_left} days left"
    elif half.state == "end not seen":
        days = f"planned end {-half.days_left} days ago, what followed was not seen"
    else:
        days = f"ended {-half.days_left} days ago"
    return f"until and including {half.ends_on} ({days}; {half.confidence})"
