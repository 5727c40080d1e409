"""Machine translations on pages: shown below the original with their mark, and what a form says was read."""

from __future__ import annotations

from collections.abc import Iterable, Mapping

from review.plugin.look import Refused
from review.plugin.page import Page
from store import translations
from store.clock import END_OF_TIME
from store.translations import MACHINE, ORIGINAL, Translation

CHOICES = (MACHINE, ORIGINAL)  # the first is what a form says unless its reader changes it: the careful one


async def of_passages(page: Page, passages: Iterable[int]) -> Mapping[int, Translation]:
    """The translation to show of each passage that has one; as held on a day, of those made by the end of it."""
    wanted = list(passages)
    if not wanted:
        return {}
    until = f"{page.look.until}T23:59:59Z" if page.look.basis == "held" else END_OF_TIME
    found = await page.read(lambda conn: translations.of_passages(conn, wanted, until=until))
    best = ((passage, translations.best(known, page.words.language)) for passage, known in found.items())
    return {passage: one for passage, one in best if one}


async def read_in(page: Page, fields: dict[str, str], passage_id: int) -> str:
    """What a decision on a passage says was read: '' where nothing but the original is held, else machine or original.

    Machine translation where the form does not say. Refused (400) for anything else.
    """
    answer = said(fields)
    held = await page.read(lambda conn: translations.of_passages(conn, [passage_id]))
    return (answer or MACHINE) if held.get(passage_id) else ""


def said(fields: dict[str, str]) -> str:
    """What was sent as read: original, machine or ''. Refused (400) for anything else."""
    value = fields.get("read_in", "").strip()
    if value not in ("", *CHOICES):
        raise Refused(400, "wrong.choice", name="read_in", value=value[:40], choices=", ".join(CHOICES))
    return value
