"""What a pack rests on: all questions, what was missed, sources, captures, method and thresholds, how to check it."""

from collections.abc import Iterator

from review.cite.clean import line
from review.method.thresholds import RULES, method_rows
from review.pack.blocks import Block, Bullets, Heading, Line, Para, Table, Text, say
from review.pack.files import CAPTURES, DATA, PAPER, TABLE
from review.pack.gather import Contents
from review.pack.say import Say

METHOD = ("origins", "current", "unambiguous", "reliable", "gates", "status", "readings")


def annex(found: Contents, words: Say, *, captures: bool) -> Iterator[Block]:
    """The blocks after the questions."""
    if not found.wanted.scope.question:
        yield from _every_question(found, words)
    yield from _missed(found, words)
    yield from _sources(found, words)
    yield from _captures(found, words, captures=captures)
    yield from _method(words)
    yield Heading(level=2, text=words("pack.check"))
    files = words("pack.check_files", paper=PAPER, data=DATA, csv=TABLE, captures=CAPTURES)
    yield Bullets(lines=(say(files), say(words("pack.check_by_hand")), say(words("pack.check_notes"))))


def _every_question(found: Contents, words: Say) -> Iterator[Block]:
    if not found.groups:
        return
    yield Heading(level=2, text=words("pack.others_title"))
    yield Para(line=say(words("pack.others_more")), style="small")
    yield Para(line=say(f"{words('two.first')} {words('two.second')}"), style="two")
    head = tuple(words(f"pack.{key}") for key in ("question", "computed", "signed", "origins"))
    for group in found.groups:
        rows: list[tuple[Line, ...]] = []
        for q in group.questions:
            informs = "" if q.decisive else f" ({words('pack.informs')})"
            asked = (Text(text=f"{q.id} ", bold=True), Text(text=words.pick(q.wording, q.wording_nl) + informs))
            signed = words.code("status", q.signed.status) if q.signed else "–"
            rows.append((asked, say(words.code("status", q.effective)), say(signed), say(str(q.origins))))
        title = words.pick(group.title, group.title_nl)
        yield Heading(level=3, text=f"{words.country(group.country)}, {title}: {words.code('status', group.status)}")
        yield Table(head=head, rows=tuple(rows), widths=(54, 16, 16, 14), small=True)


def _missed(found: Contents, words: Say) -> Iterator[Block]:
    yield Heading(level=2, text=words("pack.missed"))
    if not found.missed:
        yield Para(line=say(words("pack.missed_none")))
    else:
        yield Para(line=say(words("pack.missed_more")), style="small")
        head = tuple(words(f"pack.{key}") for key in ("document", "source", "public", "held"))
        rows = tuple(
            tuple(map(say, (line(one.title or one.url), source.title, *map(words.day, (one.public_on, one.held_on)))))
            for source in found.missed
            for one in source.documents
        )  # fmt: skip
        yield Table(head=head, rows=rows, widths=(40, 26, 17, 17), small=True)
    if found.missed_others:
        yield Para(line=say(words("pack.missed_others", n=words.number(found.missed_others))), style="small")


def _sources(found: Contents, words: Say) -> Iterator[Block]:
    cited = sorted({item.source_id for one in found.full for item in one.standing.evidence})
    if not cited:
        return
    yield Heading(level=2, text=words("pack.sources"))
    lowest = RULES.lowest_voting_grade.value
    yield Para(line=say(words("pack.sources_more", lowest=lowest)), style="small")
    head = tuple(words(f"pack.{key}") for key in ("source", "type", "grade", "why"))
    rows = []
    for id_ in cited:
        row = found.sources[id_]
        why = line(row["grade_reason"])
        if row["interests"]:
            why = f"{why.rstrip('.')}. {words('pack.interests', interests=line(row['interests']))}"
        rows.append((say(row["title"]), say(words.code("type", row["type"])), say(row["grade"], bold=True), say(why)))
    yield Table(head=head, rows=tuple(rows), widths=(28, 18, 8, 46), small=True)


def _captures(found: Contents, words: Say, *, captures: bool) -> Iterator[Block]:
    yield Heading(level=2, text=words("pack.captures"))
    by_id = {ref.capture_id: ref for ref in found.references.values() if ref.capture_id}
    if not by_id:
        yield Para(line=say(words("pack.captures_none")))
        return
    yield Para(line=say(words("pack.captures_more" if captures else "pack.captures_out")), style="small")
    rows = tuple(
        (
            say(str(id_)),
            say(words.moment(ref.fetched_at)),
            (Text(text=f"{line(ref.capture_url or '')} "), Text(text=ref.sha256 or "", code=True)),
        )
        for id_, ref in sorted(by_id.items())
    )
    head = ("#", words("pack.captured"), words("pack.address"))
    yield Table(head=head, rows=rows, widths=(7, 23, 70), small=True)


def _method(words: Say) -> Iterator[Block]:
    """The rules in words, as on the page /method, and every threshold with its reason."""
    yield Heading(level=2, text=words("pack.method"))
    yield Para(line=say(words("how.guard"), bold=True))
    for part in METHOD:
        yield Heading(level=3, text=words(f"how.{part}"))
        yield Para(line=say(words(f"how.{part}_more")))
    yield Heading(level=3, text=words("pack.thresholds", version=RULES.rules_version))
    yield Para(line=say(words("how.thresholds_more")), style="small")
    rows = tuple((say(id_, code=True), say(value), say(reason)) for id_, value, reason in method_rows(words.language))
    head = tuple(words(f"pack.{key}") for key in ("name", "value", "reason"))
    yield Table(head=head, rows=rows, widths=(32, 8, 60), small=True)
