"""Declared translators: one file each in $COI_HOME/declared/translators. None is shipped, so nothing is translated."""

import os
import shutil
from collections.abc import Mapping
from pathlib import Path
from typing import Annotated

from pydantic import Field, field_validator

from store.declared import DeclarationError, Declared

Language = Annotated[str, Field(pattern=r"^[a-z]{2}$")]
"""An ISO 639-1 code."""
Variable = Annotated[str, Field(pattern=r"^[A-Z][A-Z0-9_]{1,60}$")]
FOLDER = "translators"


class Translator(Declared):
    """A command that reads a text on standard input and writes its translation to standard output, both in UTF-8.

    It is started once for each passage, never through a shell, in an empty folder of its own, with no more of our
    environment than PATH, HOME and what `environment` names: the secrets of mail and accounts stay ours. In the words
    of `command`, {from} and {to} stand for the languages.
    """

    command: tuple[Annotated[str, Field(min_length=1)], ...] = Field(min_length=1)
    version: str = Field(min_length=1, max_length=100)  # of engine and model; another one translates anew
    from_languages: tuple[Language, ...] = Field(min_length=1)
    to_languages: tuple[Language, ...] = Field(min_length=1)
    timeout_s: float = Field(default=60, gt=0, le=3600)  # for one passage
    memory_mb: int = Field(default=4000, ge=32, le=1_000_000)  # address space of each of its processes
    environment: tuple[Variable, ...] = ()  # names of variables that it is given

    @field_validator("command")
    @classmethod
    def _can_be_found_anywhere(cls, value: tuple[str, ...]) -> tuple[str, ...]:
        program = value[0]
        if "/" in program and not program.startswith("/"):
            raise ValueError(
                "the first word is a program on PATH, or a path from the root; it runs in a folder of its own"
            )
        return value

    @field_validator("environment")
    @classmethod
    def _no_secrets_of_ours(cls, value: tuple[str, ...]) -> tuple[str, ...]:
        if ours := [name for name in value if name.startswith("COI_")]:
            raise ValueError(f"{', '.join(ours)}: variables of the tracker stay with it; name one of the translator's")
        return value

    def argv(self, source: str, target: str) -> list[str]:
        """The words of the command for two languages, its program as a path; DeclarationError where there is none."""
        program = shutil.which(self.command[0])
        if program is None:
            raise DeclarationError(
                f"translators/{self.id}.toml: field 'command': the program {self.command[0]!r} is not there or cannot "
                "be run; install it, or write its path"
            )
        words = (word.replace("{from}", source).replace("{to}", target) for word in self.command[1:])
        return [program, *words]

    def surroundings(self, environ: Mapping[str, str] | None = None) -> dict[str, str]:
        """The environment that the command sees; DeclarationError names a variable that is not set."""
        known = os.environ if environ is None else environ
        if lacking := [name for name in self.environment if name not in known]:
            raise DeclarationError(
                f"translators/{self.id}.toml: field 'environment': {', '.join(lacking)} not set; set it where "
                "'coi' runs"
            )
        kept = {name: known[name] for name in ("PATH", "HOME", *self.environment) if name in known}
        return {**kept, "LANG": "C.UTF-8", "LC_ALL": "C.UTF-8", "PYTHONUTF8": "1"}


def load(declared: Path) -> dict[str, Translator]:
    """The operator's translators by id, in the order of their names; DeclarationError names every broken file."""
    return Translator.load_all([declared / FOLDER])


def fitting(known: Mapping[str, Translator], source: str, target: str) -> Translator | None:
    """The first translator, by name, from one language to another."""
    return next(
        (one for _, one in sorted(known.items()) if source in one.from_languages and target in one.to_languages), None
    )
