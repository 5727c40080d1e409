"""An act of the state beside what the method said that day, and why the two differ."""

from collections.abc import Iterable, Sequence

from review.backtest_types import Act, Compared, Verdict
from review.method.codes import answer_nl
from review.method.model import SourceType, Status
from review.method.words import STATUS_NL, Said
from review.standing import GroupStanding, QuestionStanding, Standing

REASONS = 4  # reasons of one question that a difference quotes


def compare(act: Act, standing: Standing, deciding: Sequence[str]) -> list[Compared]:
    """One act beside the statuses of its day: each deciding question, or the group it left out."""
    if act.group is not None:
        return [_of_group(act, group) for group in standing.groups if group.group == act.group]
    questions = {one.id: one for group in standing.groups for one in group.questions}
    return [_of_question(act, questions[name]) for name in deciding if name in questions]


def agrees(said: Verdict, status: str) -> bool | None:
    """Whether a status says what the state said: only *sufficient* is enough. None where its words were not seen.

    >>> agrees("not enough", "emerging"), agrees("enough", "emerging"), agrees("not seen", "sufficient")
    (True, False, None)
    """
    return None if said == "not seen" else (status == Status.SUFFICIENT) == (said == "enough")


def _of_question(act: Act, one: QuestionStanding) -> Compared:
    return Compared(
        act=act,
        subject=one.id,
        computed=one.effective,
        agrees=agrees(act.said, one.effective),
        said=_beside(act, one.id, one.effective),
        reasons=(*one.reasons[:REASONS], *(said.en for said in interested(one))),
        reasons_nl=(*one.reasons_nl[:REASONS], *(said.nl for said in interested(one))),
    )


def _of_group(act: Act, group: GroupStanding) -> Compared:
    """A group is its weakest decisive question: the questions with evidence say why, the others are counted."""
    decisive = [one for one in group.questions if one.decisive]
    told = [one for one in decisive if one.evidence]
    silent = len(decisive) - len(told)
    none = Said(en=f"{silent} decisive questions without any evidence", nl=f"{silent} beslissende vragen zonder bewijs")
    return Compared(
        act=act,
        subject=group.group,
        computed=group.status,
        agrees=agrees(act.said, group.status),
        said=_beside(act, group.group, group.status),
        reasons=(
            *(f"{q.id}: {said.en}" for q in told for said in interested(q)),
            *(f"{q.id}: {text}" for q in told for text in _holding(q, q.reasons)),
            none.en,
        ),
        reasons_nl=(
            *(f"{q.id}: {said.nl}" for q in told for said in interested(q)),
            *(f"{q.id}: {text}" for q in told for text in _holding(q, q.reasons_nl)),
            none.nl,
        ),
    )


def interested(one: QuestionStanding) -> list[Said]:
    """What only a party to the conflict says, in a sentence for each answer; it carries no question (method §5)."""
    voted = {item.answer for item in one.evidence if item.role in ("vote", "dissent", "out of time")}
    said: dict[str, tuple[str, str]] = {}
    for item in one.evidence:
        if item.source_type == SourceType.PARTY_TO_THE_CONFLICT and item.answer not in voted:
            said[item.answer] = (item.publisher, item.published_on or "")
    return [
        Said(
            en=f"'{answer}' rests on an interested party ({who}, {when}), which carries no question alone",
            nl=f"'{answer_nl(answer)}' berust op een belanghebbende partij ({who}, {when}), "
            "die geen vraag alleen kan dragen",
        )
        for answer, (who, when) in said.items()
    ]


def _holding(one: QuestionStanding, reasons: Iterable[str]) -> tuple[str, ...]:
    """The reasons of the tests that a question does not pass."""
    open_tests = tuple(name.upper() for name, test in one.tests.items() if test.result != "pass")
    return tuple(text for text in reasons if text.startswith(open_tests)) if open_tests else ()


_ACT_NL = {
    "decided": "besloten", "extended": "verlengd", "revived": "herleefd", "ended": "beëindigd",
    "policy_letter": "beleidsbrief", "annulled": "vernietigd", "left out": "buiten de groep gelaten",
}  # fmt: skip
_SAID_NL = {"not enough": "niet genoeg", "enough": "genoeg", "not seen": "niet gezien"}


def _beside(act: Act, subject: str, status: str) -> Said:
    status_nl = STATUS_NL[Status(status)]
    kind = act.kind.replace("_", " ")
    return Said(
        en=f"{act.on}: the state ({kind}) said: {act.said}; computed {subject}: {status}",
        nl=f"{act.on}: de staat ({_ACT_NL[act.kind]}) zei: {_SAID_NL[act.said]}; berekend {subject}: {status_nl}",
    )
