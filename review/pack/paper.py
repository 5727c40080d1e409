"""The paper of a pack: front, in short, the moratorium, each question, and what everything rests on."""

from collections.abc import Iterator

from review.cite.clean import line
from review.pack.blocks import Block, Bullets, Heading, Line, Paper, Para, Table, Text, named, say
from review.pack.gather import Answered, Contents
from review.pack.noting import Notes
from review.pack.paper_annex import annex
from review.pack.paper_question import missing, question, status
from review.pack.say import Say
from review.standing import HalfStanding

FEW = 3  # questions whose gaps are told in short


def compose(found: Contents, language: str, *, captures: bool) -> Paper:
    """The paper in one language (en, nl). `captures`: the pack brings the captures themselves."""
    words = Say(language)
    notes = Notes(words)
    blocks = [*_front(found, words), *_short(found, words), *_moratorium(found, words)]
    for one in found.full:
        blocks += question(found, one, words, notes)
    blocks += annex(found, words, captures=captures)
    return Paper(title=title(found, words), language=language, blocks=tuple(blocks), notes=tuple(notes.kept))


def title(found: Contents, words: Say) -> str:
    """What a pack or brief is about."""
    scope = found.wanted.scope
    if found.moratorium:
        return line(words.pick(found.moratorium.title, found.moratorium.title_nl))
    if scope.question and found.full:
        shown = found.full[0].standing
        return f"{shown.id} {words.pick(shown.wording, shown.wording_nl)}"
    return words("pack.of_group", country=words.country(scope.country), group=group_title(found, words, scope.group))


def group_title(found: Contents, words: Say, group: str | None) -> str:
    """The name of a group in the language; its id where it has none."""
    row = found.titles.get(group or "")
    return words.pick(row["title"], row["title_nl"]) if row else str(group or "")


def stand(found: Contents, words: Say) -> str:
    """The day, the basis and the reading in one line."""
    wanted = found.wanted
    said = [words.day(wanted.as_of), words.code("basis", wanted.basis), words.code("reading", wanted.reading)]
    return "; ".join(said)


def _front(found: Contents, words: Say) -> Iterator[Block]:
    wanted = found.wanted
    yield Para(line=say(words("pack.over")), style="over")
    yield Heading(level=1, text=title(found, words))
    if found.example:
        key = "pack.example" if found.example == "site.example" else "pack.mixed"
        yield Para(line=say(words(key)), style="note")
    rows = [
        ("pack.as_of", words.day(wanted.as_of)),
        ("pack.basis", words.code("basis", wanted.basis)),
        ("pack.reading", words.code("reading", wanted.reading)),
        ("pack.rules", words("pack.rules_version", version=found.rules_version)) if found.rules_version else None,
        ("pack.about", _about(found, words)),
        ("pack.made", words("pack.made_where")),
    ]
    cells = tuple((say(words(row[0]), soft=True), say(row[1])) for row in rows if row)
    yield Table(head=(), rows=cells, widths=(22, 78))


def _about(found: Contents, words: Say) -> str:
    scope = found.wanted.scope
    if scope.moratorium:
        return f"{scope.moratorium} ({words.country(scope.country)})"
    parts = (words.country(scope.country), group_title(found, words, scope.group), scope.question)
    return ", ".join(filter(None, parts))


def _short(found: Contents, words: Say) -> Iterator[Block]:
    m, scope = found.moratorium, found.wanted.scope
    if scope.question:  # the question itself comes next
        if found.decides:
            yield Para(line=say(words("pack.decides", ids=", ".join(found.decides))))
        return
    yield Heading(level=2, text=words("pack.short"))
    if m:
        yield from status(words, words.code("status", m.status))
        yield Para(line=named(words("pack.advice"), words.spell(words.pick(m.advice, m.advice_nl))))
    else:
        for group in found.groups:
            yield from status(words, words.code("status", group.status))
    if m:
        yield _clocks(m.halves, words)
    lines = []
    for group in found.groups:
        values = {"n": group.decisive_sufficient, "m": group.decisive_total}
        name = f"{words.country(group.country)}, {group_title(found, words, group.group)}"
        lines.append(say(words("pack.group_line", group=name, status=words.code("status", group.status), **values)))
        lines += [
            say(
                words(
                    "pack.subgroup_line", id=part.id, title=words.pick(part.title, part.title_nl),
                    status=words.code("status", part.status), n=part.decisive_sufficient, m=part.decisive_total,
                )
            )
            for part in group.subgroups
        ]  # fmt: skip
    if lines:
        yield Bullets(lines=tuple(lines))
    if found.decides:
        yield Para(line=say(words("pack.decides", ids=", ".join(found.decides))))
    chosen = [one for one in found.full if one.deciding or not m] or list(found.full)
    if m and not m.deciding:
        yield Para(line=say(words("pack.no_deciding")))
    elif chosen:
        yield _questions(chosen, words)
        if len(chosen) <= FEW:  # of more it stands with each
            yield Heading(level=3, text=words("pack.missing"))
            several = len(chosen) > 1
            texts = [(one.standing.id, text) for one in chosen for text in missing(one, words)]
            yield Bullets(lines=tuple(say(f"{id_}: {text}" if several else text) for id_, text in texts))


