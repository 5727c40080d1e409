"""Base forms of words in six languages, marked with their language: what joins the forms of a word in a search.

A marked lemma is the language, a 0 and the folded base form: `nl0deserteur`. The mark keeps languages apart, so that
a word of one never meets a form of another (`desert` and French `déserter`). Words come from simplemma's dictionaries.
"""

import re
from collections.abc import Iterable
from functools import lru_cache
from itertools import repeat

import simplemma

LANGUAGES = ("nl", "en", "ru", "uk", "de", "fr")
CYRILLIC = ("ru", "uk")
SHORTEST, LONGEST = 3, 40  # letters of a word that has a lemma
# What a reader does not see: soft hyphen, zero-width signs, marks of writing direction, byte order mark.
INVISIBLE = dict.fromkeys([0xAD, *range(0x200B, 0x2010), *range(0x202A, 0x202F), *range(0x2060, 0x206A), 0xFEFF])

_UNSEEN = re.compile("[\u00ad\u200b-\u200f\u202a-\u202e\u2060-\u2069\ufeff]")
_LETTERS = re.compile(r"[^\W\d_]{3,}")
_UKRAINIAN = re.compile(r"[^\W\d_]+(?:'[^\W\d_]+)?")
_FOLD = str.maketrans({"ё": "е", "ґ": "г", "_": None, "'": None, "’": None, "ʼ": None, "-": None})
# Words that join sentences and say nothing: their forms are not joined, and their lemmas would be the commonest terms.
_COMMON_WORDS = {
    "nl": "aan als bij dat der deze die dit door een geen had hadden heb hebben heeft hem hen het hij hoe hun ik is "
    "kan maar met mijn naar niet nog nu ook om onder onze ons op over sinds tot uit van voor waar was waren wat werd "
    "werden wie wij wordt worden zal zich zij zijn zou zouden",
    "en": "about all also and any are been but can could did does for from had has have her his how its may more not "
    "one our out said she should some than that the their them then there these they this those was were what when "
    "where which who will with would you",
    "ru": "без был была были было быть вам вас весь все всех для его ее еще или как когда который которые кто мне мой "
    "над нам нас наш них она они оно при про так также там тем того тоже только том уже что чтобы эта эти это этого "
    "этом этот",
    "uk": "або але без був була були було бути вам вас весь все всіх для його коли кого котрий мій над нам нас наш них "
    "вона вони воно при про так також там тим того тоді тільки уже цей цього цьому цій що щоб яка які який якого",
    "de": "aber alle als auch auf aus bei bin bis das dass dem den der des die dies diese dieser doch durch ein eine "
    "einem einen einer eines für hat hatte hatten haben ich ihm ihn ihr ihre im ist kann kein mehr mit nach nicht noch "
    "nur oder sein seine seit sich sie sind über und uns unter vom von vor war waren was wenn werden wie wird wir "
    "wurde wurden zum zur",
    "fr": "aux avec ces cet cette ceux dans des dont elle elles est été être eux fut ils leur leurs lui mais même nos "
    "notre nous ont par pas plus pour que qui sans ses son sont sous sur tous tout toute une vers vos votre vous",
}
_COMMON = {language: frozenset(words.split()) for language, words in _COMMON_WORDS.items()}


def language_code(language: str | None) -> str | None:
    """One of LANGUAGES, from a tag such as `en-GB`; None for any other language.

    >>> language_code("en-GB"), language_code("fa"), language_code(None)
    ('en', None, None)
    """
    code = re.split("[-_]", language or "", maxsplit=1)[0].lower()
    return code if code in LANGUAGES else None


def lemmas_of(text: str, language: str | None) -> str:
    """The marked lemmas of a passage, each once, in the order of the text; '' for a language we have no words of.

    >>> lemmas_of("De deserteurs en de deserteur", "nl")
    'nl0deserteur'
    """
    code = language_code(language)
    if code is None:
        return ""
    words = _words(_UNSEEN.sub("", text), code)
    return " ".join(filter(None, dict.fromkeys(map(marked, words, repeat(code)))))


@lru_cache(maxsize=400_000)
def marked(word: str, language: str) -> str:
    """A word's lemma with the mark of its language; '' for a word of fewer than 3 letters or one that joins sentences.

    >>> marked("призывниками", "ru"), marked("deserters", "en"), marked("the", "en")
    ('ru0призывник', 'en0deserter', '')
    """
    if not SHORTEST <= len(word) <= LONGEST or word.lower() in _COMMON[language]:
        return ""
    # Twice: dienstplichtigen > dienstplichtige > dienstplichtig, Wehrpflichtige > Wehrpflichtiger > wehrpflichtig.
    once = _fold(simplemma.lemmatize(word, lang=language))
    return f"{language}0{once if once == word else _fold(simplemma.lemmatize(once, lang=language))}"


def asked(word: str, languages: Iterable[str], *, sure: bool = False) -> tuple[str, ...]:
    """The marked lemmas by which a word of a search is looked up in these languages, each once.

    A language counts only where its dictionary knows the word: `deserter` is no French word. `sure`: the person said
    that the word is of this language, so a word that its dictionary does not know counts as well.
    """
    cyrillic = any("\u0400" <= letter <= "\u052f" for letter in word)
    found: dict[str, None] = {}
    for language in languages:
        if (language in CYRILLIC) != cyrillic:
            continue
        for part in _words(word, language):
            for form in dict.fromkeys((part, part.lower(), part.capitalize())):
                lemma = marked(form, language)
                if lemma and (sure or lemma[3:] != _fold(form) or simplemma.is_known(form, lang=language)):
                    found[lemma] = None
    return tuple(found)


def _words(text: str, language: str) -> list[str]:
    """The words that may have a lemma. Ukrainian has apostrophes inside words; elsewhere they divide (l'armée)."""
    if language == "uk":
        return _UKRAINIAN.findall(text.replace("’", "'").replace("ʼ", "'"))
    return _LETTERS.findall(text)


def _fold(word: str) -> str:
    """As a term of the index: lower case, ё as е, ґ as г, without apostrophes and the joints of compounds."""
    return word.lower().translate(_FOLD)
