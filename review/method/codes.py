"""Answers, kinds of source and directness in words, English and Dutch: the one place for pages, mails and terminal.

The bands of a number ("0", "1-100") are their own words.
"""

from collections.abc import Iterable, Mapping

ANSWERS: Mapping[str, tuple[str, str]] = {
    "none": ("none", "geen"),
    "isolated": ("isolated", "incidenteel"),
    "regular": ("regular", "regelmatig"),
    "systematic": ("systematic", "stelselmatig"),
    "no": ("no", "nee"),
    "partly": ("partly", "deels"),
    "yes": ("yes", "ja"),
    "more": ("more", "meer"),
    "unknown": ("unknown", "onbekend"),
    "unclear": ("unclear", "onduidelijk"),
    "mixed": ("mixed", "gemengd"),
}
SOURCE_TYPES: Mapping[str, tuple[str, str]] = {
    "official_country_report": ("official country report", "ambtsbericht"),
    "eu_agency": ("EU agency", "EU-agentschap"),
    "international_organisation": ("international organisation", "internationale organisatie"),
    "ngo": ("non-governmental organisation", "niet-gouvernementele organisatie"),
    "expert_body": ("expert body", "deskundige instelling"),
    "media": ("media", "media"),
    "government_statement": ("government statement", "verklaring van een overheid"),
    "party_to_the_conflict": ("party to the conflict", "partij bij het conflict"),
    "court": ("court", "rechter"),
}
DIRECTNESS: Mapping[str, tuple[str, str]] = {
    "direct": ("direct", "rechtstreeks"),
    "reported": ("reported", "doorgegeven"),
    "general": ("general", "algemeen"),
}


def answer_nl(answer: str) -> str:
    """An answer in Dutch; one that is its own word (a band of a number) as it is.

    >>> answer_nl("isolated"), answer_nl("1-100")
    ('incidenteel', '1-100')
    """
    return ANSWERS.get(answer, (answer, answer))[1]


def types_in_words(types: Iterable[str]) -> tuple[str, str]:
    """Kinds of source as a list, in English and in Dutch.

    >>> types_in_words(["media", "eu_agency"])
    ('media, EU agency', 'media, EU-agentschap')
    """
    both = [SOURCE_TYPES.get(one, (one.replace("_", " "),) * 2) for one in types]
    return ", ".join(en for en, _ in both), ", ".join(nl for _, nl in both)