def _questions(chosen: list[Answered], words: Say) -> Table:
    """Computed and signed side by side."""
    head = tuple(words(f"pack.{key}") for key in ("question", "computed", "signed", "certainty", "lapses"))
    rows = []
    for one in chosen:
        q = one.standing
        signed = words.code("status", q.signed.status) if q.signed else words("pack.not_signed")
        if q.signed and q.signed.expired_on:
            signed += f" ({words('q.signed_expired', day=words.day(q.signed.expired_on))})"
        asked = (Text(text=f"{q.id} ", bold=True), Text(text=words.pick(q.wording, q.wording_nl)))
        cells: tuple[Line, ...] = (
            asked, say(words.code("status", q.effective), bold=True), say(signed),
            say(words.code("certainty", q.certainty)), say(words.day(q.falls_on) or "–"),
        )  # fmt: skip
        rows.append(cells)
    return Table(head=head, rows=tuple(rows), widths=(44, 15, 15, 12, 14))


def _clocks(halves: tuple[HalfStanding, ...], words: Say) -> Table:
    head = tuple(words(f"pack.{key}") for key in ("half", "first_day", "last_day", "left", "sure"))
    rows = tuple(
        (
            say(words.code("half", half.half), bold=True),
            say(words.day(half.first_day) or "–"),
            say(_last_day(half, words)),
            say(left(half, words)),
            say(words.code("confidence", half.confidence)),
        )
        for half in halves
    )
    return Table(head=head, rows=rows, widths=(18, 20, 26, 20, 16))


def _last_day(half: HalfStanding, words: Say) -> str:
    if half.ends_on is None:
        return "–"
    return words.day(half.ends_on) + (f" ({words('mor.is_planned')})" if half.provisional else "")


def left(half: HalfStanding, words: Say) -> str:
    """The days that a clock has left, in words."""
    if half.state == "end not seen" or (half.days_left is None and half.state != "running"):
        return words.code("phase", half.state)
    return words("mor.no_end") if half.days_left is None else words.left(half.days_left)


def _moratorium(found: Contents, words: Say) -> Iterator[Block]:
    """What the register knew of it by the day."""
    if found.entry is None:
        return
    declared = found.entry.declared
    yield Heading(level=2, text=words("pack.moratorium"))
    yield Para(line=named(words("pack.gap"), line(declared.wording_of_gap) or words("mor.not_seen")))
    lines = [say(line(words.pick(declared.group, declared.group_nl)))]
    for scope in declared.scope:
        services = ", ".join(words.code("service", each) for each in scope.services)
        name = group_title(found, words, scope.group) + (f" ({services})" if services else "")
        side = words("pack.covers" if scope.side == "in" else "pack.covers_not")
        lines.append((Text(text=f"{side}: {name}. ", bold=True), Text(text=f"{scope.reason} ({scope.passage})")))
    if declared.exclusions:
        lines.append(named(words("pack.covers_not"), "; ".join(map(line, declared.exclusions))))
    yield Bullets(lines=tuple(lines))
    rows = tuple(
        (
            say(_event_day(row["on_day"], row["day_precision"], words)),
            say(_event(row["kind"], row["half"], row["last_day"], words)),
            say(line(row["reference"]) or line(row["url"]) or "–"),
            say(words.code("confidence", row["confidence"])),
        )
        for row in found.entry.events
    )
    if rows:
        yield Heading(level=3, text=words("pack.events"))
        head = tuple(words(f"pack.{key}") for key in ("day", "what", "reference", "sure"))
        yield Table(head=head, rows=rows, widths=(20, 26, 38, 16), small=True)


def _event(kind: str, half: str | None, last_day: str | None, words: Say) -> str:
    said = words.code("event", kind)
    said += f", {words.code('half', half)}" if half else ""
    return f"{said}: {words('pack.until', day=words.day(last_day))}" if last_day else said


def _event_day(day: str, precision: str, words: Say) -> str:
    """The day of an event as far as it is known: the month only, or a day by which it had happened."""
    shown = words.day(day, "month" if precision == "month" else "day")
    return f"{words('mor.by')} {shown}" if precision == "by" else shown
