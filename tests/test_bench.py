"""The table of benchmarks: what it judges, and that one that fails costs only itself."""

import pytest

from bench.__main__ import BENCHES, ROOT, apart, page
from bench.figures import Figure, growth, parsed, table

ABOUT = {"bench": "b", "what": "w", "of": "pages", "beside": "peer"}


@pytest.mark.parametrize(
    ("unit", "ours", "target", "met"),
    [
        ("pages/s", 9.0, 1.0, False),
        ("pages/s", 9.0, 0.9, True),
        ("CPU ms/page", 9.0, 1.0, True),
        ("MB", 11.0, 1, False),
    ],
)
def test_more_is_better_of_a_rate_and_less_of_anything_else(unit: str, ours: float, target: float, met: bool) -> None:
    figure = Figure(size=1, unit=unit, ours=(ours, 1.0, 99.0), theirs=(10.0,), target=target, **ABOUT)
    assert figure.met is met and parsed(figure.line()) == figure
    assert ("**no**" in table([figure])) is not met


def test_growth_is_told_of_what_was_measured_at_several_sizes() -> None:
    small, large = (Figure(size=size, unit="s", ours=(size / 10,), **ABOUT) for size in (10, 1000))
    assert "| x 100 | x 100.00 |" in growth([large, small]) and growth([small]) == ""


def test_a_benchmark_that_fails_is_named_and_the_others_stand() -> None:
    figures, problem = apart("nothing", quick=True)
    assert figures == [] and "nothing ended with status 2" in problem
    assert f"**{problem}**" in page([], [problem], quick=True)
    assert all((ROOT / "bench" / f"{name}.py").is_file() for name in BENCHES)
