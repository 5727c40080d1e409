"""An alert in words, in any language: what letters, pages and feeds show. Pure, from the alert's own row.

`shown(key, details, language)` takes what `store.alerts` kept (event_key, the parsed `details`); nothing is looked up.
"""

import tomllib
from collections.abc import Iterator, Mapping
from dataclasses import dataclass
from datetime import date, datetime
from functools import cache
from pathlib import Path
from typing import Any

from babel import Locale
from babel.dates import format_date

TABLE = Path(__file__).with_name("words.toml")
LANGUAGES = ("en", "nl")
CODES = {"half": "half", "reading": "reading", "was": "status", "now": "status", "what": "what", "act": "act"}
"""Facts that are codes, and the kind of word each is."""


@dataclass(frozen=True, slots=True, kw_only=True)
class Cited:
    """A passage with its citation; `path` is its page on the site, `language` that of the quote."""

    quote: str
    citation: str
    language: str
    path: str


@dataclass(frozen=True, slots=True, kw_only=True)
class Section:
    """A heading with its lines."""

    heading: str
    lines: tuple[str, ...]


@dataclass(frozen=True, slots=True, kw_only=True)
class Shown:
    """An alert in one language. `paths` are pages on the site; `asks`: it escalates until somebody says it was seen."""

    key: str
    kind: str
    title: str
    lead: str
    before: str
    after: str
    sections: tuple[Section, ...]
    passages: tuple[Cited, ...]
    paths: tuple[str, ...]
    asks: bool


@cache
def table() -> dict[str, tuple[str, str]]:
    """Every key with its English and Dutch words; ValueError names a key without exactly these two."""
    read = tomllib.loads(TABLE.read_text("utf-8"))
    for key, both in read.items():
        if not (isinstance(both, list) and len(both) == len(LANGUAGES) and all(isinstance(w, str) and w for w in both)):
            raise ValueError(f"{TABLE.name}: {key!r} needs its English and its Dutch words, two strings")
    return {key: (both[0], both[1]) for key, both in read.items()}


class Words:
    """Looks words up in one language; another than English or Dutch is English."""

    def __init__(self, language: str) -> None:
        self.language = language if language in LANGUAGES else LANGUAGES[0]
        self._locale = Locale.parse(self.language)

    def __call__(self, name: str, /, **values: object) -> str:
        return table()[name][LANGUAGES.index(self.language)].format_map(_Known(self, values))

    def has(self, key: str) -> bool:
        return key in table()

    def code(self, kind: str, value: str) -> str:
        return self(f"{kind}.{value}") if self.has(f"{kind}.{value}") else value.replace("_", " ")

    def day(self, value: str | date) -> str:
        known = value if isinstance(value, date) else date.fromisoformat(value[:10])
        return str(format_date(known, "d MMMM y", locale=self._locale))

    def country(self, code: str | None) -> str:
        return str(self._locale.territories.get(code, code)) if code else ""

    def left(self, days: int) -> str:
        if days == 0:
            return self("days.today")
        return self("days.past", n=-days) if days < 0 else self("days.one" if days == 1 else "days", n=days)

    def days(self, days: int) -> str:
        return self("days.plain.one" if days == 1 else "days.plain", n=days)


class _Known(dict[str, str]):
    """Facts as words: codes translated, days in full, numbers of days counted; what is empty is 'not stated'."""

    def __init__(self, words: Words, facts: Mapping[str, object]) -> None:
        super().__init__({name: str(value) for name, value in facts.items()})
        self._words = words
        for name, value in list(self.items()):
            self[name] = self._said(name, value)

    def _said(self, name: str, value: str) -> str:
        if name in CODES and value:
            return self._words.code(CODES[name], value)
        if name == "left_days":
            return self._words.left(int(value))
        if name.endswith("_days"):
            return self._words.days(int(value)) if value else ""
        if (name == "on" or name.endswith("_on")) and value:
            return self._words.day(value)
        if name.endswith("_at") and value:
            return f"{self._words.day(value)} {datetime.fromisoformat(value):%H:%M} UTC"
        if name == "groups":
            return value or self._words("all_groups")
        return value

    def __missing__(self, name: str) -> str:
        raise KeyError(f"no fact {name!r} for these words; there are {', '.join(sorted(self))}")


