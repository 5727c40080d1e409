"""The log of sign-ins: when, what, who, from where; no password, no token, no name that nobody here has."""

import json
import logging
from pathlib import Path

from review.accounts import Account
from store.clock import utc_now
from store.log_file import LogFile
from store.logs import run_id

NAME = "sign-ins.log"
MOST_BYTES, KEPT = 5 * 1024**2, 4  # bounded, whoever fills it


class SignLog:
    """One JSON object a line in a file of the home; nowhere where there is no home."""

    def __init__(self, path: Path | None) -> None:
        self._handler = LogFile(path, most_bytes=MOST_BYTES, kept=KEPT) if path is not None else None

    def note(self, what: str, person: Account | None, address: str) -> None:
        """Keep one line. A name that nobody has is left out: people type passwords where a name belongs."""
        if self._handler is None:
            return
        name = person.name if person else ""
        line = {"at": utc_now(), "run": run_id(), "what": what, "name": name, "address": address}
        record = logging.LogRecord("coi", logging.INFO, "", 0, json.dumps(line, ensure_ascii=False), None, None)
        self._handler.handle(record)
