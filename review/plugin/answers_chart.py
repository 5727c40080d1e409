"""Which answer the origins of a question gave over time: stacked counts that a template draws and a table repeats."""

from collections import Counter
from collections.abc import Iterable
from dataclasses import dataclass
from datetime import date, timedelta

from review.plugin.sides import by_origin, when
from review.plugin.status_map import month_ends
from review.standing import Item, QuestionStanding

LEFT, RIGHT, TOP, HEIGHT, BELOW = 34, 16, 10, 130, 22  # in units of the drawing, which is WIDTH wide
WIDTH = 840
LONGEST = 3 * 366  # days; what stopped being in time before is not shown
# How a scale of so many answers is filled, from the emptiest; what stands beside a scale has fillings of its own.
FILLS = {1: "3", 2: "03", 3: "023", 4: "0123"}
ASIDE = {"mixed": "m"}  # everything else beside the scale: u


@dataclass(frozen=True, slots=True, kw_only=True)
class Part:
    """So many origins with one answer; `fill` says how full it is drawn, `shows` whether its number fits inside."""

    answer: str
    count: int
    fill: str
    y: float
    height: float
    shows: bool


@dataclass(frozen=True, slots=True, kw_only=True)
class Column:
    """One month up to and with `until`; `label` stands below where there is room."""

    until: date
    x: float
    width: float
    parts: tuple[Part, ...]
    label: str

    @property
    def total(self) -> int:
        return sum(part.count for part in self.parts)

    def count(self, answer: str) -> int:
        """How many origins gave an answer."""
        return sum(part.count for part in self.parts if part.answer == answer)


@dataclass(frozen=True, slots=True, kw_only=True)
class Chart:
    """Everything placed; `answers` in the order of the scale, each with how full it is drawn."""

    columns: tuple[Column, ...]
    answers: tuple[tuple[str, str], ...]
    lines: tuple[tuple[float, int], ...]  # y and how many origins it marks
    width: int = WIDTH
    height: int = TOP + HEIGHT + BELOW
    floor: int = TOP + HEIGHT


def draw(question: QuestionStanding, as_of: date) -> Chart | None:
    """Count at the end of each month the origins by their newest answer in time; None where there never was one.

    In time: facts (else publication) at most the question's window before. What a person set aside is left out.
    """
    dated = [item for item in question.evidence if when(item) and item.role != "set aside"]
    if not dated:
        return None
    first = min(date.fromisoformat(when(item)) for item in dated)
    ends = _ends(max(first, as_of - timedelta(days=LONGEST)), as_of)
    origins = [origin.items for origin in by_origin(dated)]
    counted = [_count(origins, end, question.window_days) for end in ends]
    named = [*question.scale, *sorted({answer for one in counted for answer in one} - set(question.scale))]
    fills = {answer: ASIDE.get(answer, "u") for answer in named}
    fills |= dict(zip(question.scale, FILLS.get(len(question.scale), "01243" * len(question.scale)), strict=False))
    most = max(one.total() for one in counted)
    if not most:
        return None
    pitch = (WIDTH - LEFT - RIGHT) / len(ends)
    every = -(-len(ends) // 10)  # so many columns share a label
    columns = []
    for number, (end, found) in enumerate(zip(ends, counted, strict=True)):
        parts, y = [], float(TOP + HEIGHT)
        for answer in named:
            if found[answer]:
                height = found[answer] * HEIGHT / most
                y -= height
                parts.append(
                    Part(answer=answer, count=found[answer], fill=fills[answer], y=round(y, 1),
                         height=round(height, 1), shows=height >= 12)
                )  # fmt: skip
        columns.append(
            Column(
                until=end, x=round(LEFT + number * pitch + pitch * 0.1, 1), width=round(pitch * 0.8, 1),
                parts=tuple(parts), label=f"{end:%Y-%m}" if (len(ends) - 1 - number) % every == 0 else "",
            )
        )  # fmt: skip
    step = next(step for step in (1, 2, 5, 10, 20, 50, 100, most) if most / step <= 4 or step == most)
    return Chart(
        columns=tuple(columns),
        answers=tuple((answer, fills[answer]) for answer in named),
        lines=tuple((round(TOP + HEIGHT * (1 - n / most), 1), n) for n in range(step, most + 1, step)),
    )


def _ends(first: date, last: date) -> list[date]:
    """The last days of the months from a day to another, the newest of them that day itself."""
    months = (last.year - first.year) * 12 + last.month - first.month + 1
    return [end for end in month_ends(last, months) if end >= first]


def _count(origins: Iterable[tuple[Item, ...]], end: date, window: int) -> Counter[str]:
    """How many origins gave which answer last, of facts in time on a day."""
    found: Counter[str] = Counter()
    since, until = (end - timedelta(days=window)).isoformat(), end.isoformat()
    for items in origins:
        known = [item for item in items if since <= when(item) <= until]
        if known:
            found[max(known, key=lambda item: (when(item), item.evidence_id)).answer] += 1
    return found
