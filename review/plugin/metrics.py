"""/-/metrics: the figures of an installation in Prometheus' text format, for operators and their programs.

Read from small indexed rows and kept for KEPT_S seconds, so that nobody can make the site slow by asking. What is
counted is of rows, so it is the same after a restart; the durations of requests are of this process.
"""

from __future__ import annotations

import asyncio
import sqlite3
import threading
import time
from collections.abc import Iterator, Sequence
from datetime import UTC, datetime
from typing import TYPE_CHECKING, Any

from datasette.utils.asgi import Request, Response
from prometheus_client import CONTENT_TYPE_LATEST, CollectorRegistry, Histogram, ProcessCollector, generate_latest
from prometheus_client.core import GaugeMetricFamily

from review.plugin import access
from review.plugin.health import NO_STORE, home_of
from review.plugin.look import Refused
from store import operating
from store.db import StoreError, connect_readonly
from store.home import Home
from store.operating import Figures
from store.version import VERSION

if TYPE_CHECKING:
    from datasette.app import Datasette  # its import loads this plugin

KEPT_S = 15.0
BUCKETS_S = (0.025, 0.05, 0.1, 0.2, 0.4, 0.8, 1.6, 3.2, 10.0, 30.0)
METHODS = frozenset({"GET", "HEAD", "POST"})  # of anything else there is no end of names
GREW = "coi_rows"
_making = threading.Lock()


class Metrics:
    """The registry of one site."""

    def __init__(self, home: Home) -> None:
        self.registry = CollectorRegistry()
        self.requests = Histogram(
            "coi_request_seconds", "Time to answer a request of the site, by method and first digit of the status.",
            ["method", "status"], buckets=BUCKETS_S, registry=self.registry,
        )  # fmt: skip
        ProcessCollector(namespace="coi", registry=self.registry)
        self.registry.register(_Kept(home))

    def observe(self, method: str, status: int, took_s: float) -> None:
        """Count one answer."""
        self.requests.labels(method if method in METHODS else "other", f"{status // 100}xx").observe(took_s)

    def text(self) -> bytes:
        """Everything, as Prometheus reads it."""
        return generate_latest(self.registry)


class _Kept:
    """Gives the figures of the database to a registry, read anew after KEPT_S."""

    def __init__(self, home: Home) -> None:
        self._home, self._made_s, self._found = home, float("-inf"), list[GaugeMetricFamily]()
        self._lock = threading.Lock()

    def collect(self) -> Iterator[GaugeMetricFamily]:
        with self._lock:  # of several who ask at once one reads
            if time.monotonic() - self._made_s > KEPT_S:
                self._found, self._made_s = list(_read(self._home)), time.monotonic()
        yield from self._found

    def describe(self) -> list[GaugeMetricFamily]:
        return []  # nothing is read when a site starts


def of(datasette: Datasette) -> Metrics:
    """The metrics of a site, made when they are first needed."""
    with _making:
        found = getattr(datasette, "coi_metrics", None)
        if found is None:
            found = datasette.coi_metrics = Metrics(home_of(datasette))
    return found


async def show(datasette: Datasette, request: Request) -> Response:
    """The exposition, for operators, their tokens, and whoever sits at a machine that declares nobody."""
    if not access.may_measure(request.actor, datasette):
        raise Refused(403, "denied.table")
    text = await asyncio.to_thread(of(datasette).text)
    return Response(text, content_type=CONTENT_TYPE_LATEST, headers=NO_STORE)


def _read(home: Home) -> Iterator[GaugeMetricFamily]:
    """Everything that is not of the process. A database that cannot be read is a figure too (coi_up 0)."""
    now, found, began_s = datetime.now(UTC), None, time.perf_counter()
    try:
        conn = connect_readonly(home)
        try:
            conn.execute("pragma busy_timeout = 2000")
            found = operating.figures(conn, now)
            assessed, _ = operating.assess_standing(conn, now)
            pending = operating.schema_pending(conn)
        finally:
            conn.close()
    except (StoreError, sqlite3.Error):
        pass
    yield _gauge("coi_up", "Whether the database could be read.", [((), float(found is not None))])
    info = GaugeMetricFamily("coi_info", "The release, as a label.", labels=["version"])
    info.add_metric([VERSION], 1.0)
    yield info
    sizes = operating.sizes(home).items()
    yield _gauge("coi_bytes", "Size of the database, its write-ahead log, the archive, the logs.",
                 [((name,), float(size)) for name, size in sizes], "of")  # fmt: skip
    try:
        _, free, total = operating.disk_standing(home)
        yield _gauge("coi_disk_free_bytes", "Free space where the home lies.", [((), float(free))])
        yield _gauge("coi_disk_bytes", "Space where the home lies.", [((), float(total))])
    except OSError:
        pass
    if found is not None:
        yield _gauge("coi_schema_current", "Whether the schema is this release's.", [((), float(not pending))])
        yield _gauge("coi_assess_stale", "Whether verdicts lag behind what came in.", [((), float(assessed != "ok"))])
        yield from _of_rows(found, now)
    took_s = time.perf_counter() - began_s
    yield _gauge("coi_figures_seconds", "How long reading these figures took.", [((), took_s)])


