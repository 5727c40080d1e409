"""Which files a set of rules depends on: its modules with all of this package that they import, and its vocabularies.

A rule set whose version covers too little keeps stale readings; one that covers too much reads everything anew for
nothing.
"""

import re
from collections.abc import Iterable
from hashlib import sha256
from pathlib import Path

from review.evidence_cues import FOLDER

HERE = Path(__file__).parent
# What declared files may hold, and the encoder, whose name each version states itself: no rules of reading.
_NO_RULES = re.compile(r"declarations|declared_\w+|encoders|rules_digest")
_IMPORT = re.compile(r"^\s*(?:from review(?:\.(\w+))? import (\([^)]*\)|.*)|import review\.(\w+))", re.MULTILINE)


def modules_of(roots: Iterable[str]) -> tuple[str, ...]:
    """The modules of this folder that the roots need, themselves included, by name."""
    found: set[str] = set()
    waiting = list(roots)
    while waiting:
        name = waiting.pop()
        path = HERE / f"{name}.py"
        if name in found or _NO_RULES.fullmatch(name) or not path.is_file():
            continue
        found.add(name)
        for match in _IMPORT.finditer(path.read_text(encoding="utf-8")):
            waiting += [match[1] or match[3]] if match[1] or match[3] else re.findall(r"\w+", match[2])
    return tuple(sorted(found))


def rules_digest(roots: Iterable[str], vocabularies: Iterable[str], *, folder: Path = FOLDER) -> str:
    """SHA-256 of the modules that the roots need and of the vocabularies (ids of cues/*.toml), names included."""
    summary = sha256()
    modules = (HERE / f"{name}.py" for name in modules_of(roots))
    for path in (*modules, *(folder / f"{name}.toml" for name in sorted(vocabularies))):
        summary.update(path.name.encode() + b"\0" + path.read_bytes())
    return summary.hexdigest()
