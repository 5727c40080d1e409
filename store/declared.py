"""What people write down: one fact, one TOML file, its name is its id; a key nobody declared is an error."""

import re
import tomllib
from collections.abc import Iterable
from difflib import get_close_matches
from pathlib import Path
from typing import Self

from pydantic import BaseModel, ConfigDict, ValidationError
from pydantic_core import ErrorDetails

from store.errors import ForPeople

_FILE_ID = re.compile(r"[A-Za-z0-9_][A-Za-z0-9._-]{0,99}")
_SHOWN = 200  # characters of a wrong value


class DeclarationError(ForPeople, ValueError):
    """A declaration is wrong. The message names file, field, value and what would be right."""


class Closed(BaseModel):
    """Frozen once read; an unknown key is an error, not a surprise."""

    model_config = ConfigDict(frozen=True, extra="forbid")


class Declared(Closed):
    """What a person writes down in one TOML file. The file name (without ending) is its id."""

    id: str
    title: str

    @classmethod
    def load(cls, path: Path) -> Self:
        """Read one file; raise DeclarationError that names the file and each wrong field."""
        if not _FILE_ID.fullmatch(path.stem):
            raise DeclarationError(
                f"{str(path)!r}: the name of the file is its id and has letters a to z, digits, '.', '-' and '_' only; "
                "rename it"
            )
        try:
            return cls.model_validate({"id": path.stem} | tomllib.loads(path.read_text("utf-8")))
        except ValidationError as error:
            problems = "\n".join(f"  {_say(item, cls)}" for item in error.errors())
            raise DeclarationError(f"{path}: this declaration is not valid\n{problems}") from error
        except ValueError as error:  # TOMLDecodeError, UnicodeDecodeError, a number of more figures than Python takes
            raise DeclarationError(f"{path}: not readable as TOML in UTF-8: {error}") from error
        except OSError as error:
            raise DeclarationError(f"{path}: cannot be read ({error.strerror}); a declaration is one file") from error
        except RecursionError as error:
            raise DeclarationError(f"{path}: nested too deeply; no declaration is") from error

    @classmethod
    def of_kept(cls, text: str, where: str) -> Self:
        """Read a declaration as the store keeps it, JSON; raise DeclarationError that names `where` and each field."""
        try:
            return cls.model_validate_json(text)
        except ValidationError as error:
            problems = "\n".join(f"  {_say(item, cls)}" for item in error.errors())
            raise DeclarationError(f"{where}: this declaration is not valid\n{problems}") from error

    @classmethod
    def load_all(cls, folders: Iterable[Path], *, refused: list[str] | None = None) -> dict[str, Self]:
        """Read every *.toml of the folders, by id; a later folder replaces the same id of an earlier one.

        A folder that does not exist holds nothing. All broken files are reported together: raised, or named in
        `refused` and left out.
        """
        found: dict[str, Self] = {}
        problems: list[str] = []
        for path in (path for folder in folders for path in sorted(folder.glob("*.toml"))):
            try:
                found[path.stem] = cls.load(path)
            except DeclarationError as error:
                problems.append(str(error))
        if refused is not None:
            refused += problems
        elif problems:
            raise DeclarationError("\n".join(problems))
        return found


READ = (
    "channels", "expected", "groups", "moratoria", "people", "questions", "regimes", "sources", "speakers",
    "translators", "watersheds",
)  # fmt: skip


def stamps_of(folders: Iterable[Path]) -> tuple[tuple[Path, int], ...]:
    """Every declaration of the folders with when it last changed: what a cache of them must be keyed by."""
    return tuple((file, file.stat().st_mtime_ns) for folder in folders for file in sorted(folder.glob("*.toml")))


def unread(home: Path) -> str | None:
    """What stands in an operator's folder and is read by nothing, with what to do; None where there is nothing."""
    odd = sorted(p for p in home.glob("*") if (p.is_dir() and p.name not in READ) or p.suffix == ".toml")
    why = f"read by nothing: an operator declares files in {', '.join(f'{name}/' for name in READ)}"
    cues = "the cues of evidence are shipped and tested with the program, so change them there"
    said = [f"{path}: {cues if path.name == 'cues' else 'move or remove it'}; {why}" for path in odd]
    return "\n".join(said) or None


def _say(item: ErrorDetails, model: type[BaseModel]) -> str:
    """Say one pydantic error as: field 'x': what is wrong, with the value and the valid choices."""
    field = ".".join(str(part) for part in item["loc"]) or "(whole file)"
    if item["type"] == "extra_forbidden":
        choices = _fields_at(item["loc"][:-1], model)
        close = get_close_matches(str(item["loc"][-1]), choices, n=1)
        hint = f" Did you mean {close[0]!r}?" if close else ""
        return f"field {field!r}: unknown key.{hint} Valid here: {', '.join(choices)}"
    if item["type"] == "missing":
        return f"field {field!r}: missing; write it"
    if not item["loc"]:  # a rule on several fields says itself which; the value would be the whole file
        return str(item["msg"]).removeprefix("Value error, ")
    value = repr(item["input"])
    return f"field {field!r}: {item['msg']} (value: {value if len(value) <= _SHOWN else value[:_SHOWN] + '…'})"


def _fields_at(loc: tuple[int | str, ...], model: type[BaseModel]) -> list[str]:
    """Return the field names that are valid in the table at this place of the file."""
    for part in loc:
        field = model.model_fields.get(str(part))
        if field is None:
            continue
        for candidate in (field.annotation, *getattr(field.annotation, "__args__", ())):
            if isinstance(candidate, type) and issubclass(candidate, BaseModel):
                model = candidate
    return sorted(name for name in model.model_fields if name != "id")
