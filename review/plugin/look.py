"""How a visitor looks: on which day, on which basis, in which reading and language. All of it stands in the address."""

from dataclasses import dataclass, replace
from datetime import UTC, date, datetime
from functools import lru_cache
from urllib.parse import urlencode

from datasette.utils.asgi import Request

from review.plugin.words import LANGUAGES, Words
from store.clock import day

BASES = ("public", "held")
READINGS = ("provisional", "reviewed")


class Refused(Exception):
    """The request cannot be answered as asked: an HTTP status, and a key of words.toml that says what to do."""

    def __init__(self, status: int, key: str, **values: object) -> None:
        super().__init__(key)
        self.status = status
        self.key = key
        self.values = values


@dataclass(frozen=True, slots=True, kw_only=True)
class Look:
    """A day, a basis and a reading. What was not asked for stays out of the links."""

    as_of: date
    basis: str
    reading: str
    language: str
    stated_day: bool = False
    stated_basis: bool = False

    @property
    def until(self) -> str:
        """The last day that counts, as text."""
        return self.as_of.isoformat()

    def query(self, **more: object) -> str:
        """The query string that keeps this look: '' or '?...'. `more` adds fields; None leaves one out."""
        fields: dict[str, object] = {}
        if self.stated_day:
            fields["as_of"] = self.until
        if self.stated_basis:
            fields["basis"] = self.basis
        if self.reading != READINGS[0]:
            fields["reading"] = self.reading
        if self.language != LANGUAGES[0]:
            fields["lang"] = self.language
        kept = tuple((name, str(value)) for name, value in (fields | more).items() if value not in (None, ""))
        return _encoded(kept) if kept else ""


@lru_cache(maxsize=4096)  # a long page says the same address hundreds of times
def _encoded(fields: tuple[tuple[str, str], ...]) -> str:
    return "?" + urlencode(fields)


def today() -> date:
    """The present day in UTC; the site's only clock."""
    return datetime.now(UTC).date()


def language_of(request: Request | None) -> str:
    """The language asked for; English where it is none of ours."""
    asked = request.args.get("lang") if request else None
    return asked if asked in LANGUAGES else LANGUAGES[0]


def parse(request: Request, now: date) -> Look:
    """Read the look from the address. Refused (400) for a day that is none or not yet, or an unknown choice.

    A past day is looked at on the public basis unless asked otherwise, today on the held one (method §1, §8).
    """
    text = (request.args.get("as_of") or "").strip()
    try:
        as_of = day(text) if text else now
    except ValueError as error:
        raise Refused(400, "wrong.as_of", value=text[:40]) from error
    if as_of > now:
        words = Words(language_of(request))
        raise Refused(400, "wrong.future", day=words.day(as_of), today=words.day(now))
    basis = _choice(request, "basis", BASES)
    reading = _choice(request, "reading", READINGS)
    _choice(request, "lang", LANGUAGES)
    return Look(
        as_of=as_of,
        basis=basis or ("public" if as_of < now else "held"),
        reading=reading or READINGS[0],
        language=language_of(request),
        stated_day=bool(text) and as_of != now,
        stated_basis=bool(basis),
    )


def parse_gently(request: Request | None, now: date) -> Look:
    """The look for pages that must appear whatever the address says (errors, table pages): today where in doubt."""
    plain = Look(as_of=now, basis="held", reading=READINGS[0], language=language_of(request))
    if request is None:
        return plain
    try:
        return parse(request, now)
    except Refused:
        return replace(plain, language=language_of(request))


def _choice(request: Request, name: str, choices: tuple[str, ...]) -> str:
    value = request.args.get(name) or ""
    if value and value not in choices:
        raise Refused(400, "wrong.choice", name=name, value=value[:40], choices=", ".join(choices))
    return value
