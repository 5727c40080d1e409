"""The schedule of a home whose runs go to workers: hand out what is due, take in what comes, give up the rest."""

from datetime import UTC, datetime, timedelta

import click
from apscheduler.executors.pool import ThreadPoolExecutor
from apscheduler.schedulers.background import BackgroundScheduler

from crawler.cluster.handing import Handing
from crawler.cluster.ingest import Ingest
from crawler.schedule import INGEST
from crawler.steps import declared
from store.errors import ForPeople

EVERY_S = 5
STORE_AWAY = timedelta(hours=1)  # what came back may lie in it; later than that the run has failed all the same


def prepare(running: BackgroundScheduler, away: Handing, jobstore: str) -> None:
    """Send once more what was out when this machine stopped, and take in what comes from now on."""
    if sent := away.send_again():
        click.echo(f"schedule: {sent} runs were out when it stopped; sent again")
    running.add_executor(ThreadPoolExecutor(1), INGEST)
    running.add_job(
        take_in, "interval", seconds=EVERY_S, id=INGEST, args=[away], jobstore=jobstore, executor=INGEST,
        misfire_grace_time=None,
    )  # fmt: skip


def take_in(away: Handing) -> int:
    """The ingest's turn; returns how many documents are new or changed. What is wrong is said, and it goes on."""
    taken, patience = [], timedelta()
    try:
        known = declared(away.home)
        try:
            taken = Ingest(away, known).run()
        except ForPeople as error:
            click.echo(f"{INGEST}: {error}", err=True)
            patience = STORE_AWAY
        lost = away.give_up(known, datetime.now(UTC), patience)
    except ForPeople as error:
        click.echo(f"{INGEST}: {error}", err=True)
        return 0
    for one in taken:
        if one.outcome != "ingested":
            click.echo(f"{INGEST}: {one}", err=True)
    for said in lost:
        click.echo(f"{INGEST}: {said}", err=True)
    return sum(one.counts.new + one.counts.changed for one in taken)
