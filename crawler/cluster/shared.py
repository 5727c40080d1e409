"""The store that writer and workers share: a folder (file://) or anything S3-compatible (s3://), through obstore.

memory/<sha256>    what a worker is told of a source
inbox/<sha256>     files of shipments; inbox/<job>.json names those of one, and comes last
archive/<name>     archive files that were taken in, for workers to read again
refused/...        what could not be believed
"""

import os
import stat
from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import dataclass
from datetime import datetime
from hashlib import sha256
from pathlib import Path
from typing import Any

from crawler.cluster.settings import ClusterError

CHUNK = 1 << 20


class TooLarge(ClusterError):
    """An object has more bytes than whoever named it said."""


@dataclass(frozen=True, slots=True)
class Thing:
    """One object of the store."""

    name: str
    size: int
    modified_at: datetime


class Shared:
    """Reading and writing it. Every failure is a ClusterError that names the store; what is not there, a KeyError."""

    def __init__(self, url: str) -> None:
        self.url = url
        self._folder = Path(url.removeprefix("file://")) if url.startswith("file://") else None
        with _said(url, ""):
            from obstore.store import LocalStore, from_url

            self._store: Any = (
                LocalStore(url.removeprefix("file://"), mkdir=True)
                if url.startswith("file://")
                else from_url(url, client_options={"allow_http": True, "timeout": "60s"})
            )

    def _real(self, *names: str) -> None:
        """Where the store is a folder: no object, nor the folder it lies in, is a link or a pipe. Whoever shares the
        folder could make one that leads into the home of another machine.
        """
        for name in names if self._folder else ():
            path = self._folder / name  # type: ignore[operator]
            for one, kinds in ((path.parent, stat.S_ISDIR), (path, stat.S_ISREG)):
                try:
                    mode = one.lstat().st_mode
                except (FileNotFoundError, NotADirectoryError):
                    continue
                if not kinds(mode):
                    raise ClusterError(f"shared store {self.url}: {one.name} is a link or no file; remove it, and see "
                                       "who made it")  # fmt: skip

    def put(self, name: str, data: bytes | Path) -> None:
        """Write an object, whole or not at all; the names of content are hashes, so that twice is once."""
        import obstore

        self._real(name)
        with _said(self.url, name):
            obstore.put(self._store, name, data)

    def put_once(self, name: str, data: bytes) -> bool:
        """Write an object unless one of this name is there; return whether it was written."""
        import obstore
        from obstore.exceptions import AlreadyExistsError

        self._real(name)
        with _said(self.url, name):
            try:
                obstore.put(self._store, name, data, mode="create")
            except AlreadyExistsError:
                return False
            return True

    def get(self, name: str, *, most: int) -> bytes:
        """An object of at most so many bytes; ClusterError where it is larger."""
        import obstore

        self._real(name)
        with _said(self.url, name):
            found = obstore.get(self._store, name)
            if found.meta["size"] > most:
                raise TooLarge(f"{self.url}: {name} has {found.meta['size']} bytes, at most {most} are read")
            return bytes(found.bytes())

    def part(self, name: str, start: int, length: int) -> bytes:
        """Some bytes of an object."""
        import obstore

        self._real(name)
        with _said(self.url, name):
            return bytes(obstore.get_range(self._store, name, start=start, length=length))

    def download(self, name: str, path: Path, *, most: int) -> str:
        """Write an object of at most so many bytes to a file, on the disk when this returns; return its SHA-256."""
        import obstore

        self._real(name)
        with _said(self.url, name):
            digest, size = sha256(), 0
            with path.open("wb") as out:
                for chunk in obstore.get(self._store, name).stream(min_chunk_size=CHUNK):
                    size += len(chunk)
                    if size > most:
                        raise TooLarge(f"{self.url}: {name} has more than {most} bytes")
                    digest.update(chunk)
                    out.write(chunk)
                out.flush()
                os.fsync(out.fileno())
            return digest.hexdigest()

    def has(self, name: str) -> bool:
        """Whether an object is there."""
        import obstore

        with _said(self.url, name):
            try:
                obstore.head(self._store, name)
            except FileNotFoundError:
                return False
            return True

    def things(self, folder: str) -> Iterator[Thing]:
        """What lies in a folder of the store: its own objects, no folders below it, and no links."""
        import obstore

        self._real(f"{folder}/-")
        with _said(self.url, folder):
            for page in obstore.list(self._store, prefix=folder):
                for one in page:
                    if one["path"].rpartition("/")[0] == folder and self._is_file(one["path"]):
                        yield Thing(one["path"], one["size"], one["last_modified"])

    def _is_file(self, name: str) -> bool:
        try:
            return self._folder is None or stat.S_ISREG((self._folder / name).lstat().st_mode)
        except FileNotFoundError:  # removed meanwhile
            return False

    def copy(self, name: str, to: str) -> None:
        """Copy an object inside the store."""
        import obstore

        self._real(name, to)
        with _said(self.url, name):
            obstore.copy(self._store, name, to)

    def delete(self, name: str) -> None:
        """Remove an object; one that is not there is removed already."""
        import obstore

        self._real(name)
        with _said(self.url, name):
            try:
                obstore.delete(self._store, name)
            except FileNotFoundError:
                return


@contextmanager
def _said(url: str, name: str) -> Iterator[None]:
    """What the store library raises, as a ClusterError with its first line (the others are for its authors)."""
    try:
        yield
    except ClusterError:
        raise
    except FileNotFoundError as error:
        raise KeyError(name) from error
    except Exception as error:
        if not type(error).__module__.startswith(("obstore", "builtins", "pyo3")):
            raise
        what = str(error).partition("\n")[0]
        where = f"{name}: " if name else ""
        raise ClusterError(f"shared store {url}: {where}{what}; see whether it is there and may be written") from error
