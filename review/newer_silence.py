"""What an empty list of newer things says, and what it does not: silence is not diligence (method §6)."""

from review.method.words import Said
from review.newer_types import Newer

NOT_ASSESSED = Said(
    en="Not assessed, and not collected for: no question is declared for this moratorium or its groups, so nothing was "
    "searched for. Nothing is known here, which says nothing of what was public or became known.",
    nl="Niet beoordeeld, en niet voor verzameld: voor dit moratorium of zijn groepen is geen vraag opgegeven, dus is "
    "er niet naar gezocht. Hier is niets bekend, wat niets zegt over wat openbaar was of bekend werd.",
)
NO_ENTRY = Said(
    en="Nothing on this list. It holds official reports on the country only, of what was collected here.",
    nl="Niets op deze lijst. Zij bevat alleen officiële rapporten over het land, uit wat hier is verzameld.",
)


def caveat(found: Newer) -> Said | None:
    """What stands above the lists: no question is declared, or decisive sources were not searched; else None."""
    if not found.asked:
        return NOT_ASSESSED
    if found.unsearched:
        names = ", ".join(found.unsearched)
        return Said(
            en=f"Not fully collected: on {found.until} these decisive sources were not searched in the window of a "
            f"question ({names}). What they hold is not on these lists.",
            nl=f"Niet volledig verzameld: op {found.until} waren deze beslissende bronnen in het venster van een vraag "
            f"niet doorzocht ({names}). Wat zij hebben staat niet op deze lijsten.",
        )
    return None


def nothing_since(found: Newer) -> Said:
    """An empty list of what is newer and was not dealt with: nothing of what is held, which is not nothing."""
    if not found.asked:
        return NO_ENTRY
    return Said(
        en="Of what is held here, nothing became known that was not dealt with. What was never collected is not on "
        "this list.",
        nl="Van wat hier in bezit is werd niets bekend dat niet is betrokken. Wat nooit is verzameld, staat niet op "
        "deze lijst.",
    )


def nothing_missed(found: Newer) -> Said:
    """An empty list of what was public on the decision day and not held: only what is held now can be on it."""
    if not found.asked:
        return Said(
            en="Not assessed: what was public by then was not looked for here.",
            nl="Niet beoordeeld: wat toen openbaar was, is hier niet gezocht.",
        )
    return Said(
        en="Of what is held here now and was public by then, nothing was missing. What was never collected is not on "
        "this list.",
        nl="Van wat hier nu in bezit is en toen openbaar was, ontbrak niets. Wat nooit is verzameld, staat niet op "
        "deze lijst.",
    )


def nothing_dealt(found: Newer) -> Said:
    """An empty list of what a later act or a sign-off came after."""
    return (
        NO_ENTRY if not found.asked else Said(en="Nothing of what is held here.", nl="Niets van wat hier in bezit is.")
    )
