"""The status for a terminal: a word and a shape before a colour; a line a group, or every question with its reason."""

import textwrap
from collections.abc import Iterable

from rich.console import Console
from rich.markup import escape
from rich.table import Table

from review.standing import GroupStanding, HalfStanding, MoratoriumStanding, QuestionStanding, Standing
from review.terminal_words import Say

SHAPE = {"insufficient": "○", "emerging": "◐", "sufficient": "●", "not assessed": "◌"}
COLOUR = {"insufficient": "red", "emerging": "yellow", "sufficient": "green", "not assessed": "dim"}
SENTENCES = (
    "Sufficient means enough to decide, never safe to return.",
    "The machine proposes, a person decides.",
)
SIGNED = "signed "
BESIDE = ("reopened on", "evidence moved to a question of its own", SIGNED, "announced: ", "since ", "sufficient on ")
NOT_A_TERMINAL = 120  # columns of what goes to a file or another program


def show(standing: Standing, *, stored: str, language: str = "en", whole: bool = False) -> None:
    """Print moratoria and groups; `whole`: also every question on which there is anything to say, with its reason."""
    console, say = Console(), Say(language)
    if not console.is_terminal:
        console.width = max(console.width, NOT_A_TERMINAL)
    _line(
        console,
        say("head", day=standing.as_of, basis=say(standing.basis), reading=say(standing.reading),
            rules=standing.rules_version, stored=stored),
        0,
    )  # fmt: skip
    if standing.basis == "held" and not any(q.answers for g in standing.groups for q in g.questions):
        _line(console, say("no_held"), 0)
    if whole:
        _moratoria(console, standing, say)
        for group in standing.groups:
            _group(console, group, say)
    else:
        _short(console, standing, say)
    console.print("\n" + say("standing"), highlight=False)


def word(status: str, say: Say | None = None) -> str:
    """A status as shape and word, with its colour as rich markup."""
    return f"[{COLOUR[status]}]{SHAPE[status]} {say(status) if say else status}[/]"


def _short(console: Console, standing: Standing, say: Say) -> None:
    """A line a group: how its decisive questions stand, its moratorium with the days left, and the advice."""
    table = Table(box=None, pad_edge=False, padding=(0, 2, 0, 0))
    for name in ("group", "status", "enough", "moratorium", "advice"):
        table.add_column(say(name), overflow="fold")
    for group in standing.groups:
        decisive = [question.effective for question in group.questions if question.decisive]
        counts = "  ".join(f"{SHAPE[one]} {decisive.count(one)}" for one in ("sufficient", "emerging", "insufficient"))
        mine = [m for m in standing.moratoria if m.deciding and _covers(m, group)]
        clocks = "\n".join(f"{m.id}: {_clocks(m, say)}" for m in mine)
        advice = "\n".join(say.pick(m.advice, m.advice_nl).partition(": ")[2] for m in mine)
        title = f"{group.country} {say.pick(group.title, group.title_nl)}"
        table.add_row(escape(title), word(group.status, say), counts, escape(clocks) or "-", escape(advice) or "-")
    console.print()
    console.print(table, highlight=False)
    for group in standing.groups:
        for line in beside(group.questions, say, (SIGNED,)):
            _line(console, line, 2)
    _others(console, standing, say)
    _line(console, say("more"), 0)


def _clocks(moratorium: MoratoriumStanding, say: Say) -> str:
    """The clocks of a moratorium; halves that stand alike together."""
    found: dict[str, list[str]] = {}
    for half in moratorium.halves:
        found.setdefault(left(half, say), []).append(say(half.half))
    return "; ".join(f"{', '.join(halves)} {clock}" for clock, halves in found.items())


def _covers(moratorium: MoratoriumStanding, group: GroupStanding) -> bool:
    return moratorium.country == group.country and group.group in moratorium.groups_in


def _group(console: Console, group: GroupStanding, say: Say) -> None:
    title = escape(f"{group.country} {say.pick(group.title, group.title_nl)}")
    enough = say("of", n=group.decisive_sufficient, m=group.decisive_total)
    console.print(f"\n[bold]{title}[/]: {word(group.status, say)}, {enough}", highlight=False)
    for part in group.subgroups:
        held = f"; {say('weakest')}: {', '.join(part.weakest[:6])}{' ...' if len(part.weakest) > 6 else ''}"
        about = escape(f"{part.id} {say.pick(part.title, part.title_nl)}")
        console.print(f"  {about}: {word(part.status, say)}{held if part.weakest else ''}", highlight=False)
    said = [question for question in group.questions if question.items or question.answers]
    for question in said:
        counts = say("counts", origins=question.origins, items=question.items)
        console.print(f"  [bold]{question.id:6}[/] {word(question.effective, say)}  {counts}", highlight=False)
        _line(console, why(question, say), 9)
    for line in beside(group.questions, say):
        _line(console, line, 2)
    silent = len(group.questions) - len(said)
    if silent:
        _line(console, say("silent", n=silent), 2)
    for line in nothing_found(group.questions, say):
        _line(console, line, 2)