def title_of(details: Mapping[str, Any], language: str) -> str:
    """Return the subject line of an alert."""
    words = Words(language)
    place = f"{words.country(details['country'])}: " if details.get("country") else ""
    return place + words(f"{details['kind']}.title", **_facts(details, words))


def shown(key: str, details: Mapping[str, Any], language: str) -> Shown:
    """Return an alert in one language, from its key and its stored details."""
    words, kind = Words(language), details["kind"]
    facts = _facts(details, words)

    def part(name: str) -> str:
        """The words of one part; where a fact it needs is empty, its '.none' form."""
        wanted = f"{kind}.{name}"
        if f"{wanted}.{facts.get('what')}" in table():
            return words(f"{wanted}.{facts['what']}", **facts)
        needs = {"before": "before_days", "after": "heard_at"}.get(name)
        if needs in facts and not facts[str(needs)] and words.has(f"{wanted}.none"):
            return words(f"{wanted}.none", **facts)
        return words(wanted, **facts)

    return Shown(
        key=key,
        kind=words(f"kind.{kind}"),
        title=title_of(details, language),
        lead=part("lead"),
        before=part("before"),
        after=part("after"),
        sections=tuple(section for section in _sections(details, words) if section.lines),
        passages=tuple(_cited(one, words) for one in details.get("passages", ())),
        paths=tuple(details.get("links", ())),
        asks=bool(details.get("at_once")),
    )


def _facts(details: Mapping[str, Any], words: Words) -> dict[str, str]:
    """The facts with those that exist in two languages chosen; empty names and days are said to be unknown."""
    facts = {name: str(value) for name, value in details.get("facts", {}).items()}
    for name in ("wording", "title", "moratorium"):
        if words.language == "nl" and facts.get(f"{name}_nl"):
            facts[name] = facts[f"{name}_nl"]
    groups = [titles[words.language] for titles in details.get("groups", {}).values()]
    if groups and facts.get("group"):
        facts["group"] = groups[0]
    if groups and facts.get("groups"):
        facts["groups"] = ", ".join(groups)
    for name in ("group", "group_said", "basis", "first_day_on", "last_day_on"):
        if name in facts and not facts[name]:
            facts[name] = words("unknown") if not name.endswith("_on") else ""
    return facts


def _sections(details: Mapping[str, Any], words: Words) -> Iterator[Section]:
    said = words.language
    yield Section(heading=words("part.why"), lines=tuple(one[said] for one in details.get("reasons", ())))
    yield Section(heading=words("part.missing"), lines=tuple(_missing(details.get("missing", ()), words)))
    yield Section(heading=words("part.since"), lines=tuple(_since(details, words)))


def _missing(missing: list[Mapping[str, Any]], words: Words) -> Iterator[str]:
    for one in missing:
        if one["status"] is None:
            yield words("missing.unjudged", question=one["question"])
            continue
        status = words.code("status", one["status"])
        reasons = [reason[words.language] for reason in one["reasons"]]
        if one["gates"]:
            reasons.append(words("missing.gates", gates=", ".join(one["gates"]).replace("_", " ")))
        for reason in reasons:
            yield words("missing.line", question=one["question"], status=status, reason=reason)
        if not reasons:
            yield words("missing.nothing", question=one["question"], status=status)


def _since(details: Mapping[str, Any], words: Words) -> Iterator[str]:
    for one in details.get("signed", ()):
        known = {"question": one["question"], "now": one["now"] or ""}
        if one["signed"] is None:
            yield words("since.never", **known)
        else:
            signed = words.code("status", one["signed"])
            yield words("since.signed", **known, signed=signed, on=one["on"], actor=one["actor"])
    for one in details.get("told", ()):
        yield words("since.told", on=one["on"], title=title_of(one, words.language))


def _cited(one: Mapping[str, Any], words: Words) -> Cited:
    where = [one["publisher"], f"“{one['title']}”", words.day(one["published_on"]) if one["published_on"] else ""]
    if one.get("page"):
        where.append(words("page", n=one["page"]))
    return Cited(
        quote=one["quote"],
        citation=", ".join(part for part in where if part),
        language=one.get("language") or "",
        path=f"/passages/{one['id']}",
    )
