"""One question of a pack in words: status, computed and signed, tests, gaps, contradictions, evidence by origin."""

from collections.abc import Iterator, Mapping

from review.cite.clean import line, prose
from review.explain import missing_votes
from review.method.model import Kind
from review.pack.blocks import Block, Bullets, Heading, Line, Para, Quote, Table, Text, named, say
from review.pack.gather import Answered, Contents
from review.pack.noting import Notes
from review.pack.paper_timeline import timeline
from review.pack.say import Say
from review.pack.translated import helped
from review.plugin.reasons import Reasons, reasons
from review.plugin.sides import Origin, Sides, weigh
from review.standing import Item, QuestionStanding
from store.searches_log import Search

TESTS = ("current", "unambiguous", "reliable")


def question(found: Contents, one: Answered, words: Say, notes: Notes) -> Iterator[Block]:
    """The blocks of one question, in the order in which a reader asks."""
    shown = one.standing
    titles = {id_: (row["title"], row["shape"]) for id_, row in found.sources.items()}
    said, sides = reasons(shown, titles, words), weigh(shown)
    wording = words.pick(shown.wording, shown.wording_nl)
    yield Heading(level=2, text=f"{shown.id} {wording}", id=f"q-{shown.id}")
    yield from status(words, words.code("status", shown.effective))
    if shown.status != shown.effective:
        yield Para(line=say(words("pack.this_day", status=words.code("status", shown.status))))
    if shown.reopened_on:
        day = words.day(shown.reopened_on)
        yield Para(line=say(f"{words('q.reopened')} {words('q.reopened_by', day=day, event=shown.reopened_by)}"))
    yield Heading(level=3, text=words("pack.sign_off"))
    yield Bullets(lines=tuple(_signing(shown, words)))
    yield from _asked(one, words)
    yield from _tests(shown, said, words)
    yield Heading(level=3, text=words("pack.missing"))
    yield Bullets(lines=tuple(say(text) for text in missing(one, words)))
    yield Heading(level=3, text=words("pack.contradictions"))
    yield Bullets(lines=tuple(say(text) for text in contradictions(one, words)))
    yield Heading(level=3, text=words("pack.fragile"))
    yield Bullets(lines=tuple(say(text) for text in fragile(one, words)))
    yield from _evidence(found, one, sides, words, notes)
    yield from _searches(one, titles, words)
    yield Para(line=(Text(text=f"{words('pack.digest')}: "), Text(text=shown.inputs_digest, code=True)), style="small")


def status(words: Say, name: str) -> Iterator[Block]:
    """A status as a word, with the two sentences that stand under each."""
    yield Para(line=say(words("pack.status", status=name), bold=True), style="verdict")
    yield Para(line=say(f"{words('two.first')} {words('two.second')}"), style="two")


def missing(one: Answered, words: Say) -> list[str]:
    """What each test still needs, and the gates that are closed, as sentences."""
    earliest = words.day(one.explained.earliest)
    found = [words(f"pack.m_{name}", n=n, earliest=earliest) for name, n in missing_votes(one.explained).items()]
    if one.explained.case.question.kind is Kind.LAW:
        tests = [one.standing.tests[name] for name in TESTS if one.standing.tests[name].result != "pass"]
        found += [_sentence(words.spell(words.pick(test.reason, test.reason_nl))) for test in tests]
    found += [words("pack.m_gate", gate=words.code("gate", gate)) for gate in one.standing.gates]
    if found and one.standing.one_origin_short:
        found.append(words("pack.m_one_short"))
    return found or [words("pack.m_none")]


def falls(one: Answered, words: Say) -> str:
    """On which day the status falls if nothing new arrives, as a sentence; '' where none is known."""
    day = one.standing.falls_on
    return _sentence(words("q.falls_on", day=words.day(day))) if day else ""


