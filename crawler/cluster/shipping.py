"""What goes from writer to worker and back: the memory of a source, and the shipment of its run.

Files are named by their SHA-256. The list of a shipment's files comes last, under the job's own random name: while it
is not there nothing has arrived, and what a killed worker left is nobody's.
"""

import gzip
import json
from collections.abc import Iterable
from hashlib import sha256
from pathlib import Path
from typing import Annotated, Literal

from pydantic import BaseModel, ConfigDict, Field

from crawler.cluster.shared import Shared
from store.files import digest_of
from store.version import VERSION

MEMORY, INBOX, ARCHIVE, REFUSED = "memory", "inbox", "archive", "refused"
MOST_LIST_BYTES = 1_000_000
MOST_MEMORY_BYTES = 500_000_000
Digest = Annotated[str, Field(pattern=r"^[0-9a-f]{64}$")]


class ShippedFile(BaseModel):
    """One file: its own name (of a WARC: in the archive folder), and what it must be."""

    model_config = ConfigDict(extra="forbid", strict=True)

    kind: Literal["journal", "warc"]
    name: str = Field(max_length=200)
    sha256: Digest
    size: int = Field(ge=1)

    @property
    def place(self) -> str:
        return f"{INBOX}/{self.sha256}"


class Shipment(BaseModel):
    """The list of what one run of one source brought."""

    model_config = ConfigDict(extra="forbid", strict=True)

    job: str = Field(pattern=r"^[0-9a-f]{32}$")
    source_id: str = Field(max_length=100)
    release: str = Field(max_length=50)
    worker: str = Field(max_length=200)
    files: list[ShippedFile] = Field(min_length=1, max_length=1000)


def list_name(job: str) -> str:
    """Where the list of a job's shipment lies."""
    return f"{INBOX}/{job}.json"


def put_memory(shared: Shared, declaration: str, lines: Iterable[str]) -> str:
    """Write what a worker must know; return its SHA-256. The same is the same file, written again."""
    text = "\n".join([json.dumps(declaration), *lines])
    packed = gzip.compress(text.encode(), compresslevel=5, mtime=0)
    digest = sha256(packed).hexdigest()
    shared.put(f"{MEMORY}/{digest}", packed)
    return digest


def get_memory(shared: Shared, digest: str) -> tuple[str, list[str]]:
    """The declaration of a source as TOML, and the lines for store.memory. ValueError where the bytes are others."""
    packed = shared.get(f"{MEMORY}/{digest}", most=MOST_MEMORY_BYTES)
    if sha256(packed).hexdigest() != digest:
        raise ValueError(f"memory/{digest} does not fit its name")
    declaration, *lines = gzip.decompress(packed).decode().split("\n")
    return str(json.loads(declaration)), lines


def ship(shared: Shared, job: str, source_id: str, worker: str, journal: Path, warcs: Iterable[Path]) -> bool:
    """Put the files of a run into the inbox, its list last; False where a shipment of this job lies there already."""
    files = [_described("journal", journal)]
    shared.put(files[0].place, journal)
    for path in warcs:
        files.append(_described("warc", path))
        shared.put(files[-1].place, path)
    listed = Shipment(job=job, source_id=source_id, release=VERSION, worker=worker, files=files)
    return shared.put_once(list_name(job), listed.model_dump_json().encode())


def _described(kind: Literal["journal", "warc"], path: Path) -> ShippedFile:
    return ShippedFile(kind=kind, name=path.name, sha256=digest_of(path), size=path.stat().st_size)
