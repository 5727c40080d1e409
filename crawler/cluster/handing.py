"""The writer's side: a due run is handed out, one of a source at a time; what never comes back is a failed run."""

import os
import secrets
import sqlite3
from contextlib import suppress
from datetime import datetime, timedelta

from crawler.cadence import SLOT, cadence_of, limit_s, slot_at, slot_name
from crawler.cluster.jobs import Job, Queue
from crawler.cluster.settings import Cluster, ClusterError
from crawler.cluster.shared import Shared
from crawler.cluster.shipping import MEMORY, put_memory
from crawler.source import SHIPPED, Source
from crawler.states import span
from crawler.watchdog import record_outcome
from store import handed, memory, runs, sources
from store.clock import instant, utc_now
from store.db import connect, writing
from store.handed import HandedOut
from store.home import Home
from store.model import RunCounts

LONGEST_SKEW = timedelta(hours=1)
WAIT_S = 600  # in the queue, beside the time for the run itself and for one more try of it


class Handing:
    """Handing out the runs of a home. Raises ClusterError where Redis or the shared store is away."""

    def __init__(self, home: Home, cluster: Cluster) -> None:
        self.home, self.cluster = home, cluster
        self.shared, self.queue = Shared(cluster.shared), Queue(cluster)

    def hand_out(self, source: Source, now: datetime) -> bool:
        """Hand out the slot in which a source stands; False where a run of it is out already.

        The row comes first, then the message: what is killed in between is sent again at the next start (`send_again`).
        """
        conn = connect(self.home)
        try:
            if handed.out(conn, source.id):
                return False
            with writing(conn):
                sources.sync(conn, [source.card], declared_at=utc_now())
            cadence = cadence_of(source)
            limit = limit_s(cadence)
            run = HandedOut(
                job=secrets.token_hex(16),
                source_id=source.id,
                slot=runs.open_slot(conn, source.id, SLOT) or slot_name(slot_at(cadence, now)),
                handed_at=instant(now),
                lease_until=instant(now + timedelta(seconds=2 * limit + WAIT_S)),
                limit_s=limit,
                memory=put_memory(self.shared, declaration_of(self.home, source), memory.lines(conn, source.id)),
            )
            with writing(conn):
                if not handed.hand_out(conn, run):
                    return False
            self._send(conn, run)
            return True
        finally:
            conn.close()

    def _send(self, conn: sqlite3.Connection, run: HandedOut) -> None:
        try:
            self.queue.send(job_of(run))
        except ClusterError as error:
            with writing(conn):
                handed.end(conn, run.job, "unsent", at=utc_now(), message=str(error))
            raise

    def send_again(self) -> int:
        """Send every run that is out once more, at a start: Redis may have been emptied. Twice does no harm."""
        conn = connect(self.home)
        try:
            found = handed.all_out(conn)
        finally:
            conn.close()
        for run in found:
            self.queue.send(job_of(run))
        return len(found)

    def give_up(self, known: dict[str, Source], now: datetime, patience: timedelta = timedelta()) -> list[str]:
        """Close the runs that were not brought back within their lease, each as a failed run; say which.

        `patience`: how much longer to wait, where what came back may lie in a store that is away.
        """
        conn = connect(self.home)
        said = []
        try:
            for run in handed.all_out(conn):
                by_wrong_clock = run.handed_at > instant(now + LONGEST_SKEW)  # its lease would go on for as long
                if run.lease_until >= instant(now - patience) and not by_wrong_clock:
                    continue
                waited_s = max(0, (now - datetime.fromisoformat(run.handed_at)).total_seconds())
                why = (
                    f"handed to a worker at {run.handed_at}, and nothing came back within {span(waited_s)}; see "
                    f"whether enough workers run ('coi worker') and reach Redis and the shared store; job {run.job}"
                )
                failed(conn, run, known.get(run.source_id), "lost", why, at=instant(now))
                self.forget(conn, run.memory)
                said.append(f"{run.source_id}: {why}")
        finally:
            conn.close()
        return said

    def forget(self, conn: sqlite3.Connection, digest: str) -> None:
        """Remove what a worker was told, where no run that is out needs it; where the store is away it stays."""
        if not handed.memory_in_use(conn, digest):
            with suppress(ClusterError):
                self.shared.delete(f"{MEMORY}/{digest}")


def away(home: Home, redis: str | None = None, shared: str | None = None) -> Handing | None:
    """Who hands the runs of a home to workers, where an option or COI_REDIS names a Redis; None: they are crawled here.

    Raises ClusterError where that Redis or the shared store cannot be used.
    """
    return Handing(home, Cluster.of(redis, shared)) if redis or os.environ.get("COI_REDIS") else None


def job_of(run: HandedOut) -> Job:
    """A run that is out as the message that workers get."""
    return Job(
        job=run.job,
        source_id=run.source_id,
        slot=run.slot,
        memory=run.memory,
        limit_s=run.limit_s,
        lease_until=run.lease_until,
    )


def failed(conn: sqlite3.Connection, run: HandedOut, source: Source | None, state: str, why: str, *, at: str) -> None:
    """Close a run that was out as failed, in its source's own row of runs, so that its alarms go as ever."""
    with writing(conn):
        handed.end(conn, run.job, state, at=at, message=why)
        run_id = runs.start(conn, run.source_id, run.slot, origin="network", started_at=min(run.handed_at, at))
        if run_id is None:
            return
        message = f"{run.source_id}: {why}"
        runs.problem(conn, run_id, run.source_id, why, "see docs/scaling.md", seen_at=at)
        runs.finish(conn, run_id, RunCounts(failed=1), "failed", message, ended_at=at)
        if source is not None:
            record_outcome(conn, source, run_id, at=at)


def declaration_of(home: Home, source: Source) -> str:
    """The file that declares a source, as it stands: the home's own goes before a shipped one."""
    for folder in (home.declared / "sources", SHIPPED):
        if (file := folder / f"{source.id}.toml").exists():
            return file.read_text("utf-8")
    raise ClusterError(f"{source.id}: no file declares it any more in {home.declared / 'sources'}")
