"""The page of a replayed moratorium: what was computed week by week beside what the state decided, and why they differ.

A replay may take minutes: it is made in a process of its own, one at a time, and kept; no request waits for it.
"""

from __future__ import annotations

import os
import sqlite3
import subprocess
import sys
from dataclasses import dataclass
from datetime import UTC, datetime, timedelta
from time import monotonic
from typing import TYPE_CHECKING

from datasette.utils.asgi import Request, Response

from review.backtest import replayable
from review.backtest_kept import Kept, kept
from review.plugin.backtest_chart import act_days, draw
from review.plugin.look import BASES, Refused
from review.plugin.page import home_of, open_page

if TYPE_CHECKING:
    from datasette.app import Datasette  # its import loads this plugin

    from store.home import Home

AGAIN = timedelta(hours=1)  # a replay that something changed under is made anew at most so often
GIVE_UP_S = 600.0  # after a failure nothing is tried for so long
LOOK_AGAIN_S = 5
Wanted = tuple[str, str, str, str]  # database's folder, moratorium, basis, reading


@dataclass(slots=True)
class Job:
    """A process that makes one replay. `ended` is when it was seen to have failed, by the monotonic clock."""

    wanted: Wanted
    process: subprocess.Popen[bytes]
    ended: float | None = None


_jobs: dict[Wanted, Job] = {}


async def show(datasette: Datasette, request: Request) -> Response:
    """GET /moratoria/<id>/backtest?basis=&reading=: the strips, their table, each difference with its reasons.

    Answers 202 and asks the browser to look again while the first replay is being made.
    """
    page = open_page(datasette, request)
    id_ = request.url_vars["moratorium_id"]
    row = await page.row("select id, title, title_nl, country from moratoria where id = ?", [id_])
    if row is None:
        raise Refused(404, "missing.moratorium", id=id_)
    basis = page.look.basis if page.look.stated_basis else BASES[0]
    home = home_of(datasette)
    wanted = (str(home.path), id_, basis, page.look.reading)

    def read(conn: sqlite3.Connection) -> tuple[bool, Kept | None]:
        return id_ in replayable(conn), kept(conn, id_, basis=basis, reading=page.look.reading)

    possible, found = await page.read(read)
    working = possible and _needed(found) and _working(home, wanted)
    groups = {
        g["id"]: page.words.pick(g["title"], g["title_nl"]) for g in await page.rows("select * from target_groups")
    }
    return await page.html(
        "coi_backtest.html",
        202 if working and found is None else 200,
        row=row,
        possible=possible,
        found=found.replay if found else None,
        kept=found,
        working=working,
        failed=possible and found is None and not working,
        look_again_s=LOOK_AGAIN_S if working and found is None else None,
        basis=basis,
        groups=groups,
        chart=draw(found.replay, groups) if found else None,
        numbers={day: n for n, day in enumerate(act_days(found.replay), 1)} if found else {},
        command=f"coi backtest --moratorium {id_} --basis {basis} --reading {page.look.reading}",
    )


def _needed(found: Kept | None) -> bool:
    """Whether a replay has to be made: there is none, or it is an hour old and something has changed since."""
    if found is None:
        return True
    return not found.current and datetime.now(UTC) - datetime.fromisoformat(found.at) > AGAIN


def _working(home: Home, wanted: Wanted) -> bool:
    """Start a replay unless one is being made; True where this one is being made, or waits for another."""
    for job in _jobs.values():
        if job.ended is None and job.process.poll() not in (None, 0):
            job.ended = monotonic()
    if any(job.process.poll() is None for job in _jobs.values()):
        return True
    last = _jobs.get(wanted)
    if last and last.ended is not None and monotonic() - last.ended < GIVE_UP_S:
        return False
    _, *names = wanted
    _jobs[wanted] = Job(wanted=wanted, process=_start(home, names))
    return True


def _start(home: Home, names: list[str]) -> subprocess.Popen[bytes]:
    """A process of its own, so that no request waits and none is slowed by more than its share of the machine."""
    home.logs.mkdir(exist_ok=True)
    with (home.logs / "backtest.log").open("ab") as log:
        return subprocess.Popen(
            [sys.executable, "-m", "review.backtest_kept", *names],
            stdin=subprocess.DEVNULL,
            stdout=subprocess.DEVNULL,
            stderr=log,
            env=os.environ | {"COI_HOME": str(home.path)},
        )
