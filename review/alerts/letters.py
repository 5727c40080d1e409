"""Messages: alerts shown to a person, as text and as HTML that read well in any mail program. Pure rendering.

A link by which a message is acknowledged holds a place in the kept letter (`%SEEN-12%`) and its signed token only when
it is sent: the database keeps no token.
"""

import re
import textwrap
from collections.abc import Callable, Iterator, Sequence
from dataclasses import dataclass
from functools import cache
from pathlib import Path

from jinja2 import Environment, FileSystemLoader, StrictUndefined

from review.alerts.say import Shown, Words
from review.method.words import STANDING

WIDTH = 76
PLACE = re.compile(r"%SEEN-(\d+)%")
SUBJECT = 180  # characters of a subject line


@dataclass(frozen=True, slots=True, kw_only=True)
class Part:
    """One alert of a letter. `note`: why it comes to this person (an escalation); `asks`: a link to acknowledge it."""

    alert_id: int
    shown: Shown
    asks: bool
    note: str = ""


@dataclass(frozen=True, slots=True, kw_only=True)
class Letter:
    """A message as it is kept: subject, text, HTML."""

    subject: str
    body: str
    html: str


def write(subject: str, lead: str, parts: Sequence[Part], *, language: str, site: str, key: str) -> Letter:
    """Write a letter of one or more alerts; `site` is the address that links begin with, `key` the letter's own."""
    words = Words(language)
    standing = STANDING[1 if words.language == "nl" else 0]
    subject = " ".join(subject.split())
    text = "\n".join(_text(lead, parts, words, site, standing, key)).rstrip() + "\n"
    html = _template().render(
        subject=subject, lead=lead, parts=parts, words=words, site=site, standing=standing, key=key,
        language=words.language, place=lambda alert_id: f"%SEEN-{alert_id}%", short=short_id,
    )  # fmt: skip
    return Letter(subject=subject if len(subject) <= SUBJECT else subject[: SUBJECT - 1] + "…", body=text, html=html)


def short_id(key: str) -> str:
    """The number of a letter as people see it; the whole stands in the Message-ID."""
    from hashlib import sha256

    return sha256(key.encode()).hexdigest()[:12]


def fill(text: str, link: Callable[[int], str]) -> str:
    """Put the acknowledging links into a kept letter."""
    return PLACE.sub(lambda found: link(int(found.group(1))), text)


def _text(lead: str, parts: Sequence[Part], words: Words, site: str, standing: str, key: str) -> Iterator[str]:
    if lead:
        yield from (*_wrapped(lead), "")
    for part in parts:
        yield from _part(part, words, site)
    yield "-" * 8
    yield from _wrapped(standing)
    yield from _wrapped(words("letter.sent", key=short_id(key)))


def _part(part: Part, words: Words, site: str) -> Iterator[str]:
    shown = part.shown
    yield from _wrapped(shown.title)
    yield "=" * min(WIDTH, len(shown.title))
    if part.note:
        yield from ("", *_wrapped(part.note))
    yield from ("", *_wrapped(shown.lead), "")
    yield from _wrapped(f"{words('part.before')}: {shown.before}")
    yield from _wrapped(f"{words('part.after')}: {shown.after}")
    for section in shown.sections:
        yield from ("", section.heading.upper())
        for line in section.lines:
            yield from _wrapped(line, "- ")
    if shown.passages:
        yield from ("", words("part.passages").upper())
        for number, cited in enumerate(shown.passages, 1):
            yield from _wrapped(f"“{cited.quote}”", f"{number}. ")
            yield from _wrapped(cited.citation, "   ")
            yield f"   {site}{cited.path}"
    if shown.paths:
        yield from ("", words("part.links").upper())
        yield from (f"{site}{path}" for path in shown.paths)
    if part.asks:
        yield from ("", f"{words('letter.acknowledge')}:", f"%SEEN-{part.alert_id}%", *_wrapped(words("letter.until")))
    yield from ("", words("letter.event", key=shown.key), "", "")


def _wrapped(text: str, first: str = "") -> list[str]:
    return textwrap.wrap(
        text, WIDTH, initial_indent=first, subsequent_indent=" " * len(first), break_long_words=False,
        break_on_hyphens=False,
    ) or [first.rstrip()]  # fmt: skip


@cache
def _template():  # type: ignore[no-untyped-def]  # noqa: ANN202  a jinja2 Template
    folder = FileSystemLoader(Path(__file__).parent)
    return Environment(loader=folder, autoescape=True, undefined=StrictUndefined, trim_blocks=True,
                       lstrip_blocks=True).get_template("letter.html")  # fmt: skip
