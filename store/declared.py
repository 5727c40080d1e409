"""What people write down: one fact, one TOML file, its name is its id; a key nobody declared is an error."""

import tomllib
from collections.abc import Iterable
from difflib import get_close_matches
from pathlib import Path
from typing import Self

from pydantic import BaseModel, ConfigDict, ValidationError
from pydantic_core import ErrorDetails

from store.errors import ForPeople


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
        try:
            return cls.model_validate({"id": path.stem} | tomllib.loads(path.read_text("utf-8")))
        except ValidationError as error:
            problems = "\n".join(f"  {_say(item, cls)}" for item in error.errors())
            raise DeclarationError(f"{path}: this declaration is not valid\n{problems}") from error
        except (tomllib.TOMLDecodeError, UnicodeDecodeError) as error:
            raise DeclarationError(f"{path}: not readable as TOML in UTF-8: {error}") from error

    @classmethod
    def load_all(cls, folders: Iterable[Path]) -> dict[str, Self]:
        """Read every *.toml of the folders, by id; a later folder replaces the same id of an earlier one.

        A folder that does not exist holds nothing. All broken files are reported together.
        """
        found: dict[str, Self] = {}
        problems: list[str] = []
        for folder in folders:
            for path in sorted(folder.glob("*.toml")):
                try:
                    found[path.stem] = cls.load(path)
                except DeclarationError as error:
                    problems.append(str(error))
        if problems:
            raise DeclarationError("\n".join(problems))
        return found


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
    return f"field {field!r}: {item['msg']} (value: {item['input']!r})"


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
