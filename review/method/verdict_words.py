"""The sentences about the status as a whole: why it is capped, lifted, fragile, lapsing (method §8)."""

from collections.abc import Iterable
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

# What such a gate would tell, for where it was not looked at: no finding, neither good nor bad.
GATE_ASKS = {
    Gate.SOURCE_HEALTH: (
        "whether every decisive source was reached",
        "of elke beslissende bron is bereikt",
    ),
    Gate.COVERAGE: (
        "whether the decisive sources were searched in the window",
        "of de beslissende bronnen in het venster zijn doorzocht",
    ),
    Gate.UNREAD: ("whether relevant passages are unread", "of relevante passages ongelezen zijn"),
    Gate.DOUBLE_CODING: ("whether enough was coded by two people", "of genoeg door twee mensen is gecodeerd"),
    Gate.TRANSLATION: (
        "whether a decisive passage is known only in machine translation",
        "of een beslissende passage alleen in machinevertaling bekend is",
    ),
}


def about_gates(book: Docket) -> list[Said]:
    """Say which gates cap the status and which are not measured in this reading."""
    said = []
    if book.gates:
        en, nl = ("; ".join(f"{gate} ({GATE_WORDS[gate][i]})" for gate in book.gates) for i in (0, 1))
        said.append(Said(en=f"gates closed, at most emerging: {en}", nl=f"poorten dicht, hoogstens in opbouw: {nl}"))
    if book.gates_not_measured:
        en, nl = ("; ".join(GATE_ASKS[gate][i] for gate in book.gates_not_measured) for i in (0, 1))
        said.append(
            Said(
                en=f"not measured yet, so nothing is said of it: {en}",
                nl=f"nog niet gemeten, dus hierover wordt niets gezegd: {nl}",
            )
        )
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
    for name in passed(book, day):
        on, _, title = name.partition(" ")
        said.append(
            Said(
                en=f"since {on} (an announcement, it voids nothing): {title}",
                nl=f"sinds {on} (een aankondiging, zij maakt niets ongeldig): {title}",
            )
        )
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
    """Return the watersheds that lie ahead of a day, by day and name."""
    return _named((event.on, event.title) for event in book.case.watersheds if event.on > day)


def passed(book: Docket, day: date) -> tuple[str, ...]:
    """Return the events that were only announced and whose day has come, by day and name; they cut nothing."""
    return _named((event.on, event.title) for event in book.case.watersheds if event.announced and event.on <= day)


def _named(events: Iterable[tuple[date, str]]) -> tuple[str, ...]:
    return tuple(f"{on} {title}".strip() for on, title in sorted(events))
