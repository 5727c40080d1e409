"""Where everything of one installation lies. Nothing is written elsewhere."""

import json
import os
import shlex
from dataclasses import dataclass
from pathlib import Path
from typing import Self

from store.errors import ForPeople
from store.files import sync


class HalfRestored(ForPeople, RuntimeError):
    """A restore was interrupted between its two renames: what was here lies aside. The message says what to do."""


@dataclass(frozen=True, slots=True)
class Home:
    """One folder: coi.db, archive/ (WARC), declared/ (the operator's own files), locks/, logs/, backtests/ (kept); and
    home-id, by which a database is known to belong here.
    """

    path: Path

    @classmethod
    def from_environment(cls) -> Self:
        """$COI_HOME, or ./coi-data where it is not set."""
        return cls(Path(os.environ.get("COI_HOME") or "coi-data").expanduser().absolute())

    @property
    def database(self) -> Path:
        return self.path / "coi.db"

    @property
    def archive(self) -> Path:
        return self.path / "archive"

    @property
    def declared(self) -> Path:
        return self.path / "declared"

    @property
    def logs(self) -> Path:
        return self.path / "logs"

    @property
    def locks(self) -> Path:
        """One file a host that is being crawled, and one for taking archives in."""
        return self.path / "locks"

    @property
    def backtests(self) -> Path:
        """Replays that are kept for the site; they can be deleted at any time."""
        return self.path / "backtests"

    @property
    def unfinished(self) -> Path:
        """Beside the home, while a restore has moved it aside and the new one has not come: says where it lies."""
        return self.path.with_name(f".{self.path.name}.restore-unfinished")

    def moved_aside(self) -> Path:
        """Where a restore that was interrupted put the home that was here."""
        return Path(json.loads(self.unfinished.read_text("ascii")))

    def refuse_half_restored(self) -> None:
        """Raise HalfRestored where an empty home would take the place of one that a restore moved aside."""
        if self.database.exists() or not self.unfinished.exists() or not (aside := self.moved_aside()).exists():
            return
        raise HalfRestored(
            f"{self.path} is not there: a restore moved what was there to {aside} and was interrupted (or still runs). "
            "Nothing was made in its place. Run the same 'coi restore' again: it begins anew; or put back what was "
            f"there: mv -T {shlex.quote(str(aside))} {shlex.quote(str(self.path))}"
        )

    def create(self) -> None:
        """Make the folders, readable by their owner only (restricted notes live here). Raises HalfRestored."""
        self.refuse_half_restored()
        self.path.mkdir(parents=True, exist_ok=True, mode=0o700)
        for folder in (self.archive, self.declared, self.locks, self.logs):
            folder.mkdir(exist_ok=True)


def replace_file(path: Path, text: str) -> None:
    """Write a small private file as a whole: after a kill or a power cut it holds the old text or the new."""
    draft = path.with_name(f"{path.name}.{os.getpid()}.new")
    with os.fdopen(os.open(draft, os.O_WRONLY | os.O_CREAT | os.O_TRUNC, 0o600), "w", encoding="ascii") as out:
        out.write(text)
        out.flush()
        os.fsync(out.fileno())
    draft.replace(path)
    sync(path.parent)
