"""The sentences about the status as a whole: why it is capped, lifted, fragile, lapsing (method §8)."""

from datetime import date

from review.method.docket import Docket
from review.method.forecast import Lapse
from review.method.model import Gate, Status
from review.method.status import Weighed
from review.method.words import STATUS_NL, Said


def about_status(weighed: Weighed, effective: Status, week_before: Status) -> list[Said]:
    """Say the computed status, and the effective one where the seven days hold it back."""
    status = weighed.status
    said = [Said(en=f"Status {status}", nl=f"Status {STATUS_NL[status]}")]
    if weighed.official_report and status is Status.EMERGING:
        said.append(
            Said(
                en="one official report votes in time and nobody dissents since the watershed",
                nl="een officieel rapport stemt binnen de termijn en niemand spreekt het sinds de cesuur tegen",
            )
        )
    if effective is not status:
        said.append(
            Said(
                en=f"effective {effective}: it was {week_before} a week before, and a rise waits a week",
                nl=f"geldend {STATUS_NL[effective]}: een week eerder {STATUS_NL[week_before]}; "
                "een stijging wacht een week",
            )
        )
    return said


GATE_WORDS = {
    Gate.SOURCE_HEALTH: (
        "a decisive source has been failing, or silent for too long",
        "een beslissende bron faalt of zwijgt te lang",
    ),
    Gate.COVERAGE: (
        "too few of the decisive sources were searched in the window",
        "te weinig beslissende bronnen zijn in het venster doorzocht",
    ),
    Gate.UNREAD: ("passages that may bear on it are unread", "passages die ertoe kunnen doen zijn ongelezen"),
    Gate.DOUBLE_CODING: ("too little was coded by two people", "te weinig is door twee mensen gecodeerd"),
    Gate.TRANSLATION: (
        "a decisive passage is known only in machine translation",
        "een beslissende passage is alleen in machinevertaling bekend",
    ),
}


def about_gates(book: Docket) -> list[Said]:
    """Say which gates cap the status and which are not measured in this reading."""
    said = []
    if book.gates:
        en, nl = ("; ".join(f"{gate} ({GATE_WORDS[gate][i]})" for gate in book.gates) for i in (0, 1))
        said.append(Said(en=f"gates closed, at most emerging: {en}", nl=f"poorten dicht, hoogstens in opbouw: {nl}"))
    if book.gates_not_measured:
        names = ", ".join(book.gates_not_measured)
        said.append(Said(en=f"gates not measured yet: {names}", nl=f"poorten nog niet gemeten: {names}"))
    return said


def about_future(
    book: Docket, day: date, falls: date | None, fragile: tuple[str, ...], lapsed: Lapse | None
) -> list[Said]:
    """Say what could change the status: origins it hangs on, days it falls, announced events, an earlier lapse."""
    said = []
    if fragile:
        names = ", ".join(fragile)
        said.append(Said(en=f"fragile: would differ without {names}", nl=f"breekbaar: zou anders zijn zonder {names}"))
    if falls:
        said.append(
            Said(en=f"falls on {falls} if nothing new arrives", nl=f"daalt op {falls} als er niets nieuws komt")
        )
    for name in announced(book, day):
        said.append(Said(en=f"announced: {name}", nl=f"aangekondigd: {name}"))
    if lapsed:
        said.append(
            Said(
                en=f"sufficient on {lapsed.sufficient_on}, lapsed {lapsed.lapsed_on}",
                nl=f"toereikend op {lapsed.sufficient_on}, vervallen op {lapsed.lapsed_on}",
            )
        )
    return said


def about_set_aside(struck: tuple[str, ...]) -> list[Said]:
    """Say which evidence people set aside."""
    if not struck:
        return []
    names = ", ".join(struck)
    return [Said(en=f"set aside by a resolution: {names}", nl=f"terzijde gelegd door een beslissing: {names}")]


def announced(book: Docket, day: date) -> tuple[str, ...]:
    """Return the watersheds that lie ahead of a day or are only announced, by day and name."""
    events = sorted((event.on, event.title) for event in book.case.watersheds if event.announced or event.on > day)
    return tuple(f"{on} {title}".strip() for on, title in events)
