"""The one topic of a passage: the topic whose rules weigh most, `other` where none fires."""

from collections.abc import Sequence

from review.folding import Folded
from review.matching import Firing, Hits, Mention, Rulebook, to_spans

REPEAT_SHARE = 0.15  # a second place for the same rule adds this share of its weight
REPEATS = 3
DEFAULT = "other"


def topic_of(text: str, folded: Folded, hits: Hits, rules: Rulebook, *, on_field: bool) -> Mention:
    """Return the topic with the words that decided it; off the field (sport, finance, history) always `other`."""
    best_value, best_score = DEFAULT, 0.0
    best: list[list[Firing]] = []
    if on_field:
        for value, rulings in sorted(rules.candidates(hits).items()):
            fired = [firings for firings in (ruling.fire(hits, limit=REPEATS) for ruling in rulings) if firings]
            score = sum(_weight(firings) for firings in fired)
            if score > best_score:
                best_value, best_score, best = value, score, fired
    places = [place for firings in best for firing in firings for place in firing.places]
    rule = f"{best_value}:{max(best, key=_weight)[0].rule}" if best else f"{DEFAULT}:default"
    score = round(min(1.0, best_score / 2), 3)
    return Mention(kind="topic", value=best_value, spans=to_spans(places, folded, text), rule=rule, score=score)


def _weight(firings: Sequence[Firing]) -> float:
    return firings[0].score * (1 + REPEAT_SHARE * (len(firings) - 1))
