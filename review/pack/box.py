"""A pack as a folder or a zip: papers, data, captures, and the hash of every file. The same but for generated.txt."""

import json
import shutil
import sqlite3
import tempfile
from collections.abc import Mapping
from dataclasses import dataclass
from hashlib import sha256
from pathlib import Path

from review.pack import files, same
from review.pack.data import as_data
from review.pack.gather import Contents
from review.pack.html import as_html
from review.pack.paper import compose, stand, title
from review.pack.say import Say
from review.pack.tables import evidence_csv
from review.pack.wanted import CannotPack
from review.pack.word import as_word
from store import captures, wacz
from store.home import Home
from store.version import SOFTWARE


@dataclass(frozen=True, slots=True, kw_only=True)
class Made:
    """What was written."""

    path: Path
    files: int
    bytes: int
    questions: int
    notes: int
    captures: int


def write(
    conn: sqlite3.Connection, home: Home, found: Contents, out: Path, *, language: str, generated_at: str,
    with_captures: bool = True, force: bool = False,
) -> Made:  # fmt: skip
    """Write a pack to `out`: a zip where its name ends in .zip, else a folder; whole or not at all.

    `generated_at` (UTC text) stands in generated.txt and nowhere else. Raises CannotPack where `out` exists and `force`
    is not given, and store.wacz.CannotExport where the archive has lost the bytes of a capture.
    """
    zipped = out.suffix.lower() == ".zip"
    if out.exists() and not force:
        raise CannotPack("", f"{out} exists already; give another name, or --force to replace it")
    if out.is_dir() and (zipped or not _ours(out)):
        raise CannotPack("", f"{out} is a folder with other things in it; give another name")
    if out.is_file() and not zipped:
        raise CannotPack("", f"{out} is a file; give the name of a new folder, or one ending in .zip")
    if not out.parent.is_dir():
        raise CannotPack("", f"{out.parent} is no folder; make it first, or give another place")
    with tempfile.TemporaryDirectory(dir=out.parent, prefix=f".{out.name}.") as kept:
        draft = Path(kept)
        wanted = with_captures and bool(found.captures)
        paper = compose(found, language, captures=wanted)
        running = f"{found.wanted.scope.name} · {stand(found, Say(language))}"
        inside: dict[str, bytes | Path] = {
            f"{files.PAPER}.docx": as_word(paper, running),
            f"{files.PAPER}.html": as_html(paper),
            files.DATA: _json(as_data(found)),
            files.TABLE: evidence_csv(found),
            files.GENERATED: f"{generated_at}\n{SOFTWARE}\n{found.wanted.name}\n".encode(),
        }
        if wanted:
            inside[files.CAPTURES] = _captures(conn, home, found, draft / files.CAPTURES, title(found, Say("en")))
        inside[files.HASHES] = _hashes(inside)
        if zipped:
            same.packed(draft / "pack.zip", inside, folder=found.wanted.name, day=found.wanted.as_of)
            (draft / "pack.zip").replace(out)
        else:
            _folder(draft / "pack", inside, out)
    size = out.stat().st_size if zipped else sum(one.stat().st_size for one in out.iterdir())
    return Made(path=out, files=len(inside), bytes=size, questions=len(found.full), notes=len(paper.notes),
                captures=len(found.captures) if wanted else 0)  # fmt: skip


def _ours(folder: Path) -> bool:
    """Whether a folder holds a pack, or nothing: only then may it be replaced."""
    inside = list(folder.iterdir())
    return not inside or (folder / files.HASHES in inside and all(one.is_file() for one in inside))


def _folder(draft: Path, inside: Mapping[str, bytes | Path], out: Path) -> None:
    draft.mkdir()
    for name, body in inside.items():
        if isinstance(body, bytes):
            (draft / name).write_bytes(body)
        else:
            body.replace(draft / name)
    if out.exists():
        shutil.rmtree(out)
    draft.replace(out)


def _captures(conn: sqlite3.Connection, home: Home, found: Contents, out: Path, about: str) -> Path:
    """The captures of the cited passages as WACZ, in order of time."""
    chosen = [(id_, captures.get(conn, id_)) for id_ in found.captures]
    chosen.sort(key=lambda one: (one[1].fetched_at, one[1].url, one[0]))
    wacz.export(conn, home, out, chosen, title=f"Captures behind: {about}, as of {found.wanted.as_of}")
    return out


def _hashes(inside: Mapping[str, bytes | Path]) -> bytes:
    """One line a file, as sha256sum writes and checks them."""
    return "".join(f"{_digest(body)}  {name}\n" for name, body in sorted(inside.items())).encode()


def _digest(body: bytes | Path) -> str:
    if isinstance(body, bytes):
        return sha256(body).hexdigest()
    digest = sha256()
    with body.open("rb") as source:
        while chunk := source.read(1 << 20):
            digest.update(chunk)
    return digest.hexdigest()


def _json(said: Mapping[str, object]) -> bytes:
    return json.dumps(said, ensure_ascii=False, indent=1, sort_keys=False).encode("utf-8", "replace") + b"\n"
