"""The WARC members of a WACZ. Their names are labels only: nothing is ever written under them."""

import gzip
import hashlib
import json
import zipfile
import zlib
from collections.abc import Iterator
from dataclasses import dataclass
from pathlib import Path
from typing import IO

from crawler.warc import MAX_FILE_BYTES
from store.printable import named
from store.wacz import ORIGINALS

MAX_MEMBER_BYTES = 8 * MAX_FILE_BYTES
_MAX_RATIO = 200  # a WARC deflates to a tenth; what inflates this much more is a bomb
_SMALL_BYTES = 1 << 20
_MEMBERS = (".warc", ".warc.gz", ".arc", ".arc.gz")
_ALGORITHMS = ("sha256", "md5", "sha1", "sha512")
_DAMAGE = (zipfile.BadZipFile, zlib.error, EOFError, OSError, ValueError)


@dataclass(frozen=True, slots=True)
class Member:
    """A stream of records, and what to call it."""

    source: IO[bytes] | gzip.GzipFile
    label: str
    whole: bool = True  # False: the records begin somewhere inside
    only_bodies: bool = False  # its records came along because revisits rest on them


def members(path: Path, problems: list[str]) -> Iterator[Member]:
    """The archives inside a WACZ, in its order; what is wrong with one is added to `problems`.

    A zip that was cut or damaged is searched for records as it lies: a WACZ stores its WARCs without compression.
    """
    try:
        with zipfile.ZipFile(path) as box:
            for member in list(_sound(box, named(path.name), problems)):
                with box.open(member) as source:
                    yield Member(
                        source, f"{named(path.name)}!{named(member.filename)}", only_bodies=member.filename == ORIGINALS
                    )
    except _DAMAGE as error:
        problems.append(
            f"{named(path.name)}: a damaged zip ({error}); download it again; the records it still holds are read"
        )
        with path.open("rb") as source:
            yield Member(source, named(path.name), whole=False)


def _sound(box: zipfile.ZipFile, name: str, problems: list[str]) -> Iterator[zipfile.ZipInfo]:
    """The members to read, each read through once before: damage shows before anything is taken."""
    hashes = _hashes(box, name, problems)
    for member in box.infolist():
        if not member.filename.lower().endswith(_MEMBERS):
            continue
        label = f"{name}!{named(member.filename)}"
        if refused := _refused(member):
            problems.append(f"{label}: {refused}")
            continue
        try:
            found = _hash(box, member, hashes.get(member.filename, ""))
        except (RuntimeError, NotImplementedError) as error:
            problems.append(f"{label}: locked, or packed in a way unknown here ({error}); not read")
            continue
        if hashes.get(member.filename, found) != found:
            problems.append(f"{label}: does not fit the hash in datapackage.json: it was changed since; what fits its "
                            "own digest is taken")  # fmt: skip
        yield member


def _refused(member: zipfile.ZipInfo) -> str | None:
    if member.file_size > MAX_MEMBER_BYTES:
        return f"{member.file_size} bytes, more than {MAX_MEMBER_BYTES}; not read"
    if member.file_size > _SMALL_BYTES and member.file_size > _MAX_RATIO * member.compress_size:
        return f"{member.compress_size} bytes that inflate to {member.file_size}: a zip bomb; not read"
    return None


def _hashes(box: zipfile.ZipFile, label: str, problems: list[str]) -> dict[str, str]:
    """What datapackage.json says of each file; nothing where it says nothing that can be used."""
    try:
        if (info := box.getinfo("datapackage.json")).file_size > 16 * _SMALL_BYTES:
            raise ValueError(f"{info.file_size} bytes")
        resources = json.loads(box.read(info))["resources"]
        return {str(one["path"]): str(one["hash"]) for one in resources if "hash" in one}
    except KeyError:
        return {}  # no such file, or no hashes in it: old WACZ files have none
    except (*_DAMAGE, TypeError) as error:
        problems.append(f"{label}: its datapackage.json cannot be read ({error}); its hashes were not checked")
        return {}


def _hash(box: zipfile.ZipFile, member: zipfile.ZipInfo, wanted: str) -> str:
    """The hash of a member by the algorithm of `wanted`; where we do not know that one, nothing is held against it."""
    algorithm = wanted.partition(":")[0]
    with box.open(member) as source:
        found = hashlib.file_digest(source, algorithm if algorithm in _ALGORITHMS else "sha256")  # type: ignore[arg-type]
    return f"{algorithm}:{found.hexdigest()}" if algorithm in _ALGORITHMS else wanted
