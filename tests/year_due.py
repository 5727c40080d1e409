"""What must arrive in the simulated year, worked out by hand from the calendar and the register; nothing is computed.

Netherlands: 7 April 2023 Good Friday, 10 April Easter Monday, 26 December 2022 the second day of Christmas, 2 January
2023 a working Monday. The freeze: 29 June to 28 December 2022, extended on 13 December to 28 June 2023; two halves.
"""

from dataclasses import dataclass
from datetime import date


@dataclass(frozen=True, slots=True, kw_only=True)
class Due:
    """On this day, to this person, a message with an event whose key begins so, so many times."""

    on: date
    to: str
    key: str
    times: int = 1
    subject: str = ""


FIRST, SECOND = "2022-12-28", "2023-06-28"
STAGES = {
    # day: (end, days); the day is one on which that many days are left
    "2022-08-30": (FIRST, 120),
    "2022-09-29": (FIRST, 90),
    "2022-10-30": (FIRST, 60),  # its day was the 29th; the mail server refused everything until midnight
    "2022-11-28": (FIRST, 30),  # the extension of 13 December came before the stage of 14 days
    "2023-02-28": (SECOND, 120),
    "2023-03-30": (SECOND, 90),
    "2023-04-29": (SECOND, 60),
    "2023-05-29": (SECOND, 30),
    "2023-06-14": (SECOND, 14),
    "2023-06-21": (SECOND, 7),
    "2023-06-27": (SECOND, 1),
}


def due() -> list[Due]:
    """Every event that must come, with its day."""
    found = [
        Due(on=date.fromisoformat(day), to="anna", key=f"deadline:NL-RUS-2022:{half}:{end}:{days}")
        for day, (end, days) in STAGES.items()
        for half in ("decisions", "departures")
    ]
    # Six months after the decision, and after the extension: 29 December, which the extension moved to 13 June.
    found += [
        Due(on=date.fromisoformat(day), to="anna", key=f"review:duty:NL-RUS-2022:{end}:{days}")
        for day, end, days in (
            ("2022-11-29", "2022-12-29", 30),
            ("2023-05-14", "2023-06-13", 30),
            ("2023-06-06", "2023-06-13", 7),
            ("2023-06-13", "2023-06-13", 0),
        )
    ]
    found += [
        # Four origins on 11 July count for the status after a week; the digest is that of the next morning.
        _one("2022-07-19", "bert", "status_rose:RU:G1.3:provisional:2022-07-18:"),
        _one("2022-08-16", "bert", "withdrawn:"),
        _one("2022-09-30", "anna", "status_fell:RU:G1.3:provisional:2022-09-30:"),  # at once: the annexation
        # The decisive source breaks on the Thursday before Christmas, and nobody acknowledges it.
        _one("2022-12-22", "anna", "source:ministry:failing:"),
        _one("2022-12-28", "bert", "source:ministry:failing:", subject="Voor Anna de Vries"),
        _one("2023-01-02", "carla", "source:ministry:failing:", subject="Not seen by Anna de Vries"),
        _one("2023-01-06", "bert", "source:ministry:ok:"),
        # The stage of 90 days, on the Thursday before Holy Week; nobody acknowledges it.
        Due(on=date(2023, 4, 4), to="bert", key="deadline:NL-RUS-2022:", times=2, subject="Voor Anna de Vries"),
        Due(on=date(2023, 4, 11), to="carla", key="deadline:NL-RUS-2022:", times=2, subject="Not seen by Anna"),
        _one("2023-03-02", "bert", "publication:ru_report:due:"),
        _one("2023-03-28", "bert", "publication:ru_report:overdue:"),  # since the 27th; seen after that day's digest
        _one("2023-04-01", "bert", "publication:ru_report:arrived:"),
        _one("2023-04-01", "bert", "report:"),
    ]
    return found


def _one(day: str, to: str, key: str, subject: str = "") -> Due:
    return Due(on=date.fromisoformat(day), to=to, key=key, subject=subject)
