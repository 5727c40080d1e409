"""What has to be done with whole files in several places: bring them to the disk, tell them apart."""

import os
from hashlib import file_digest
from pathlib import Path


def sync(path: Path) -> None:
    """Bring a file, or the names in a folder, to the disk: a synced file is still lost where its name is not."""
    handle = os.open(path, os.O_RDONLY)
    try:
        os.fsync(handle)
    finally:
        os.close(handle)


def digest_of(path: Path) -> str:
    """The SHA-256 of a file of any size, which is never held in memory as a whole."""
    with path.open("rb") as source:
        return file_digest(source, "sha256").hexdigest()
