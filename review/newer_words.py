"""Why a thing stands where it does on the list of what is newer, in English and Dutch."""

from collections.abc import Sequence
from datetime import date

from review.method.codes import answer_nl
from review.method.model import Result, SourceType, Status
from review.method.words import RESULT_NL, STATUS_NL, Said
from review.newer import Change, Entry

TEST_NL = {"current": "ACTUEEL", "unambiguous": "EENDUIDIG", "reliable": "BETROUWBAAR"}


def why(entry: Entry, on: date, until: date, *, frozen: bool = False) -> tuple[Said, ...]:
    """Each ground for its place, strongest first. `frozen`: it was public on the decision day and not held then."""
    found = [
        *_computed(entry, on, until, frozen=frozen),
        *_stance(entry),
        *_standing_of(entry),
        *_of_kind(entry),
    ]
    if not entry.tried:
        found.append(
            Said(
                en="too many origins on this question: whether it changes the status was not computed",
                nl="te veel oorsprongen bij deze vraag: of het de status verandert is niet berekend",
            )
        )
    if not (entry.added or entry.left_out) and entry.tried and entry.kind == "answer":
        found.append(Said(en="by itself it changes no test", nl="op zichzelf verandert het geen toets"))
    return tuple(found)


def _computed(entry: Entry, on: date, until: date, *, frozen: bool) -> list[Said]:
    found = []
    if entry.added:
        day = entry.added[0].on
        found.append(
            Said(
                en=f"added to what was known on {on}, judged on {day}: {_listed(entry.added).en}",
                nl=f"gevoegd bij wat op {on} bekend was, beoordeeld op {day}: {_listed(entry.added).nl}",
            )
        )
    if entry.left_out:
        day = on if frozen else until
        found.append(
            Said(
                en=f"left out of all that was known on {day}: {_listed(entry.left_out).en}",
                nl=f"weggelaten uit alles wat op {day} bekend was: {_listed(entry.left_out).nl}",
            )
        )
    return found


def _listed(found: Sequence[Change]) -> Said:
    """Changes in one phrase a question: 'G1.3 status insufficient → emerging, CURRENT fail → weak'."""
    by: dict[str, list[Change]] = {}
    for change in found:
        by.setdefault(change.question, []).append(change)
    return Said(
        en="; ".join(f"{name} " + ", ".join(_en(one) for one in some) for name, some in by.items()),
        nl="; ".join(f"{name} " + ", ".join(_nl(one) for one in some) for name, some in by.items()),
    )


def _en(one: Change) -> str:
    return f"{one.what if one.what == 'status' else one.what.upper()} {one.before} → {one.after}"


def _nl(one: Change) -> str:
    if one.what == "status":
        return f"status {STATUS_NL[Status(one.before)]} → {STATUS_NL[Status(one.after)]}"
    return f"{TEST_NL[one.what]} {RESULT_NL[Result(one.before)]} → {RESULT_NL[Result(one.after)]}"


def _stance(entry: Entry) -> list[Said]:
    then, then_nl = (", ".join(f"'{word(one)}'" for one in entry.before) for word in (str, answer_nl))
    answer = answer_nl(entry.answer)
    match entry.stance:
        case "contradicts":
            return [
                Said(
                    en=f"'{entry.answer}' contradicts {then}, which was known then",
                    nl=f"'{answer}' spreekt {then_nl} tegen, dat toen bekend was",
                )
            ]
        case "differs":
            return [
                Said(
                    en=f"'{entry.answer}' is another answer than {then}, which was known then",
                    nl=f"'{answer}' is een ander antwoord dan {then_nl}, dat toen bekend was",
                )
            ]
        case "first":
            return [
                Said(
                    en="no answer to this question counted then",
                    nl="toen telde geen antwoord op deze vraag mee",
                )
            ]
        case "agrees":
            return [
                Said(en=f"agrees with {then}, which was known then", nl=f"bevestigt {then_nl}, dat toen bekend was")
            ]
    return []


def _standing_of(entry: Entry) -> list[Said]:
    found = []
    if entry.weak:
        found.append(
            Said(
                en="it does not vote: a source graded D-F, or an answer like unknown",
                nl="het stemt niet mee: een bron met graad D-F, of een antwoord als onbekend",
            )
        )
    if entry.source_type == SourceType.PARTY_TO_THE_CONFLICT:
        found.append(
            Said(
                en="a party to the conflict, which carries no question alone",
                nl="een partij bij het conflict, die geen vraag alleen kan dragen",
            )
        )
    if entry.one_short:
        found.append(
            Said(
                en="one more independent, direct origin that agrees would raise the status of this question",
                nl="nog één onafhankelijke, directe oorsprong die het eens is zou de status van deze vraag verhogen",
            )
        )
    if entry.official:
        found.append(Said(en="an official report", nl="een officieel rapport"))
    return found


def _of_kind(entry: Entry) -> list[Said]:
    names = ", ".join(entry.questions)
    match entry.kind:
        case "withdrawn":
            return [Said(en="its publisher has withdrawn it since", nl="de uitgever heeft het sindsdien ingetrokken")]
        case "taken back":
            return [Said(en="counted then, and no longer", nl="telde toen mee, en nu niet meer")]
        case "watershed":
            return [Said(en=f"voids earlier evidence on {names}", nl=f"maakt ouder bewijs achtergrond bij {names}")]
        case "resolution":
            return [
                Said(
                    en="a person resolved a contradiction on this question",
                    nl="een mens loste een tegenspraak bij deze vraag op",
                )
            ]
        case "edited":
            return [
                Said(
                    en="a document of that day's list was changed; no counted answer changed with it",
                    nl="een document van de lijst van die dag is gewijzigd; geen meegeteld antwoord veranderde mee",
                )
            ]
        case "unread":
            return [
                Said(
                    en=f"nobody has read it yet; predicted relevant ({entry.score or 0:.2f})",
                    nl=f"nog door niemand gelezen; voorspeld relevant ({entry.score or 0:.2f})",
                )
            ]
    return []