def contradictions(one: Answered, words: Say) -> list[str]:
    """Open contradictions by name, and what people resolved, with who and why."""
    labels = {origin.id: origin.label for origin in one.explained.origins}
    tally = one.explained.weighed.tally
    found = [
        words(
            "pack.contradiction", origin=line(labels.get(each.origin, each.origin)),
            answer="/".join(words.code("answer", answer) for answer in each.answers),
            mode=words.code("answer", tally.mode),
        )
        for each in tally.contradictions
    ]  # fmt: skip
    for row in one.explained.case.resolutions:
        side = words("pack.side", side=row.side) if row.side else ""
        how, day = words.code("resolution", row.resolution), words.day(row.decided_on)
        found.append(words("pack.resolved", day=day, who=row.actor, how=how, side=side, reason=prose(row.reason)))
    for part in one.standing.moved:
        found.append(words("pack.moved", id=part.id, status=words.code("status", part.effective)))
    return found or [words("pack.contradictions_none")]


def fragile(one: Answered, words: Say) -> list[str]:
    """Every origin without which the status would be another."""
    steps = one.explained
    if not steps.without:
        return [words("pack.fragile_unvoted")]
    now = steps.judged.outcome.status
    found = [
        words("pack.fragile_by", origin=line(each.label), status=words.code("status", each.status.value))
        for each in steps.without
        if each.status is not now
    ]
    return found or [words("pack.fragile_none")]


def _signing(shown: QuestionStanding, words: Say) -> Iterator[Line]:
    certainty = words.code("certainty", shown.certainty)
    yield say(words("pack.computed_is", status=words.code("status", shown.effective), certainty=certainty))
    signed = shown.signed
    if signed is None:
        yield say(words("pack.signed_none"))
        return
    yield say(
        words(
            "pack.signed_is", status=words.code("status", signed.status), who=signed.proposed_by,
            second=signed.approved_by, day=words.day(signed.signed_on), as_of=words.day(signed.as_of),
            computed=words.code("status", signed.computed), reason=prose(signed.reason),
        )
    )  # fmt: skip
    if signed.departs:
        yield say(words("pack.signed_departs"))
    elif signed.status != shown.effective:
        yield say(words("pack.signed_differs"))
    if signed.expired_on:
        why = words.pick(signed.expired_why, signed.expired_why_nl)
        yield say(words("pack.expired", day=words.day(signed.expired_on), why=why))
    elif signed.expires_on:
        yield say(words("pack.expires", day=words.day(signed.expires_on)))
    for dissent in signed.dissents:
        yield say(words("pack.dissent", said=prose(dissent)))


def _asked(one: Answered, words: Say) -> Iterator[Block]:
    shown = one.standing
    yield Heading(level=3, text=words("pack.asked"))
    scale = " – ".join(words.code("answer", value) for value in shown.scale)
    lines = [named(words("pack.answers"), scale)]
    lines.append(say(words("pack.window", n=shown.window_days, day=words.day(one.explained.earliest))))
    lines += [say(words("pack.watershed", day=words.day(on), title=title)) for on, title in shown.watersheds]
    if shown.falls_on:
        lines.append(say(falls(one, words)))
    yield Bullets(lines=tuple(lines))


def _tests(shown: QuestionStanding, said: Reasons, words: Say) -> Iterator[Block]:
    yield Heading(level=3, text=words("pack.tests"))
    rows = tuple(
        (
            say(words(f"test.{name}"), bold=True),
            say(words.code("result", shown.tests[name].result), bold=True),
            say(words.spell(said.tests[name])),
        )
        for name in TESTS
    )
    yield Table(head=(words("test.name"), words("test.result"), words("test.reason")), rows=rows, widths=(18, 14, 68))
    if more := [_reason(reason.text, [one.title for one in reason.sources], words) for reason in said.rest]:
        yield Heading(level=3, text=words("pack.reasons"))
        yield Bullets(lines=tuple(more))


def _reason(text: str, sources: list[str], words: Say) -> Line:
    return say(_sentence(words.spell(line(text)) + (f" {'; '.join(sources)}" if sources else "")))


def _sentence(text: str) -> str:
    """A reason as a sentence: with a capital and a full stop."""
    return f"{text[:1].upper()}{text[1:]}{'' if text.endswith(('.', '?', '!', '…')) else '.'}"


