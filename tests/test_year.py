"""The simulated year over Christmas: a decisive source breaks, nobody acknowledges it, one run is killed."""

from datetime import date
from pathlib import Path

import pytest

from store.home import Home
from tests.alerts_world import hook_server, mail_server
from tests.year import Year


@pytest.mark.parametrize("seed", [3])
def test_each_due_message_comes_once_on_its_working_day(tmp_path: Path, seed: int) -> None:
    with mail_server() as box, hook_server() as hook:
        year = Year(
            Home(tmp_path / "home"), box, hook, seed,
            first=date(2022, 12, 19), last=date(2023, 1, 6), crashes=(date(2022, 12, 28),),
        )  # fmt: skip
        year.live()
        assert year.faults() == []
        assert [one.to for one in year.arrived] == ["anna", "bert", "carla", "bert"]
        assert max(box.times().values()) <= 2
