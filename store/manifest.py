"""What a backup says of itself: every file with its size and hash, the schema, the end of the audit chain."""

import json
import os
import re
from collections.abc import Iterator, Mapping
from dataclasses import asdict, dataclass, field
from hashlib import sha256
from pathlib import Path
from typing import Self

from store.errors import ForPeople
from store.files import sync

NAME, FORMAT = "manifest.json", "coi-backup/1"
PARTIAL = ".partial-"  # how the name of a folder begins that is no backup, or no longer
_CHUNK = 1 << 20
# What a backup consists of. Nothing else is ever brought back: a key or a write-ahead log that somebody put into one
# on its way would let him sign in, or change the database after it was checked.
_OURS = re.compile(r"coi\.db|archive/[^/]+|declared/.+|logs/sign-ins\.log[^/]*|ended-sessions", re.DOTALL)


class BadBackup(ForPeople, RuntimeError):
    """A folder is no whole backup. The message names what is wrong and what to do."""


@dataclass(frozen=True, slots=True, kw_only=True)
class Kept:
    """One file of a backup. `source_mtime_ns` tells whether its original was touched since; None: only part of it."""

    path: str  # below the backup, with /
    bytes: int
    sha256: str
    source_mtime_ns: int | None = None


@dataclass(frozen=True, slots=True, kw_only=True)
class Manifest:
    """A backup in words: when (UTC), by which program, of which schema, how far the audit chain went, which files."""

    made_at: str
    program: str
    schema: tuple[str, ...]
    acts: int
    head: str
    counts: Mapping[str, int] = field(default_factory=dict)
    problems: tuple[str, ...] = ()  # of the home when it was copied
    files: tuple[Kept, ...] = ()
    format: str = FORMAT

    @classmethod
    def read(cls, folder: Path) -> Self:
        """The manifest of a backup. Raises BadBackup where the folder is none, or of a form that is not known."""
        file = folder / NAME
        if folder.name.startswith(PARTIAL):
            raise BadBackup(f"{folder} is a backup that was never finished; take another one")
        try:
            said = json.loads(file.read_text("utf-8"))
            if said["format"] != FORMAT:
                raise BadBackup(f"{file}: its form is {said['format']!r}, not {FORMAT!r}; use a newer program")
            files = tuple(Kept(**one) for one in said.pop("files"))
            made = cls(**said | {"files": files, "schema": tuple(said["schema"]), "problems": tuple(said["problems"])})
            made._check_form()
        except FileNotFoundError as error:
            raise BadBackup(
                f"{folder} holds no {NAME}, so it is no whole backup; give a folder of 'coi backup'"
            ) from error
        except (OSError, ValueError, TypeError, KeyError, AttributeError, RecursionError) as error:
            raise BadBackup(f"{file} cannot be read ({error!r}); take another backup") from error
        paths = [one.path for one in made.files]
        for path in paths:
            if not _is_ours(path) or not (folder / path).resolve().is_relative_to(folder.resolve()):
                raise BadBackup(f"{file} names {path!r}, which lies outside the backup or is nothing that this program "
                                "backs up; it was altered. Take another backup")  # fmt: skip
        if paths.count("coi.db") != 1 or len(set(paths)) != len(paths):
            raise BadBackup(f"{file} names no database, or a file twice; it was altered. Take another backup")
        return made

    def _check_form(self) -> None:
        """Raise TypeError where a value is of another kind than it is declared."""
        words = (self.made_at, self.program, self.head, *self.schema, *self.problems, *self.counts)
        numbers = (self.acts, *self.counts.values(), *(one.bytes for one in self.files))
        words += tuple(word for one in self.files for word in (one.path, one.sha256))
        if not all(isinstance(word, str) for word in words) or not all(type(number) is int for number in numbers):
            raise TypeError("a word or a number is of another kind")

    def write(self, folder: Path) -> None:
        """Write it as the last file of a backup, and bring it to the disk."""
        file = folder / NAME
        file.write_text(json.dumps(asdict(self), ensure_ascii=False, indent=1) + "\n", "utf-8")
        sync(file)


def _is_ours(path: str) -> bool:
    """Whether a name is one that a backup gives its files: no way up, no other place."""
    return bool(_OURS.fullmatch(path)) and not {"", ".", ".."} & set(path.split("/")) and "\0" not in path


def hashed(path: Path) -> tuple[int, str]:
    """Size in bytes and SHA-256 of a file."""
    digest, size = sha256(), 0
    with path.open("rb") as source:
        while chunk := source.read(_CHUNK):
            digest.update(chunk)
            size += len(chunk)
    return size, digest.hexdigest()


def copied(source: Path, to: Path, limit: int | None = None) -> tuple[int, str]:
    """Copy a file (its first `limit` bytes) to the disk; size and SHA-256 of what was copied."""
    digest, size = sha256(), 0
    to.parent.mkdir(parents=True, exist_ok=True, mode=0o700)
    with source.open("rb") as read, to.open("xb") as out:
        while chunk := read.read(_CHUNK if limit is None else min(_CHUNK, limit - size)):
            out.write(chunk)
            digest.update(chunk)
            size += len(chunk)
        out.flush()
        os.fsync(out.fileno())
    to.chmod(0o600)
    return size, digest.hexdigest()


def wrong_files(folder: Path, manifest: Manifest) -> Iterator[str]:
    """Say which files of a backup are missing, changed or too many, one sentence each."""
    for one in manifest.files:
        path = folder / one.path
        if not path.is_file():
            yield f"{one.path}: missing"
        elif path.stat().st_size != one.bytes:
            yield f"{one.path}: {path.stat().st_size} bytes, but {one.bytes} when it was made"
        elif hashed(path)[1] != one.sha256:
            yield f"{one.path}: its bytes are not those of the backup (SHA-256 differs)"
    known = {one.path for one in manifest.files} | {NAME}
    for path in sorted(folder.rglob("*")):
        if path.is_file() and path.relative_to(folder).as_posix() not in known:
            yield f"{path.relative_to(folder).as_posix()}: the manifest does not know it"


def backups(folder: Path) -> list[Path]:
    """The whole backups in a folder, the oldest first."""
    return sorted(path.parent for path in folder.glob(f"[0-9]*/{NAME}"))
