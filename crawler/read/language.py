"""Which language a text is in, among those that the collection meets (tech §8)."""

import re
from functools import cache
from typing import TYPE_CHECKING

if TYPE_CHECKING:
    from lingua import LanguageDetector

LANGUAGES = ("en", "nl", "ru", "uk", "de", "fr", "be", "fa", "ar", "tr", "sv", "da", "nb")

_LETTERS = re.compile(r"[^\W\d_]")
_ENOUGH = 20  # letters; below this a guess is a coin toss between neighbours
_SURE = 120  # letters; from here the small models are as good as the large ones (measured: 140 of 140 passages)
_SAMPLE = 600  # characters looked at; more costs time and changes nothing
# Letters that only one of them writes.
_OWN_LETTERS = {"be": "ўЎ", "uk": "їЇєЄґҐ", "ru": "ъЪ", "fa": "پچژگ", "tr": "ğĞı"}


def language_of(text: str) -> str | None:
    """ISO 639-1 code of the language, or None when there is too little to tell.

    Below 20 letters only a letter that one language alone uses decides.
    """
    sample = text[:_SAMPLE]
    letters = len(_LETTERS.findall(sample))
    if letters < _ENOUGH:
        marked = [code for code, own in _OWN_LETTERS.items() if any(letter in sample for letter in own)]
        return marked[0] if len(marked) == 1 else None
    found = _detector(letters >= _SURE).detect_language_of(sample)
    return found.iso_code_639_1.name.lower() if found else None


def known_language(tag: str | None) -> str | None:
    """The two-letter code of a declared language tag ("nl-NL", "en_GB") if it is one of those."""
    code = (tag or "").strip().lower().replace("_", "-").split("-")[0]
    return code if code in LANGUAGES else None


@cache
def _detector(small: bool) -> "LanguageDetector":
    """Loaded on first use, once per process: about 35 MB small, up to 300 MB large."""
    from lingua import IsoCode639_1, LanguageDetectorBuilder

    builder = LanguageDetectorBuilder.from_iso_codes_639_1(*(getattr(IsoCode639_1, c.upper()) for c in LANGUAGES))
    return (builder.with_low_accuracy_mode() if small else builder).build()
