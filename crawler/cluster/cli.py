"""coi worker, coi ingest: crawling on several machines."""

import sys
from datetime import UTC, datetime

import click

from store.home import Home

FAILED = 1
REDIS = "Address of the Redis; better in COI_REDIS, as it may hold a password."
STORE = "Address of the shared store, file:///folder or s3://bucket/prefix; else COI_SHARED."


@click.command()
@click.option("--workers", "redis", metavar="URL", help=REDIS)
@click.option("--shared", metavar="URL", help=STORE)
@click.option("--at-once", type=click.IntRange(1, 64), default=2, show_default=True, help="Crawls at a time.")
@click.option("--local-delay-s", type=float, hidden=True, help="Delay for the hosts of COI_ALLOW_HOSTS (benchmarks).")
def worker(redis: str | None, shared: str | None, at_once: int, local_delay_s: float | None) -> None:
    """Crawl for another machine: take runs from Redis, ship what they bring to the shared store, until stopped."""
    from crawler.cluster.settings import Cluster
    from crawler.cluster.worker import Worker, until_stopped

    home = Home.from_environment()
    until_stopped(Worker(home, Cluster.of(redis, shared), at_once=at_once, local_delay_s=local_delay_s))


@click.command()
@click.option("--workers", "redis", metavar="URL", help=REDIS)
@click.option("--shared", metavar="URL", help=STORE)
def ingest(redis: str | None, shared: str | None) -> None:
    """Take in what workers shipped, once ('coi schedule --workers' does it all the time). Exit code 1: one refused."""
    from crawler import steps
    from crawler.cluster.handing import Handing
    from crawler.cluster.ingest import Ingest
    from crawler.cluster.settings import Cluster

    home = Home.from_environment()
    known = steps.declared(home)
    handing = Handing(home, Cluster.of(redis, shared))
    taken = Ingest(handing, known).run()
    lost = handing.give_up(known, datetime.now(UTC))
    for one in taken:
        if one.outcome != "ingested":
            click.echo(str(one), err=True)
    for said in lost:
        click.echo(said, err=True)
    good = [one.counts for one in taken if one.outcome == "ingested"]
    refused = sum(one.outcome == "refused" for one in taken)
    waits = sum(one.outcome == "waits" for one in taken)
    click.echo(f"ingest: {len(good)} runs, {sum(c.new for c in good)} new, {sum(c.changed for c in good)} changed; "
               f"{refused} shipments refused, {waits} wait, {len(lost)} runs never came back")  # fmt: skip
    if refused or waits or lost:
        sys.exit(FAILED)
