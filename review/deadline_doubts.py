"""Why a deadline is less sure than the law it is counted by, in sentences: annulled, planned, inferred, disputed."""

from collections.abc import Mapping
from dataclasses import dataclass
from datetime import date

from review.declared_regime import ModelName, Words


@dataclass(frozen=True, slots=True)
class Doubt:
    """A code for the headline (annulled, courts, inferred, unverified, provisional), and the sentence."""

    code: str
    why: Words


ANNULLED = Words(
    en="the moratorium was annulled; whether the time until the judgment counts is for a person to say",
    nl="het moratorium is vernietigd; of de tijd tot de uitspraak telt, moet een mens zeggen",
)
END_MAY_CHANGE = Words(
    en="the end of the moratorium is a planned one, or nobody saw whether it held",
    nl="het einde van het moratorium is een gepland einde, of niemand zag of het standhield",
)


def courts_disagree(by_model: Mapping[ModelName, date]) -> Words:
    """Say that courts count in different ways, with what each gives."""
    days = ", ".join(f"{model} {day}" for model, day in by_model.items())
    return Words(en=f"courts count in different ways: {days}", nl=f"rechters tellen verschillend: {days}")


def period_not_read(confidence: str) -> Words:
    """Say that the days of the moratorium were not all read in a publication."""
    nl = {"inferred": "afgeleid", "unverified": "niet nagegaan"}.get(confidence, confidence)
    return Words(
        en=f"the period of the moratorium is {confidence}: not every day of it was read in a publication",
        nl=f"het tijdvak van het moratorium is {nl}: niet elke dag ervan is in een bekendmaking gelezen",
    )
