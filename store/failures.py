"""What went wrong outside of the tracker (a disk, a path, a file, a package), in words for whoever can mend it."""

import errno
import sqlite3

from store.errors import ForPeople
from store.home import Home

_DISK = (errno.ENOSPC, errno.EROFS, errno.EDQUOT, errno.EFBIG)
_PATH = (errno.EACCES, errno.EPERM, errno.EEXIST, errno.ENOENT, errno.ENOTDIR, errno.EISDIR, errno.ENAMETOOLONG,
         errno.ELOOP)  # fmt: skip
_OURS = ("coi", "crawler", "review", "store")


def in_words(error: BaseException, home: Home) -> str | None:
    """What is wrong and what to do, for somebody at a terminal; None where it is a fault of the tracker's own.

    >>> from pathlib import Path
    >>> in_words(FileExistsError(errno.EEXIST, "File exists", "/srv/coi"), Home(Path("/srv/coi")))
    '/srv/coi: File exists. Correct the path, or its rights; the home is /srv/coi (COI_HOME says where)'
    >>> in_words(ValueError("x"), Home(Path("/srv/coi")))
    """
    if isinstance(error, ForPeople):
        return str(error)
    if isinstance(error, ModuleNotFoundError):
        return _missing(error)
    if isinstance(error, sqlite3.OperationalError):
        return (
            f"the database could not be used: {error}; nothing half done was kept. Free disk space or end the "
            "program that holds it, then run the same command again"
        )
    if type(error) is sqlite3.DatabaseError:  # its subclasses but the one above are mistakes in our statements
        return (
            f"{home.database}: {error}. It is damaged, or no database of ours: stop whatever writes it, keep a copy, "
            "then 'coi restore' the newest backup; or set COI_HOME to another folder"
        )
    if isinstance(error, OSError) and error.errno in _DISK:
        return (
            f"{error.filename or 'the disk'}: {error.strerror}; nothing half done was kept. Free disk space or "
            "make the disk writable, then run the same command again"
        )
    if isinstance(error, OSError) and error.errno in _PATH and isinstance(error.filename, str | bytes):
        return (
            f"{_short(error.filename)}: {error.strerror}. Correct the path, or its rights; the home is "
            f"{_short(home.path)} (COI_HOME says where)"
        )
    return None


def _missing(error: ModuleNotFoundError) -> str | None:
    package = (error.name or "").partition(".")[0]
    if not package or package in _OURS:
        return None
    return (
        f"the package {package!r} is missing from this Python. In a checkout: '. .venv/bin/activate' (made by "
        "'make demo' or 'sh .ci/setup .'), then the same command again"
    )


def _short(path: object) -> str:
    said = path.decode(errors="replace") if isinstance(path, bytes) else str(path)
    return said if len(said) <= 200 else f"{said[:150]}... ({len(said)} characters)"