def _line(console: Console, text: str, indent: int) -> None:
    """A sentence folded to the width, its further lines under the first."""
    space = " " * indent
    folded = textwrap.fill(text, console.width, initial_indent=space, subsequent_indent=space + "  " * bool(indent))
    console.print(folded, highlight=False, markup=False, soft_wrap=True)


def why(question: QuestionStanding, say: Say) -> str:
    """What holds the question where it is: one official report alone, else the first test not passed, and the gates."""
    both = _both(question)
    alone = next((pair for pair in both if pair[0].startswith("one official report")), None)
    test = next((t for t in question.tests.values() if t.result != "pass"), None)
    en, nl = alone or ((test.reason, test.reason_nl) if test else both[0])
    gates = f"; {say('gates')}: {', '.join(question.gates)}" if question.gates else ""
    return say.pick(en, nl) + gates


def _both(question: QuestionStanding) -> list[tuple[str, str]]:
    """Each reason with its Dutch; they stand in the same order."""
    dutch = question.reasons_nl if len(question.reasons_nl) == len(question.reasons) else question.reasons
    return list(zip(question.reasons, dutch, strict=True))


def beside(questions: Iterable[QuestionStanding], say: Say, kinds: tuple[str, ...] = BESIDE) -> list[str]:
    """What stands beside the statuses: reopened, moved, signed, announced, lapsed; equal sentences together."""
    said: dict[str, list[str]] = {}
    for question in questions:
        for en, nl in _both(question):
            if en.startswith(kinds if question.decisive else SIGNED):
                said.setdefault(say.pick(en, nl), []).append(question.id)
    return [f"{', '.join(ids)}: {text}" for text, ids in said.items()]


def nothing_found(questions: Iterable[QuestionStanding], say: Say) -> list[str]:
    """What it means that no origin votes in time: the four facts apart, a bounded sentence each (method §6)."""
    said: dict[str, list[str]] = {}
    for question in questions:
        # The sentence names the question's own wording; without it, equal sentences stand together.
        if question.absence_said and question.decisive:
            text = say.pick(question.absence_said, question.absence_said_nl)
            for wording in (question.wording, question.wording_nl):
                text = text.replace(f"“{wording}”", say.pick("it", "deze vraag"))
            said.setdefault(text, []).append(question.id)
    return [f"{', '.join(ids)}: {text}" for text, ids in said.items()]


def _moratoria(console: Console, standing: Standing, say: Say) -> None:
    """Those with questions of their own in full, then the others."""
    for m in standing.moratoria:
        if not m.deciding:
            continue
        console.print(f"\n[bold]{m.id}[/] {escape(m.title)}", highlight=False)
        console.print(f"  {', '.join(m.deciding)}: {word(m.status, say)}", highlight=False)
        _line(console, say.pick(m.advice, m.advice_nl), 2)
        asked = [q for group in standing.groups if group.country == m.country for q in group.questions]
        for line in beside([q for q in asked if q.id in m.deciding], say, (SIGNED,)):
            _line(console, line, 2)
        for half in m.halves:
            _line(console, f"{say(half.half)} {left(half, say)}", 2)
    _others(console, standing, say)


def _others(console: Console, standing: Standing, say: Say) -> None:
    """Moratoria without questions of their own that run, in a line each; what does not run as a number."""
    others = [m for m in standing.moratoria if not m.deciding and m.phase == "running"]
    if others:
        console.print(f"\n[bold]{say('also')}[/] {say('also_why')}", highlight=False)
    for m in others:
        clocks = "; ".join(f"{say(half.half)} {left(half, say)}" for half in m.halves)
        _line(console, f"{m.id}  {m.state} > {m.country}  {clocks}", 2)
    past = sum(m.phase != "running" for m in standing.moratoria)
    if past:
        console.print()
        _line(console, say("past", n=past), 0)


def left(half: HalfStanding, say: Say) -> str:
    """One clock in words: until when, how many days are left, how sure that is. Last days are inclusive."""
    if half.state == "not known":
        return say("no_days")
    if half.state == "announced":
        return say("announced", starts=say("starts", day=half.first_day) if half.first_day else "")
    sure = say(half.confidence)
    if half.ends_on is None or half.days_left is None:
        return say(
            "since", day=half.first_day, sure=sure, end=say("no_end" if half.state == "running" else "end_not_seen")
        )
    if half.days_left >= 0:
        days = say("last") if half.days_left == 0 else say("left", n=half.days_left)
    else:
        days = say("planned" if half.state == "end not seen" else "ended", n=-half.days_left)
    return say("until", day=half.ends_on, days=days, sure=sure)