def _of_rows(found: Figures, now: datetime) -> Iterator[GaugeMetricFamily]:
    states: dict[str, int] = dict.fromkeys(("ok", "suspect", "failing", "broken", "not_configured", "never_run"), 0)
    for source in found.sources:
        states[source.state] = states.get(source.state, 0) + 1
    yield _gauge("coi_sources", "Sources by state.", _labelled(states), "state")
    ages = [((one.id,), _age_s(one.last_success_at, now)) for one in found.sources if one.last_success_at]
    yield _gauge(
        "coi_source_last_success_age_seconds", "Since a source was last collected in good health.", ages, "source"
    )
    bad = [((one.id, one.state), 1.0) for one in found.sources if one.state in ("failing", "broken")]
    yield _gauge("coi_source_bad", "Sources that are failing or broken.", bad, "source", "state")
    runs = dict.fromkeys(("ok", "partial", "failed", "interrupted", "running"), 0) | dict(found.runs_last_day)
    yield _gauge("coi_runs_last_day", "Runs of the last 24 hours by status.", _labelled(runs), "status")
    halves = [((one.moratorium, one.half), float(one.days_left)) for one in found.halves]
    yield _gauge("coi_moratorium_days_left", "Days to the last day of a half that runs.", halves, "moratorium", "half")
    if found.halves:
        yield _gauge(
            "coi_nearest_end_days", "Days to the nearest end of a half.", [((), float(found.halves[0].days_left))]
        )
    verdicts = [(labels, float(number)) for labels, number in found.verdicts.items()]
    yield _gauge("coi_verdicts", "Questions by reading and effective status.", verdicts, "reading", "status")
    lapsing = _labelled({"reviewed": 0, "provisional": 0} | dict(found.lapsing))
    yield _gauge("coi_verdicts_lapsing", "Statuses that fall within 30 days.", lapsing, "reading")
    yield _gauge("coi_outbox_waiting", "Tellings that stand in no message yet.", [((), float(found.outbox_waiting))])
    letters = dict.fromkeys(("waiting", "claimed", "failed", "sent", "dead"), 0) | dict(found.letters)
    yield _gauge("coi_messages", "Messages by what became of them.", _labelled(letters), "state")
    yield _gauge("coi_alerts_open", "Alerts that nobody acknowledged.", [((), float(found.alerts_open))])
    yield _gauge("coi_proposals_open", "Proposed moratoria that nobody decided.", [((), float(found.proposals_open))])
    yield _gauge(GREW, "Rows ever added, by table.", _labelled(found.rows), "table")
    alive = [((name,), float(name == found.schedule)) for name in ("never", "stopped", "alive", "dead")]
    yield _gauge("coi_schedule", "State of the schedule.", alive, "state")
    if found.heartbeat_age_s is not None:
        yield _gauge("coi_heartbeat_age_seconds", "Since the schedule last looked.", [((), found.heartbeat_age_s)])
    steps = {**found.steps, "crawl": found.last_crawl_at, "backup": operating.last_backup()}
    times = [((name,), datetime.fromisoformat(at).timestamp()) for name, at in steps.items() if at]
    yield _gauge("coi_last_step_timestamp_seconds", "When a step was last done.", times, "step")


def _labelled(counts: Any) -> list[tuple[tuple[str, ...], float]]:  # noqa: ANN401  a mapping of names to counts
    return [((name,), float(number)) for name, number in counts.items()]


def _gauge(name: str, said: str, rows: Sequence[tuple[tuple[str, ...], float]], *labels: str) -> GaugeMetricFamily:
    made = GaugeMetricFamily(name, said, labels=list(labels))
    for values, number in rows:
        made.add_metric(list(values), number)
    return made


def _age_s(at: str, now: datetime) -> float:
    return (now - datetime.fromisoformat(at)).total_seconds()
