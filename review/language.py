"""Which of our six languages a passage is in: the alphabet and the commonest words; lingua for what stays open."""

import re
from functools import lru_cache

from lingua import Language, LanguageDetector, LanguageDetectorBuilder

from review.folding import Folded
from review.vocabulary import LANGUAGES

UNKNOWN = "und"
LOOKED_AT = 4000  # folded characters; more changes nothing
CYRILLIC_SHARE = 0.5
SECOND_SCRIPT_LETTERS = 4  # a quoted word in the other alphabet is worth looking up

_CYRILLIC = re.compile("[а-яіїєґў]")
_LATIN = re.compile("[a-z]")
_UKRAINIAN = re.compile("[іїє]")
_RUSSIAN = re.compile("[ыэъ]")
_STOP_WORDS = {
    "en": "the of and to in that was were is are his her their with for who by from they had have been not on as at",
    "nl": "de het een van en dat die niet zijn is wordt werd worden voor met op aan om bij ook uit naar door hij te",
    "de": "der die das und nicht mit den dem des ein eine einer von zu im ist wird wurde auf sich für nach bei aus als",
    "fr": "le la les des et du un une dans que qui est pas pour sur par au aux il elle son ses leur a ont ete avec ce",
}
_VOTES = {lang: frozenset(words.split()) for lang, words in _STOP_WORDS.items()}


def language_of(folded: Folded) -> str:
    """Return the language of most words, one of LANGUAGES, or `und` where nothing tells."""
    text = folded.text[:LOOKED_AT]
    cyrillic, latin = len(_CYRILLIC.findall(text)), len(_LATIN.findall(text))
    if not cyrillic + latin:
        return UNKNOWN
    if cyrillic > CYRILLIC_SHARE * (cyrillic + latin):
        return "uk" if len(_UKRAINIAN.findall(text)) > len(_RUSSIAN.findall(text)) else "ru"
    words = text.split()
    votes = {lang: sum(word in common for word in words) for lang, common in _VOTES.items()}
    first, second = sorted(votes.values(), reverse=True)[:2]
    if first > second:
        return max(votes, key=lambda lang: votes[lang])
    return _guess(text) if len(words) > 1 else UNKNOWN


def languages_to_search(folded: Folded, lang: str) -> tuple[str, ...]:
    """Return the vocabularies to use: the passage's own, and that of a quotation in the other alphabet."""
    text = folded.text
    if lang in ("ru", "uk"):
        return (lang, "en") if _longer_than(_LATIN, text) else (lang,)
    own = (lang,) if lang in LANGUAGES else ()
    if _longer_than(_CYRILLIC, text):
        return (*own, "uk" if _UKRAINIAN.search(text) and not _RUSSIAN.search(text) else "ru")
    return own


def _longer_than(letters: re.Pattern[str], text: str) -> bool:
    return sum(1 for _, _ in zip(range(SECOND_SCRIPT_LETTERS), letters.finditer(text), strict=False)) == (
        SECOND_SCRIPT_LETTERS
    )


@lru_cache(maxsize=1)
def _detector() -> LanguageDetector:
    """Build lingua's detector, which takes a while, only when a passage needs it."""
    four = (Language.ENGLISH, Language.DUTCH, Language.GERMAN, Language.FRENCH)
    return LanguageDetectorBuilder.from_languages(*four).build()


def _guess(text: str) -> str:
    found = _detector().detect_language_of(text)
    return str(found.iso_code_639_1.name).lower() if found else UNKNOWN
