"""Declared people and channels: one file each. A file that is wrong is refused by name; the others go on.

Shipped channels lie in review/channels; the operator's in $COI_HOME/declared/channels and declared/people. A secret
stands in the environment only: a file names its variable.
"""

from collections.abc import Iterable, Mapping
from datetime import time
from pathlib import Path
from typing import Annotated, Literal, Self, TypeVar
from zoneinfo import ZoneInfo, ZoneInfoNotFoundError

from pydantic import Field, field_validator, model_validator

from review.working_days import UnknownState, is_working_day
from store.clock import day
from store.declared import DeclarationError, Declared

SHIPPED = Path(__file__).parents[1] / "channels"
Variable = Annotated[str, Field(pattern=r"^[A-Z][A-Z0-9_]{2,60}$")]
"""The name of an environment variable."""


class Person(Declared):
    """Somebody who is told: title is the name. Times are local to `zone`; `state` gives the holidays."""

    address: Annotated[str, Field(pattern=r"^[^@\s<>,;]+@[^@\s<>,;]+$")] | None = None
    language: Literal["en", "nl"] = "en"
    reads: tuple[Annotated[str, Field(pattern=r"^[a-z]{2}$")], ...] = ()  # languages in which they read passages
    zone: str = "UTC"
    state: str
    digest_at: time = time(7, 30)
    quiet_from: time | None = None
    quiet_to: time | None = None
    deputy: str | None = None
    head: str | None = None

    @field_validator("zone")
    @classmethod
    def _known_zone(cls, value: str) -> str:
        try:
            return ZoneInfo(value).key
        except (ZoneInfoNotFoundError, ValueError, OSError) as error:
            raise ValueError("this is no time zone; write one like Europe/Amsterdam") from error

    @field_validator("state")
    @classmethod
    def _known_state(cls, value: str) -> str:
        try:
            is_working_day(day("2026-01-05"), value)
        except UnknownState as error:
            raise ValueError(str(error)) from error
        return value.upper()

    @model_validator(mode="after")
    def _quiet_has_two_ends(self) -> Self:
        if (self.quiet_from is None) != (self.quiet_to is None):
            raise ValueError("quiet_from and quiet_to go together")
        if self.quiet_from is not None and self.quiet_from == self.quiet_to:
            raise ValueError(f"quiet_from and quiet_to are both {self.quiet_from}: nothing would ever be sent")
        return self

    @property
    def tz(self) -> ZoneInfo:
        return ZoneInfo(self.zone)


class Channel(Declared):
    """A way to reach people: SMTP mail to their own address, or any service that Apprise knows, at one fixed place."""

    via: Literal["smtp", "apprise"]
    host: str | None = None
    port: int | None = Field(default=None, ge=1, le=65535)
    security: Literal["starttls", "tls", "none"] | None = None
    sender: str | None = None
    user_env: Variable | None = None
    password_env: Variable | None = None
    url_env: Variable | None = None
    schemes: tuple[Annotated[str, Field(pattern=r"^[a-z]+$")], ...] = ()  # of Apprise, beside those of the shipped ones

    @model_validator(mode="after")
    def _fields_of_its_means(self) -> Self:
        mail = {"host": self.host, "port": self.port, "security": self.security, "sender": self.sender}
        if self.via == "smtp":
            if empty := [name for name, value in mail.items() if value is None]:
                raise ValueError(f"via = 'smtp' needs {', '.join(empty)}")
            if self.url_env:
                raise ValueError("url_env goes with via = 'apprise'")
            if (self.user_env is None) != (self.password_env is None):
                raise ValueError("user_env and password_env go together")
        else:
            if self.url_env is None:
                raise ValueError("via = 'apprise' needs url_env, the variable that holds the service's address")
            given = [name for name, value in mail.items() if value is not None]
            given += [name for name in ("user_env", "password_env") if getattr(self, name)]
            if given:
                raise ValueError(f"{', '.join(given)}: goes with via = 'smtp'")
        return self

    def missing(self, environ: Mapping[str, str]) -> tuple[str, ...]:
        """Say which of its secrets the environment lacks, one sentence each, with the field and the variable."""
        wanted = {name: getattr(self, name) for name in ("user_env", "password_env", "url_env")}
        return tuple(
            f"channel {self.id!r} (file channels/{self.id}.toml), field {name!r}: the environment variable {variable} "
            "is not set; set it where 'coi' runs"
            for name, variable in wanted.items()
            if variable and not environ.get(variable, "").strip()
        )


class Directory:
    """Everybody and every channel that is declared, and what is wrong with the rest, one sentence each."""

    def __init__(self, people: dict[str, Person], channels: dict[str, Channel], problems: Iterable[str]) -> None:
        self.people, self.channels = people, channels
        self.problems = [*problems, *self._unknown_people()]

    @classmethod
    def load(cls, declared: Path) -> Self:
        """Read the shipped channels and the operator's people and channels (an own channel replaces a shipped one)."""
        people, wrong = _each(Person, [declared / "people"])
        channels, more = _each(Channel, [SHIPPED, declared / "channels"])
        return cls(people, channels, [*wrong, *more])

    def _unknown_people(self) -> Iterable[str]:
        for person in self.people.values():
            for name in ("deputy", "head"):
                other = getattr(person, name)
                if other and (other not in self.people or other == person.id):
                    known = ", ".join(sorted(set(self.people) - {person.id})) or "nobody else"
                    yield (
                        f"people/{person.id}.toml: field {name!r}: {other!r} is nobody else who is declared; "
                        f"declared are: {known}"
                    )

    def person(self, id_: str) -> Person:
        """Somebody declared. DeclarationError names who is not."""
        if id_ not in self.people:
            known = ", ".join(sorted(self.people)) or "nobody yet; make a file in declared/people"
            raise DeclarationError(
                f"field 'person': {id_!r} is not declared (people/{id_}.toml); declared are: {known}"
            )
        return self.people[id_]

    def channel(self, id_: str) -> Channel:
        """A declared channel. DeclarationError names one that is not."""
        if id_ not in self.channels:
            known = ", ".join(sorted(self.channels))
            raise DeclarationError(
                f"field 'channel': {id_!r} is not declared (channels/{id_}.toml); declared are: {known}"
            )
        return self.channels[id_]


def check(declared: Path) -> dict[str, Person | Channel]:
    """Everybody and every channel, by folder and id. DeclarationError names everything that is wrong with any."""
    found = Directory.load(declared)
    if found.problems:
        raise DeclarationError("\n".join(found.problems))
    people = {f"people/{id_}": person for id_, person in found.people.items()}
    return {**people, **{f"channels/{id_}": channel for id_, channel in found.channels.items()}}


D = TypeVar("D", Person, Channel)


def _each(model: type[D], folders: Iterable[Path]) -> tuple[dict[str, D], list[str]]:
    """Read each file by itself: one that is wrong is a problem, and takes nobody else with it."""
    found: dict[str, D] = {}
    problems = []
    for folder in folders:
        for path in sorted(folder.glob("*.toml")):
            found.pop(path.stem, None)  # an own file that is wrong does not bring the shipped one back
            try:
                found[path.stem] = model.load(path)
            except DeclarationError as error:
                problems.append(str(error))
    return found, problems
