"""The crawling process: its arguments, its locks, and what it says when it cannot."""

import argparse
import os
import sqlite3
import sys
import time
from datetime import date
from pathlib import Path

from crawler.alone import WAIT_S, Busy, alone, end_unheard, names_of
from crawler.crawls import Crawls, only_page
from crawler.guard import Refused, check_contact
from crawler.progress import showing
from crawler.source import Source, load_sources
from crawler.warc import ArchiveError
from store import db, handed, logs
from store.declared import DeclarationError
from store.errors import ForPeople
from store.home import Home

FAILED, WRONG_USE = 1, 2


def main(arguments: list[str]) -> int:
    """Run the crawls that the arguments name; 0 done, 1 something prevented it, 2 wrong use."""
    given = _parser().parse_args(arguments)
    home = Home(given.home)
    if given.json:
        end_unheard()
    # A scheduled run waits for its turn (its parent limits its time); a person is told soon that another is at it.
    wait_s = given.wait_s if given.wait_s is not None else -1 if given.slot else WAIT_S
    try:
        home.create()
        logs.begin(home, "crawl", file=logs.CRAWL, terminal=False)
        declared = load_sources([home.declared / "sources"])
        chosen = [_known(declared, name) for name in given.source]
        contact = "" if given.archives else check_contact(os.environ.get("COI_CONTACT", ""))
        fetched = [only_page(source, given.page) for source in chosen] if given.page else chosen
        names = names_of(fetched, replay=bool(given.archives))
        asked_s = time.monotonic()
        with alone(home, names, f"crawl of {', '.join(given.source)}", wait_s=wait_s):
            waited_s = time.monotonic() - asked_s
            conn = db.connect(home)
            _not_out(conn, given)
            with showing(as_json=given.json) as (tell, report):
                crawls = Crawls(given, home, conn, contact, tell, waited_s=waited_s)
                crawls.run(list(crawls.plan(chosen)), report)
    except (ForPeople, ArchiveError) as error:
        print(error, file=sys.stderr)
        return WRONG_USE if isinstance(error, (Refused, DeclarationError)) else FAILED
    except sqlite3.OperationalError as error:
        print(f"{home.database}: {error}; nothing half done was kept. Free disk space or end the program that holds "
              "the database, then run the same command again", file=sys.stderr)  # fmt: skip
        return FAILED
    except OSError as error:
        print(f"{home.path}: {error}; correct that (rights, disk space), then run the same command again",
              file=sys.stderr)  # fmt: skip
        return FAILED
    return 0


def _not_out(conn: sqlite3.Connection, given: argparse.Namespace) -> None:
    """Refuse to ask a source that a worker on another machine is asking: two at once would break its delay."""
    for name in () if given.archives else given.source:
        if run := handed.out(conn, name):
            raise Busy(f"{name}: handed to a worker at {run.handed_at}; wait until it is back (at the latest "
                       f"{run.lease_until}), or let 'coi schedule' go on")  # fmt: skip


def _parser() -> argparse.ArgumentParser:
    parser = argparse.ArgumentParser(prog="python -m crawler", description=__doc__)
    parser.add_argument("--home", type=Path, required=True, help="folder of the data")
    parser.add_argument("--source", action="append", required=True, help="id of a source; may be repeated")
    parser.add_argument("--from", dest="archives", type=Path, action="append", default=[], help=".warc.gz or .wacz")
    parser.add_argument("--page", help="one address that came by hand, kept as a document of the source")
    parser.add_argument(
        "--published", type=date.fromisoformat, help="the publication day of that page, as a person says"
    )
    parser.add_argument("--slot", help="name of a live run; the same slot is not run twice")
    parser.add_argument("--now", default=None, help="instant of the run, YYYY-MM-DDTHH:MM:SSZ")
    parser.add_argument("--json", action="store_true", help="one JSON object a line instead of words")
    parser.add_argument("--wait-s", type=float, help="seconds to wait for another crawl of the home to end")
    parser.add_argument("--limit-s", type=float, help="seconds after which a live run ends as failed")
    parser.add_argument("--probe", action="store_true", help="look at the start pages and one document; keep neither")
    parser.add_argument("--local-delay-s", type=float, help="delay for the hosts of COI_ALLOW_HOSTS (benchmarks)")
    parser.add_argument("--journal", type=Path, help="note every write here too (a run for another machine)")
    parser.add_argument("--shared", help="address of the store that holds the earlier archive of such a run")
    return parser


def _known(declared: dict[str, Source], name: str) -> Source:
    if name not in declared:
        raise DeclarationError(f"no source {name!r}; declared are {', '.join(sorted(declared))}")
    return declared[name]
