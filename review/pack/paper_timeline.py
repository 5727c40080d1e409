"""The evidence of a question in time: the picture of its page for the HTML paper, and for Word a table of signs."""

from collections import Counter
from collections.abc import Iterator
from datetime import date, timedelta
from functools import partial

from review.cite.clean import line
from review.pack.blocks import Block, Line, Picture, Table, Text, say
from review.pack.gather import Contents
from review.pack.say import Say
from review.plugin.status_map import month_ends
from review.plugin.timeline import SIGNS, Timeline, draw
from review.standing import QuestionStanding

MONTHS = 12  # columns of the table; what is older stands in one before them
RUNS = "▬"
Stretch = tuple[date | None, date]  # first day (None: anything earlier) and last day of a column


def timeline(found: Contents, shown: QuestionStanding, words: Say) -> Iterator[Block]:
    """The picture with its table, or nothing where no evidence has a day; with the moratorium that it decides."""
    as_of = found.wanted.as_of
    moratoria = [found.moratorium] if found.moratorium and shown.id in found.moratorium.deciding else []
    drawn = draw(shown, as_of, partial(words.code, "answer"), moratoria)
    if drawn is None:
        return
    halves = {half: words.code("half", half) for half in ("decisions", "departures")}
    cuts = "; ".join(f"{number} {mark.label}" for number, mark in enumerate(drawn.watersheds, 1))
    notes = [f"{words('q.watersheds')}: {cuts}."] if cuts else []
    notes += [f"† {words('q.timeline_fragile', origin=line(row.full))}" for row in drawn.rows if row.fragile]
    yield Picture(
        timeline=drawn,
        id=f"when-{shown.country}-{shown.id}",
        said={
            "title": words("q.timeline"), "desc": words("pack.timeline_desc"), "window": words("q.timeline_window"),
            "older": words("q.timeline_older", day=words.day(drawn.start)), "halves": halves,
        },
        key=_key(words),
        notes=" ".join(notes),
        grid=_grid(drawn, as_of, halves, words),
    )  # fmt: skip


def _key(words: Say) -> str:
    said = [f"{SIGNS[kind][0]} {words(f'q.stance_{kind}')}" for kind in ("for", "against", "mixed", "struck")]
    return "; ".join([*said, f"{''.join(SIGNS[kind][1] for kind in ('for', 'against', 'mixed'))} "
                             f"{words('pack.timeline_hollow')}", words("pack.timeline_washed")])  # fmt: skip


def _grid(drawn: Timeline, as_of: date, halves: dict[str, str], words: Say) -> Table:
    """Rows as in the picture, a column a month; the months in which facts are in time are shaded."""
    ends = month_ends(as_of, MONTHS)
    stretches: list[Stretch] = [(None, ends[0].replace(day=1) - timedelta(days=1))]
    stretches += [(end.replace(day=1), end) for end in ends]
    head = ("", words("pack.timeline_older"), *(f"{end:%Y %m}" for end in ends))
    rows: list[tuple[Line, ...]] = []
    for bar in drawn.bars:
        first, last = bar.clock.first_day or as_of, bar.clock.ends_on or as_of
        ran = [RUNS if first <= until and (since is None or last >= since) else "" for since, until in stretches]
        rows.append((say(f"{bar.id}, {halves[bar.half]}", soft=True), *map(say, ran)))
    for row in drawn.rows:
        name: Line = (Text(text=line(row.label)), Text(text=" †" if row.fragile else ""))
        cells = []
        for since, until in stretches:
            inside = [p for p in row.points if (since is None or p.on >= since) and p.on <= until]
            signs = Counter(SIGNS[p.stance][0 if p.votes else 1] for p in inside)
            cells.append(" ".join(sign if n == 1 else f"{n}{sign}" for sign, n in sorted(signs.items())))
        rows.append((name, *map(say, cells)))
    washed = tuple(column for column, (_, until) in enumerate(stretches, 1) if until >= drawn.since)
    return Table(head=head, rows=tuple(rows), widths=(28, 6, *[5] * MONTHS), small=True, washed=washed)
