"""What every benchmark gives back: one figure with what it is held against; `python -m bench` makes one table."""

import json
import statistics
from collections.abc import Iterable, Sequence
from dataclasses import asdict, dataclass


@dataclass(frozen=True, slots=True, kw_only=True)
class Figure:
    """One thing measured, each run of it, beside a peer's runs in the same minutes or a fixed limit.

    `ratio` is ours against theirs: of rates (unit ends in /s) ours by theirs, so more is better; of times, sizes and
    memory ours by theirs, so less is better. A limit is a peer with one run.
    """

    bench: str  # the module that measured it
    what: str
    size: int  # of the input, in `of`
    of: str  # pages, passages, pieces of evidence ...
    unit: str  # s, ms, MB, MB/s, pages/s ...
    ours: tuple[float, ...]
    beside: str = ""  # name of the peer or limit; '' where there is none
    theirs: tuple[float, ...] = ()
    target: float | None = None  # the ratio: at least for rates, at most for anything else; None: told, not judged
    note: str = ""

    @property
    def is_rate(self) -> bool:
        """Whether more is better."""
        return self.unit.endswith("s/s") or self.unit == "MB/s"

    @property
    def ratio(self) -> float | None:
        """Median of ours to median of theirs."""
        return statistics.median(self.ours) / statistics.median(self.theirs) if self.theirs else None

    @property
    def met(self) -> bool | None:
        """Whether the target is met; None where there is none."""
        if self.target is None or self.ratio is None:
            return None
        return self.ratio >= self.target if self.is_rate else self.ratio <= self.target

    def line(self) -> str:
        """The figure as a line that `parsed` reads."""
        return json.dumps(asdict(self))


def parsed(line: str) -> Figure:
    """A figure out of its line."""
    fields = json.loads(line)
    return Figure(**fields | {name: tuple(fields[name]) for name in ("ours", "theirs")})


def short(value: float) -> str:
    """Three digits that count.

    >>> short(1234.5), short(0.03456), short(12.34)
    ('1,234', '0.0346', '12.3')
    """
    if abs(value) >= 100:
        return f"{value:,.0f}"
    return f"{value:.3g}"


def spread(runs: Sequence[float]) -> str:
    """Median of the runs, and from least to most where there are several."""
    middle = short(statistics.median(runs))
    return middle if len(runs) < 2 else f"{middle} ({short(min(runs))} to {short(max(runs))})"


def table(figures: Iterable[Figure]) -> str:
    """The figures as a Markdown table."""
    rows = [
        "| what | size | ours, median (spread) | peer or limit | ratio | target | met |",
        "|---|---|---|---|---|---|---|",
    ]
    for one in figures:
        beside = f"{one.beside}: {spread(one.theirs)} {one.unit}" if one.theirs else one.beside
        sign = "≥" if one.is_rate else "≤"
        target = "" if one.target is None else f"{sign} {one.target:g}"
        met = {True: "yes", False: "**no**", None: ""}[one.met]
        ratio = "" if one.ratio is None else f"{one.ratio:.2f}"
        what = f"{one.bench}: {one.what}" + (f" ({one.note})" if one.note else "")
        cells = what, f"{one.size:,} {one.of}", f"{spread(one.ours)} {one.unit}", beside, ratio, target, met
        rows.append("| " + " | ".join(cells) + " |")
    return "\n".join(rows)


def growth(figures: Iterable[Figure]) -> str:
    """What was measured at several sizes: how it grows, as a Markdown table; '' where nothing was."""
    grown: dict[tuple[str, str, str], list[Figure]] = {}
    for one in figures:
        grown.setdefault((one.bench, one.what, one.unit), []).append(one)
    rows = []
    for (bench, what, unit), sizes in grown.items():
        if len({one.size for one in sizes}) > 1:
            ordered = sorted(sizes, key=lambda one: one.size)
            told = ", ".join(f"{one.size:,}: {short(statistics.median(one.ours))}" for one in ordered)
            times = statistics.median(ordered[-1].ours) / max(statistics.median(ordered[0].ours), 1e-9)
            rows.append(
                f"| {bench}: {what} | {told} {unit} | x {ordered[-1].size / ordered[0].size:g} | x {times:.2f} |"
            )
    return "\n".join(["| what | at each size | size grows | it grows |", "|---|---|---|---|", *rows]) if rows else ""
