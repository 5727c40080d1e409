"""The bytes of earlier captures on a worker, fetched one record at a time when a server says "not modified"."""

import os
from collections.abc import Callable
from pathlib import Path

from crawler.cluster.settings import ClusterError
from crawler.cluster.shared import Shared
from store.model import Capture


def bringer(folder: Path, url: str) -> Callable[[Capture], None]:
    """What puts the record of a capture into the archive folder, at its own place in a file full of holes.

    A record that cannot be had stays a hole: then the page is asked for in full, as where an archive is damaged.
    """
    shared = Shared(url)
    brought: set[tuple[str, int]] = set()
    theirs: set[str] = set()

    def bring(capture: Capture) -> None:
        name, place = capture.warc_file, (capture.warc_file, capture.warc_offset)
        path = folder / name
        if place in brought or (path.exists() and name not in theirs) or path.parent != folder:
            return  # here already, or a file of this run
        brought.add(place)
        theirs.add(name)
        try:
            record = shared.part(f"archive/{name}", capture.warc_offset, capture.warc_length)
        except (ClusterError, KeyError):
            return
        out = os.open(path, os.O_WRONLY | os.O_CREAT, 0o600)
        try:
            os.pwrite(out, record, capture.warc_offset)
        finally:
            os.close(out)

    return bring
