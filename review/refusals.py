"""What of the register is refused, by file or row: named with field, value and remedy, while everything else goes on.

Pages, commands and alerts show these, so that a deadline that is missing because of one is never a silent one.
"""

import re
import sqlite3
import tomllib
from dataclasses import dataclass, replace
from functools import lru_cache
from pathlib import Path

from review.declarations import SHIPPED, load
from review.moratorium import fault_of
from review.regime_rules import load_regimes, unknown_names
from review.register import withdrawn
from store import alerts as kept
from store.declared import DeclarationError, stamps_of

FOLDERS = ("moratoria", "regimes", "questions", "watersheds", "speakers", "groups")
_FILE = re.compile(rf"(?:{'|'.join(FOLDERS)})/[\w.-]+\.toml")
_CODE = re.compile(r"[A-Z]{2}")


@dataclass(frozen=True, slots=True, kw_only=True)
class Refusal:
    """One thing that is refused. `file` is below the operator's `declared` folder, or among the shipped ones.

    `state` and `country` (ISO 3166-1 alpha-2) are whose moratorium it is, where that can be told.
    """

    file: str
    problem: str
    state: str | None = None
    country: str | None = None


@dataclass(frozen=True, slots=True, kw_only=True)
class _Read:
    refused: tuple[tuple[str, Path], ...]  # each text with the folder that its file lies under
    questions: frozenset[str]


def refusals(conn: sqlite3.Connection, declared: Path | None) -> list[Refusal]:
    """Every refused file (`declared`: the operator's folder) and every row that cannot be read, by file."""
    read = _files(declared, stamps_of(_folders(declared)))
    rows = {row["id"]: row for row in kept.moratoria(conn)}
    found = [_refusal(text, folder, rows) for text, folder in read.refused]
    for row in rows.values():
        if fault := fault_of(conn, row):
            found.append(
                Refusal(file=f"moratoria/{row['id']}.toml", problem=fault, state=row["state"], country=row["country"])
            )
    found += [_refusal(text, SHIPPED, rows) for text in withdrawn(conn, read.questions)] if read.questions else []
    by_file: dict[str, list[Refusal]] = {}
    for one in dict.fromkeys(found):
        by_file.setdefault(one.file, []).append(one)
    return [
        replace(some[0], problem="\n".join(one.problem for one in some)) for _, some in sorted(by_file.items())
    ]  # one file is one matter


def _folders(declared: Path | None) -> tuple[Path, ...]:
    return tuple(root / name for root in (SHIPPED, *([declared] if declared else [])) for name in FOLDERS)


@lru_cache(maxsize=4)
def _files(declared: Path | None, stamps: tuple[tuple[Path, int], ...]) -> _Read:
    said: list[str] = []
    regimes = load_regimes([one for one in _folders(declared) if one.name == "regimes"], refused=said)
    questions: frozenset[str] = frozenset()
    try:
        found = load(declared, refused=said)
    except DeclarationError as error:
        said.append(str(error))
    else:
        questions = frozenset(found.questions) | {_stem(text) for text in said if "questions/" in text}
        said += unknown_names(found.moratoria.values(), regimes)
    return _Read(refused=tuple((text, declared or SHIPPED) for text in dict.fromkeys(said)), questions=questions)


def _stem(text: str) -> str:
    found = _FILE.search(text)
    return Path(found[0]).stem if found else ""


def _refusal(text: str, folder: Path, rows: dict[str, sqlite3.Row]) -> Refusal:
    match = _FILE.search(text)
    file = match[0] if match else "declared"
    row = rows.get(Path(file).stem) if file.startswith("moratoria/") else None
    state, country = (row["state"], row["country"]) if row else _raw(folder / file)
    # Where on the machine the home lies is for whoever operates it; the commands name it.
    plain = text.replace(f"{folder}/", "").replace(f"{SHIPPED}/", "")
    return Refusal(file=file, problem=plain, state=state, country=country)


def _raw(path: Path) -> tuple[str | None, str | None]:
    """Freezing state and country of a file that is refused for something else."""
    try:
        found = tomllib.loads(path.read_text("utf-8"))
    except (OSError, ValueError):
        return None, None

    def code(name: str) -> str | None:
        value = found.get(name)
        return value if isinstance(value, str) and _CODE.fullmatch(value) else None

    return code("freezing_state"), code("country")
