"""The journal that a run left on a worker: whether it is whole, which files are its own; and one of a run that died."""

import gzip
import json
from pathlib import Path

from crawler.health import RunResult
from crawler.journal import FORMAT
from store.clock import utc_now


def is_whole(journal: Path) -> bool:
    """Whether a run came to its end in it."""
    try:
        with gzip.open(journal, "rt", encoding="utf-8") as lines:
            last = ""
            for last in lines:  # noqa: B007 (the last one is asked for)
                pass
        return last.startswith('["end"')
    except (OSError, EOFError):
        return False


def own_files(journal: Path) -> list[str]:
    """The archive files that the captures of a run lie in; others in its folder were brought."""
    names: dict[str, None] = {}
    with gzip.open(journal, "rt", encoding="utf-8") as lines:
        for line in lines:
            if line.startswith('["capture"'):
                names[json.loads(line)[1]["warc_file"]] = None
    return list(names)


def say_failed(journal: Path, result: RunResult) -> None:
    """The journal of a run that brought nothing: only why it failed."""
    at = utc_now()
    end = {"started_at": at, "ended_at": at, "status": "failed", "message": result.message, "counts": {},
           "problems": [[result.source_id, result.message, "see the worker's log", at]]}  # fmt: skip
    with gzip.open(journal, "wt", encoding="utf-8") as out:
        out.write(f'["journal",{FORMAT}]\n{json.dumps(["end", end], ensure_ascii=False)}\n')
