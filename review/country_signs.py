"""What stands around the name of a country or town: whose people, where they were sent, where they went."""

from review.folding import Folded
from review.matching import Hits, Place

HAILING_WITHIN = 1
OCCUPIED_WITHIN = 25
LEFT_WITHIN = 30  # "went back from Lyman"
PICTURED_WITHIN = 16  # "photographs from Bucha": what was shown, not who shows it
SENT_WITHIN = 80  # characters between a town and the word that says they were sent, taken or killed there
CIVIL = ("journalists.person", "activists.person", "artists.artist", "deserters.civilians", "grown", "young")
STATE_WITHIN = 3


def is_destination(place: Place, hits: Hits) -> bool:
    """Whether the country is named as where people go or are, not where they come from."""
    return hits.near("destination", place, 5, "before") is not None


def is_headed_for(place: Place, hits: Hits) -> bool:
    """Whether a town of refuge is named as where a person went, or lives now."""
    return hits.near("headed_for", place, 1, "before") is not None


def hails(place: Place, hits: Hits, *, occupied: bool, fought_over: bool) -> bool:
    """Whether a person or unit is said to come from the place, or the place to be held by another state."""
    if hits.near("people_of", place, HAILING_WITHIN, "before"):
        return True
    if fought_over or hits.near("deserters.gone", place, LEFT_WITHIN):
        return False
    if occupied and hits.near("occupied", place, OCCUPIED_WITHIN):
        return True
    if any(hits.near(name, place, 1, "after") for name in CIVIL):
        return True
    shown = any(hits.near(name, place, PICTURED_WITHIN, "before") for name in ("speech", "pictured"))
    return hits.near("hailing", place, HAILING_WITHIN, "before") is not None and not shown


def within_longer(place: Place, code: str, hits: Hits) -> bool:
    """Whether the name is a part of another country's: "Wit-Russisch", "South Sudan"."""
    return any(
        spot[0] <= place[0] and place[1] <= spot[1] and spot != place
        for name in hits.names()
        if name.startswith("country:") and name != f"country:{code}"
        for spot in hits.of(name)
    )


def said(text: str, folded: Folded, place: Place) -> str:
    """The words as written."""
    start, end = folded.origin(*place)
    return text[start:end]


def word(folded: Folded, place: Place) -> str:
    """The words as folded."""
    return folded.text[place[0] : place[1]]


def is_fought_over(place: Place, hits: Hits) -> bool:
    """Whether a town is named as where soldiers were sent, taken or killed, and no recruiter or court of it acts."""
    if hits.near("ua_recruiters", place, SENT_WITHIN) or hits.near("state_word", place, STATE_WITHIN, "after"):
        return False
    return hits.near("sent_to_fight", place, SENT_WITHIN) is not None


def its_men(place: Place, hits: Hits) -> bool:
    """Whether the name stands right before soldiers: "Russian conscripts"."""
    return any(hits.near(name, place, 1, "after") for name in ("conscripts.named", "reservists.named", "soldier"))