def _evidence(found: Contents, one: Answered, sides: Sides, words: Say, notes: Notes) -> Iterator[Block]:
    shown = one.standing
    yield Heading(level=3, text=words("pack.evidence"))
    if not shown.evidence:
        yield Para(line=say(words("pack.no_evidence")))
        return
    counted = words("pack.counted", items=len(shown.evidence), origins=sides.origins, votes=shown.origins)
    yield Para(line=say(counted), style="small")
    yield from timeline(found, shown, words)
    leading = words("pack.for", answer=words.code("answer", sides.leading)) if sides.leading else words("pack.votes")
    for title, origins in ((leading, sides.supporting), (words("pack.against"), sides.opposing),
                           (words("pack.others"), sides.others)):  # fmt: skip
        if origins:
            yield Heading(level=4, text=title)
        for origin in origins:
            yield from _origin(origin, found, words, notes)


def _origin(origin: Origin, found: Contents, words: Say, notes: Notes) -> Iterator[Block]:
    count = Text(text=f"  {words.count('q.items', len(origin.items))}", soft=True)
    yield Para(line=(Text(text=line(origin.label), bold=True), count), style="origin")
    for item in origin.items:
        ref = found.references.get(item.passage_id)
        yield Quote(
            text=prose(item.quote), language=item.language, about=_about(item, found.speakers, words),
            note=notes.cite(ref) if ref else None, struck=item.role == "set aside",
        )  # fmt: skip
        yield from helped(item, found, words)


def _speaker(id_: str, speakers: Mapping[str, str], words: Say) -> str:
    return words("pack.unnamed") if id_ == "unnamed" else line(speakers.get(id_, id_))


def _about(item: Item, speakers: Mapping[str, str], words: Say) -> Line:
    facts = words("item.facts", day=words.day(item.facts_to)) if item.facts_to else words("item.no_facts")
    if not item.facts_to and item.facts_basis in ("period", "ongoing"):
        facts = words(f"item.facts_{item.facts_basis}", day=words.day(item.facts_on))
    said = [
        words("item.answer", answer=words.code("answer", item.answer)),
        words.code("directness", item.directness),
        words("item.says", who=_speaker(item.attributed_to, speakers, words)) if item.attributed_to else "",
        line(item.place),
        facts,
        words("item.published", day=known) if (known := words.day(item.published_on)) else words("item.undated"),
        f"{words.code('type', item.source_type)}, {words('item.grade', grade=item.grade)}",
        words.code("decision", item.decision) + (f", {words('tra.only')}" if item.machine else ""),
    ]
    role = Text(text=words.code("role", item.role), bold=True)
    return (role, Text(text=" · " + " · ".join(filter(None, said)), soft=True))


def _searches(one: Answered, titles: Mapping[str, tuple[str, str]], words: Say) -> Iterator[Block]:
    yield Heading(level=3, text=words("pack.searches"))
    shown, judged = one.standing, one.explained.judged
    lines: list[Line] = []
    if shown.absence:
        facts = ", ".join(words(f"fact.{fact}") for fact in shown.absence)
        lines.append(named(facts, words.spell(words.pick(shown.absence_said, shown.absence_said_nl))))
    seen = judged.coverage
    for key, ids in (("crawled", [each.source_id for each in seen.searched]), ("not", seen.not_searched),
                     ("unreachable", [each.source_id for each in seen.unreachable])):  # fmt: skip
        if ids and not (key == "not" and shown.absence):
            names = "; ".join(titles.get(id_, (id_, ""))[0] for id_ in ids)
            lines.append(say(words(f"pack.search_{key}", names=names)))
    if not judged.searches:
        lines.append(say(words("pack.search_none")))
    yield Bullets(lines=tuple(lines))
    if judged.searches:
        head = tuple(words(f"pack.{key}") for key in ("when", "source", "terms", "period", "found"))
        rows = tuple(_search(search, titles, words) for search in judged.searches)
        yield Table(head=head, rows=rows, widths=(22, 22, 26, 18, 12), small=True)


def _search(one: Search, titles: Mapping[str, tuple[str, str]], words: Say) -> tuple[Line, ...]:
    found = (str(one.found) if one.found else words("pack.nothing")) if one.healthy else words("sea.unreachable")
    languages = ", ".join(words.tongue(code) for code in one.languages)
    return (
        say(f"{words.moment(one.searched_at)}, {line(one.actor)}"),
        say(titles.get(one.source_id, (one.source_id, ""))[0]),
        say(f"{line(one.terms)} ({languages})"),
        say(f"{words.day(one.period_from)} – {words.day(one.period_to)}"),
        say(found),
    )
