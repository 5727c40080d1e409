"""Who may sign in: people and scripts, from the environment only. Nothing here is ever written down.

One variable each, any name that begins so: COI_PERSON_...='anna researcher pbkdf2_sha256$...' (name, role, hash of the
password) and COI_TOKEN_...='nightly reader <token>'. `coi people add` and `coi people token` print such lines.
"""

import os
import re
from collections.abc import Iterator, Mapping
from dataclasses import dataclass, field
from hashlib import sha256

from store.errors import ForPeople

PERSON, TOKEN = "COI_PERSON_", "COI_TOKEN_"
ROLES = ("reader", "researcher", "approver", "operator")
SCRIPT_ROLES = ("reader", "operator")  # a decision is the act of a person, so no script makes one
NAME = re.compile(r"[A-Za-z0-9][A-Za-z0-9._-]{0,59}")
HASH = re.compile(r"pbkdf2_sha256\$([1-9][0-9]{5,7})\$[^$\s]+\$[A-Za-z0-9+/]{43}=")
FEWEST_ROUNDS, MOST_ROUNDS = 100_000, 10_000_000
SHORTEST_TOKEN = 32
RESERVED = frozenset({"root", "rules", "person", "anonymous"})  # names under which no human acts
ADD = "coi people add"


class AccountsError(ForPeople, ValueError):
    """A variable that names a person or a token is wrong. The message names the variable, never its secret."""


@dataclass(frozen=True, slots=True, kw_only=True)
class Account:
    """One person, or one script where `script` is set. `secret`: hash of a password, or the token itself."""

    name: str
    role: str
    secret: str = field(repr=False)
    script: bool = False

    @property
    def stamp(self) -> str:
        """Changes with the password and the role: a session made before either changed is over."""
        return sha256(f"{self.name}\n{self.role}\n{self.secret}".encode()).hexdigest()[:16]


@dataclass(frozen=True, slots=True, kw_only=True)
class Accounts:
    """Everybody who may sign in. Without any person the site is for whoever sits at this machine."""

    people: Mapping[str, Account] = field(default_factory=dict)  # by name in small letters
    scripts: tuple[Account, ...] = ()

    @classmethod
    def from_environment(cls, environment: Mapping[str, str] | None = None) -> "Accounts":
        """Read all variables. Raises AccountsError with every wrong one."""
        found = _read(os.environ if environment is None else environment)
        return cls(
            people={account.name.lower(): account for account in found if not account.script},
            scripts=tuple(account for account in found if account.script),
        )

    @property
    def closed(self) -> bool:
        """Whether visitors must sign in before they see anything."""
        return bool(self.people or self.scripts)

    def person(self, name: str) -> Account | None:
        """The person of this name, whatever its case."""
        return self.people.get(name.strip().lower())

    def tokens(self) -> dict[str, list[dict[str, object]]]:
        """The scripts as datasette-auth-tokens 0.3 reads them."""
        return {
            "tokens": [
                {"token": one.secret, "actor": {"id": one.name, "role": one.role, "script": True}}
                for one in self.scripts
            ]
        }


def _read(environment: Mapping[str, str]) -> list[Account]:
    found: dict[str, tuple[str, Account]] = {}
    problems: list[str] = []
    for variable in sorted(environment):
        if not variable.startswith((PERSON, TOKEN)):
            continue
        parts = environment[variable].strip().strip("'\"").split()  # a container's file keeps the quotes
        wrong = list(_wrong(variable, parts))
        if wrong:
            problems += wrong
            continue
        name, role, secret = parts
        if name.lower() in found:
            problems.append(f"{variable}: {name!r} is also in {found[name.lower()][0]}; give each its own name")
            continue
        script = variable.startswith(TOKEN)
        found[name.lower()] = (variable, Account(name=name, role=role, secret=secret, script=script))
    if problems:
        raise AccountsError("\n".join(problems))
    return [account for _, account in found.values()]


def _wrong(variable: str, parts: list[str]) -> Iterator[str]:
    """What is wrong with one variable, without repeating what may be a secret."""
    script = variable.startswith(TOKEN)
    make = "coi people token" if script else ADD
    if len(parts) != 3:
        what = "token" if script else "hash of the password"
        yield f"{variable}: has {len(parts)} words, not three (name, role, {what}); '{make}' prints the line"
        return
    name, role, secret = parts
    roles = SCRIPT_ROLES if script else ROLES
    if not NAME.fullmatch(name) or name.lower() in RESERVED:
        yield f"{variable}: its first word is no name {name_rule()}"
    if role not in roles:
        yield f"{variable}: the role is not one of {', '.join(roles)}"
    if script and (len(secret) < SHORTEST_TOKEN or not secret.isascii()):
        yield f"{variable}: a token has {SHORTEST_TOKEN} characters or more; '{make}' prints a good one"
    if not script and not is_hash(secret):
        yield (
            f"{variable}: its last word is no hash (pbkdf2_sha256$rounds$salt$hash); put the line between single "
            f"quotes, as '{make}' prints it: a shell replaces $ outside them"
        )


def is_hash(text: str) -> bool:
    """Whether datasette-auth-passwords can verify a password against this text, at a cost a server can bear."""
    found = HASH.fullmatch(text)
    return found is not None and FEWEST_ROUNDS <= int(found[1]) <= MOST_ROUNDS


def name_rule() -> str:
    """What a name may be, for messages."""
    return f"(1 to 60 of a-z, A-Z, 0-9, '.', '_' and '-'; not {', '.join(sorted(RESERVED))})"
