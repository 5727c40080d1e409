"""The words of the interface in the visitor's language: words.toml and the codes of the method, read once."""

import re
import tomllib
from datetime import date, datetime
from functools import cache, lru_cache
from pathlib import Path

from babel import Locale, UnknownLocaleError
from babel.dates import format_date

from review.method.codes import ANSWERS, DIRECTNESS, SOURCE_TYPES

LANGUAGES = ("en", "nl")
_DAY = re.compile(r"\b\d{4}-\d{2}-\d{2}\b")
TABLE = Path(__file__).with_name("words.toml")


@cache
def table() -> dict[str, tuple[str, str]]:
    """Every key with its English and Dutch words; ValueError names a key without exactly these two."""
    read = tomllib.loads(TABLE.read_text("utf-8"))
    for key, both in read.items():
        if not (isinstance(both, list) and len(both) == 2 and all(isinstance(w, str) and w.strip() for w in both)):
            raise ValueError(f"{TABLE.name}: {key!r} needs its English and its Dutch words, two strings")
    kinds = {"answer": ANSWERS, "type": SOURCE_TYPES, "directness": DIRECTNESS}
    coded = {f"{kind}.{code}": both for kind, codes in kinds.items() for code, both in codes.items()}
    if twice := coded.keys() & read.keys():
        raise ValueError(f"{TABLE.name}: {min(twice)!r} stands in review/method/codes.py already; remove one")
    return coded | {key: (both[0], both[1]) for key, both in read.items()}


class Words:
    """Looks words up in one language. Called with a key; KeyError names a key that is not in the table."""

    def __init__(self, language: str) -> None:
        self.language = language if language in LANGUAGES else LANGUAGES[0]
        self._column = LANGUAGES.index(self.language)
        self._locale = Locale.parse(self.language)

    def __call__(self, key: str, **values: object) -> str:
        return table()[key][self._column].format(**values)

    def code(self, kind: str, value: str | None) -> str:
        """A code from the data (status, type, answer ...) in words; one the table does not know stands as it is."""
        found = table().get(f"{kind}.{value}")
        return found[self._column] if found else str(value or "").replace("_", " ")

    def count(self, key: str, n: int) -> str:
        """A number with its noun: exactly one has words of its own."""
        return self(f"{key}.one" if n == 1 and f"{key}.one" in table() else key, n=self.number(n))

    def number(self, n: int) -> str:
        """1234567 as 1,234,567 or 1.234.567."""
        return f"{n:,}" if self.language == "en" else f"{n:,}".replace(",", ".")

    def day(self, value: date | str | None, precision: str | None = "day") -> str:
        """A day in full: 29 June 2022; with precision month or year only as much as is known. '' for None."""
        if value is None:
            return ""
        known = value if isinstance(value, date) else date.fromisoformat(value[:10])
        form = {"month": "LLLL y", "year": "y"}.get(precision or "day", "d MMMM y")
        return _written(known, form, self.language)

    def spell(self, sentence: str) -> str:
        """A sentence with its days written in full: 2022-06-29 becomes 29 June 2022."""
        return _DAY.sub(lambda found: self.day(found[0]) if _is_day(found[0]) else found[0], sentence)

    def moment(self, value: str | None) -> str:
        """An instant in full: 29 June 2022, 12:00 UTC. '' for None."""
        if not value:
            return ""
        known = datetime.fromisoformat(value)
        return f"{self.day(known.date())}, {known:%H:%M} UTC"

    def country(self, code: str) -> str:
        """The country's name; the code itself where there is none."""
        return str(self._locale.territories.get(code, code))

    def tongue(self, code: str | None) -> str:
        """The name of a language; the code itself where there is none."""
        if not code:
            return self("answer.unknown")
        try:
            return Locale.parse(code).get_display_name(self._locale) or code
        except (UnknownLocaleError, ValueError):
            return code

    def every(self, seconds: int | None) -> str:
        """An expected interval, given in seconds, in hours or days; by hand where there is none."""
        if not seconds:
            return self("src.by_hand")
        if seconds < 86_400:
            return self.count("src.hours", round(seconds / 3_600) or 1)
        return self.count("src.days", round(seconds / 86_400))

    def age(self, seconds: int) -> str:
        """A length of time, given in seconds, in the largest unit of which it is two or more: 90 minutes, 3 hours."""
        for unit, length_s in (("days", 86_400), ("hours", 3_600)):
            if seconds >= 2 * length_s:
                return self.count(f"age.{unit}", seconds // length_s)
        return self.count("age.minutes", seconds // 60)

    def left(self, days: int | None) -> str:
        """The days that a clock has left, in words; negative: how long ago it stopped."""
        if days is None:
            return self("left.none")
        if days == 0:
            return self("left.today")
        return self.count("left.days", days) if days > 0 else self.count("left.ago", -days)

    def pick(self, english: str, dutch: str) -> str:
        """What the data says in both languages, in the visitor's; English where there is no Dutch."""
        return dutch if self.language == "nl" and dutch else english


@lru_cache(maxsize=8192)  # long pages say the same days again and again
def _written(day: date, form: str, language: str) -> str:
    return str(format_date(day, form, locale=language))


def _is_day(text: str) -> bool:
    try:
        date.fromisoformat(text)
    except ValueError:  # 2022-02-30 stands as somebody wrote it
        return False
    return True
