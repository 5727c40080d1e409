"""The reasons of UNAMBIGUOUS and RELIABLE in sentences, English and Dutch."""

from review.method.codes import answer_nl, types_in_words
from review.method.docket import Docket
from review.method.law import confirming, enacted
from review.method.model import Kind
from review.method.reliable import support
from review.method.status import Weighed
from review.method.thresholds import RULES
from review.method.words import RESULT_NL, Said, count, joined


def about_unambiguous(book: Docket, weighed: Weighed) -> Said:
    """Say what the votes agree on and who contradicts it."""
    tally = weighed.tally
    head = Said(en=f"UNAMBIGUOUS {weighed.unambiguous}", nl=f"EENDUIDIG {RESULT_NL[weighed.unambiguous]}")
    if book.question.kind is Kind.LAW:
        return _law_unambiguous(head, weighed)
    agreement = tally.agreement
    if agreement is None:
        votes = count(len(tally.timely), "vote", "stem", nl_many="stemmen")
        need = RULES.assessable_votes
        return Said(
            en=f"{head.en}: not assessable, {votes.en} in time and {need} needed",
            nl=f"{head.nl}: niet te beoordelen, {votes.nl} binnen de termijn en {need} nodig",
        )
    tie = Said(en=" (tied)", nl=" (gelijke stand)") if tally.tied else Said(en="", nl="")
    share, against = f"{float(agreement):.2f}", len(tally.against)
    first = Said(
        en=f"{head.en}: {len(tally.carriers)} in time for '{tally.mode}'{tie.en}, "
        f"{against} for another value, agreement {share}",
        nl=f"{head.nl}: {len(tally.carriers)} binnen de termijn voor '{answer_nl(tally.mode or '')}'{tie.nl}, "
        f"{against} voor een andere waarde, overeenstemming {share}",
    )
    parts = [Said(en="no open contradiction", nl="geen open tegenspraak")]
    if tally.contradictions:
        number = count(len(tally.contradictions), "open contradiction", "open tegenspraak", nl_many="open tegenspraken")
        names = ", ".join(f"{found.origin} ({'/'.join(found.answers)})" for found in tally.contradictions)
        names_nl = ", ".join(
            f"{found.origin} ({'/'.join(map(answer_nl, found.answers))})" for found in tally.contradictions
        )
        parts = [Said(en=f"{number.en}: {names}", nl=f"{number.nl}: {names_nl}")]
    return joined(first, parts)


def _law_unambiguous(head: Said, weighed: Weighed) -> Said:
    tally = weighed.tally
    if not enacted(tally):
        return Said(
            en=f"{head.en}: not assessable without a verified text in force",
            nl=f"{head.nl}: niet te beoordelen zonder geverifieerde geldende tekst",
        )
    if not tally.against:
        return Said(
            en=f"{head.en}: the text says '{tally.mode}' and no voting origin reads it otherwise",
            nl=f"{head.nl}: de tekst zegt '{answer_nl(tally.mode or '')}' en geen stemmende herkomst leest haar anders",
        )
    rivals = ", ".join(vote.origin for vote in tally.against)
    return Said(
        en=f"{head.en}: the text says '{tally.mode}'; rival version or reading: {rivals}",
        nl=f"{head.nl}: de tekst zegt '{answer_nl(tally.mode or '')}'; andere versie of lezing: {rivals}",
    )


def about_reliable(book: Docket, weighed: Weighed) -> Said:
    """Say which houses of which kinds carry the answer, and what is missing for a pass."""
    head = Said(en=f"RELIABLE {weighed.reliable}", nl=f"BETROUWBAAR {RESULT_NL[weighed.reliable]}")
    if book.question.kind is Kind.LAW:
        return _law_reliable(head, weighed)
    held = support(weighed.tally)
    owners = count(len(held.owners), "owner group", "eigenaargroep")
    types = count(len(held.types), "source type", "brontype", nl_many="brontypen")
    direct = count(len(held.direct), "direct item", "rechtstreeks item", nl_many="rechtstreekse items")
    who = f" ({', '.join(held.owners)})" if held.owners else ""
    kinds, kinds_nl = (f" ({text})" if text else "" for text in types_in_words(held.types))
    first = Said(
        en=f"{head.en}: {owners.en}{who}, {types.en}{kinds}, {direct.en}",
        nl=f"{head.nl}: {owners.nl}{who}, {types.nl}{kinds_nl}, {direct.nl}",
    )
    missing = _missing(len(held.owners), len(held.types), len(held.direct))
    parts = []
    if held.owners and not held.independent:
        parts.append(
            Said(
                en="only interested parties, which never carry a question alone",
                nl="alleen belanghebbende partijen, die nooit alleen een vraag dragen",
            )
        )
    if missing:
        parts.append(
            Said(
                en="missing for a pass: " + ", ".join(m.en for m in missing),
                nl="nodig om te voldoen: " + ", ".join(m.nl for m in missing),
            )
        )
    return joined(first, parts)


def _missing(owners: int, types: int, direct: int) -> list[Said]:
    """Return what a pass of RELIABLE still needs."""
    parts = []
    if (short := RULES.owners_pass - owners) > 0:
        parts.append(count(short, "more owner group", "eigenaargroep meer", nl_many="eigenaargroepen meer"))
    if (short := RULES.types_pass - types) > 0:
        parts.append(count(short, "more source type", "brontype meer", nl_many="brontypen meer"))
    if (short := RULES.direct_pass - direct) > 0:
        parts.append(count(short, "direct item", "rechtstreeks item", nl_many="rechtstreekse items"))
    return parts


def _law_reliable(head: Said, weighed: Weighed) -> Said:
    confirmed = confirming(weighed.tally)
    if not enacted(weighed.tally):
        return Said(en=f"{head.en}: no verified text in force", nl=f"{head.nl}: geen geverifieerde geldende tekst")
    names = ", ".join(vote.origin for vote in confirmed)
    number = count(len(confirmed), "independent origin", "onafhankelijke herkomst")
    who, need = f" ({names})" if names else "", RULES.law_confirmations
    return Said(
        en=f"{head.en}: the enacted text, confirmed by {number.en}{who}, {need} needed",
        nl=f"{head.nl}: de wettekst, bevestigd door {number.nl}{who}, {need} nodig",
    )
