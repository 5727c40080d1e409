"""How much is left to find: estimated from the passages that were drawn at random while people read.

A draw is a random one of all that were unread then. With U unread and F found before it, a relevant draw says that
about F + U are relevant in all, another that F are; both are right on average. Their mean, each weighed by 1/U² (the
draws from a small rest tell most), less what was found, is what is left. The bound is one-sided: with more left, as few
relevant draws would come up in less than 5 of 100 cases. After Li and Kanoulas, "When to stop reviewing in
technology-assisted reviews" (ACM TOIS 38:4, 2020), who estimate from what was sampled along the way, and Callaghan and
Müller-Hansen (Systematic Reviews 9:273, 2020), who bound the rest by a random sample.
"""

from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from heapq import heappop, heappush

from review.method.words import Said

SAMPLE = 10  # draws before anything is estimated
CONFIDENCE = 0.95


@dataclass(frozen=True, slots=True, kw_only=True)
class Settled:
    """A passage that somebody settled: when first, and whether it bears on the question."""

    passage_id: int
    at: str
    relevant: bool


@dataclass(frozen=True, slots=True, kw_only=True)
class Draw:
    """One random passage: from how many unread, after how many relevant ones had been found, and whether it is one."""

    unread: int
    found_before: int
    relevant: bool


@dataclass(frozen=True, slots=True, kw_only=True)
class Stopping:
    """How far the reading for one question has come. `left` and `at_most` are None without enough random draws."""

    question_id: str
    pairs: int  # all passages that could bear on it
    read: int
    relevant: int
    in_a_row: int  # the newest decisions without a relevant one
    sample: int  # random draws
    sample_relevant: int
    left: int | None
    at_most: int | None

    @property
    def unread(self) -> int:
        """How many passages nobody has settled."""
        return self.pairs - self.read

    @property
    def said(self) -> Said:
        """The stopping statement in one sentence, in both languages."""
        en, nl = (f"{self.question_id}: {said}" for said in _lately(self.read, self.in_a_row))
        if self.left is None:
            return Said(
                en=f"{en}; {self.unread} left. Too few were read at random to estimate how many of them are relevant "
                f"({self.sample} of {SAMPLE})",
                nl=f"{nl}; nog {self.unread}. Te weinig is willekeurig gelezen om te schatten hoeveel daarvan relevant "
                f"zijn ({self.sample} van {SAMPLE})",
            )
        return Said(
            en=f"{en}; estimated {self.left} of {self.unread} left (at most {self.at_most} with 95 % confidence; "
            f"{self.sample_relevant} of {self.sample} read at random were relevant)",
            nl=f"{nl}; naar schatting nog {self.left} van {self.unread} (hoogstens {self.at_most} met 95 % zekerheid; "
            f"{self.sample_relevant} van {self.sample} willekeurig gelezen waren relevant)",
        )


def how_far(question: str, pairs: Sequence[tuple[float, int, str]], settled: Iterable[Settled]) -> Stopping:
    """The statement for one question. `pairs`: place in the random order, passage, and since when it is held."""
    known = {passage for _, passage, _ in pairs}
    mine = sorted((one for one in settled if one.passage_id in known), key=lambda one: (one.at, one.passage_id))
    drawn = draws(pairs, mine)
    found, unread = sum(one.relevant for one in mine), len(known) - len(mine)
    left = at_most = None
    if not unread and mine:
        left = at_most = 0
    elif len(drawn) >= SAMPLE:
        left, at_most = estimate(drawn, found, unread), bound(drawn, found, unread)
    return Stopping(
        question_id=question,
        pairs=len(known),
        read=len(mine),
        relevant=found,
        in_a_row=next((n for n, one in enumerate(reversed(mine)) if one.relevant), len(mine)),
        sample=len(drawn),
        sample_relevant=sum(draw.relevant for draw in drawn),
        left=left,
        at_most=at_most,
    )


def draws(pairs: Iterable[tuple[float, int, str]], settled: Sequence[Settled]) -> list[Draw]:
    """Which passages were drawn: at their moment the first unread of the random order. `settled` in order of time.

    What was chosen for its rank and happened to be the first counts as well: one in as many as were unread. A passage
    counts as unread from the moment it was held.
    """
    arriving = sorted(pairs, key=lambda pair: pair[2], reverse=True)
    waiting: list[tuple[float, int]] = []
    found: list[Draw] = []
    read: set[int] = set()
    arrived = relevant = 0
    for one in settled:
        while arriving and arriving[-1][2] <= one.at:
            place, passage, _ = arriving.pop()
            heappush(waiting, (place, passage))
            arrived += 1
        while waiting and waiting[0][1] in read:
            heappop(waiting)
        if waiting and waiting[0][1] == one.passage_id:
            found.append(Draw(unread=arrived - len(read), found_before=relevant, relevant=one.relevant))
        read.add(one.passage_id)
        relevant += one.relevant
    return found


def estimate(drawn: Sequence[Draw], found: int, unread: int) -> int:
    """How many relevant ones are likely among the unread.

    >>> estimate([Draw(unread=50, found_before=20, relevant=False)] * 12, found=20, unread=38)
    0
    """
    weights = [1 / draw.unread**2 for draw in drawn]
    totals = [draw.found_before + draw.unread * draw.relevant for draw in drawn]
    total = sum(weight * each for weight, each in zip(weights, totals, strict=True)) / sum(weights)
    return min(max(0, round(total) - found), unread)


def bound(drawn: Sequence[Draw], found: int, unread: int, confidence: float = CONFIDENCE) -> int:
    """The most relevant ones among the unread that the draws do not rule out."""
    seen, low, high = sum(draw.relevant for draw in drawn), 0, unread
    while low < high:  # the more are left, the less likely so few draws are relevant
        middle = (low + high + 1) // 2
        chances = [min(1.0, (middle + found - draw.found_before) / draw.unread) for draw in drawn]
        if at_most_chance(chances, seen) > 1 - confidence:
            low = middle
        else:
            high = middle - 1
    return low


def at_most_chance(chances: Sequence[float], most: int) -> float:
    """The chance that at most so many of some independent events happen.

    >>> round(at_most_chance([0.5, 0.5], 1), 2)
    0.75
    """
    ways = [1.0] + [0.0] * most
    for chance in chances:
        for count in range(most, 0, -1):
            ways[count] = ways[count] * (1 - chance) + ways[count - 1] * chance
        ways[0] *= 1 - chance
    return sum(ways)


def _lately(read: int, in_a_row: int) -> tuple[str, str]:
    """How the newest reading went, in English and Dutch."""
    if not read:
        return "nothing was read yet", "er is nog niets gelezen"
    if not in_a_row:
        return "the last passage read was relevant", "de laatst gelezen passage was relevant"
    if in_a_row == 1:
        return "the last passage read was not relevant", "de laatst gelezen passage was niet relevant"
    return (
        f"none of the last {in_a_row} passages read was relevant",
        f"van de laatste {in_a_row} gelezen passages was er geen relevant",
    )
