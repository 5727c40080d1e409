"""Which captures belong to a time and to a source. A capture bears no source: it follows from how it came."""

import re
import sqlite3
from collections.abc import Callable, Iterator, Sequence
from typing import TypeAlias
from urllib.parse import urlsplit

from crawler.source import Source
from store import captures
from store.model import Capture

_OWN_FILE = re.compile(r"^\d{8}T\d{6}Z-(?P<source>.+)-\d{5}\.warc\.gz$")  # as crawler.job names the files of a run

_Belongs: TypeAlias = Callable[[int, Capture], bool]


def chosen_from(
    conn: sqlite3.Connection, begin: str, end: str, sources: Sequence[Source]
) -> Iterator[tuple[int, Capture]]:
    """Yield the captures fetched between two instants, in time order; with sources, those of one of them.

    A capture belongs to the source whose run fetched it, or one of whose documents rests on it. What was imported
    came by no source's run: there the addresses on the hosts of its start pages count as well, so that the lists
    that led to its documents are among them.
    """
    belongs = [_belonging(conn, source) for source in sources]
    for capture_id, capture in captures.between(conn, begin, end):
        if not sources or any(is_its(capture_id, capture) for is_its in belongs):
            yield capture_id, capture


def _belonging(conn: sqlite3.Connection, source: Source) -> _Belongs:
    rested_on, addresses = captures.of_source(conn, source.id)
    hosts = {urlsplit(start).hostname for start in source.starts}

    def is_its(capture_id: int, capture: Capture) -> bool:
        run = _OWN_FILE.match(capture.warc_file)
        if run or capture_id in rested_on:
            return capture_id in rested_on or (run is not None and run["source"] == source.id)
        return capture.url in addresses or urlsplit(capture.url).hostname in hosts

    return is_its
