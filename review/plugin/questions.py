"""The page of one question: wording, three tests, reasoning, and the evidence for and against by origin."""

from __future__ import annotations

import json
import sqlite3
from collections.abc import Mapping
from functools import partial
from typing import TYPE_CHECKING

from datasette.utils.asgi import Request, Response

from review.plugin import answers_chart, comments, resolutions, signoff_box
from review.plugin.look import Refused
from review.plugin.page import Page, open_page
from review.plugin.reasons import reasons
from review.plugin.searched import of_question
from review.plugin.sides import weigh
from review.plugin.timeline import SHAPES, draw, stance
from review.plugin.translated import of_passages
from review.standing import GroupStanding, QuestionStanding, Standing

if TYPE_CHECKING:
    from datasette.app import Datasette  # its import loads this plugin


async def question(datasette: Datasette, request: Request) -> Response:
    """One question of one country on the visitor's day."""
    page = open_page(datasette, request)
    return await show(page, await _asked(page, request.url_vars["question_id"]))


async def show(
    page: Page, asked: sqlite3.Row, *, typed: Mapping[str, str] | None = None, wrong: str = "", status: int = 200
) -> Response:
    """The page of a question; with what was typed into its sign-off form and why that was refused, if it was."""
    country = (page.request.args.get("country") or asked["country"] or "").upper()
    standing = await page.standing(country)
    found = _find(standing, asked["id"], country)
    if found is None and asked["group_id"] and country != asked["country"]:
        raise Refused(404, "missing.question_country", id=asked["id"], country=country)
    group, standing_of = (found[0], await page.whole(found[1])) if found else (None, None)
    searches, searchable = await of_question(page, asked)
    dissents, known = await resolutions.of_question(page, asked) if found else ((), [])
    signoff = await signoff_box.of_question(page, asked, country, typed, wrong) if found else None
    deciding = [m for m in standing.moratoria if asked["id"] in m.deciding and m.country == country]
    word = partial(page.words.code, "answer")
    return await page.html(
        "coi_question.html",
        status,
        standing=standing,
        asked=asked,
        scale=json.loads(asked["scale"]),
        elements=asked["element"].split(),
        country=country,
        group=group,
        q=standing_of,
        sides=weigh(standing_of) if standing_of else None,
        said=reasons(standing_of, await _titles(page), page.words) if standing_of else None,
        first_known=await page.first_known(),
        timeline=draw(standing_of, page.look.as_of, word, deciding) if standing_of else None,
        over=answers_chart.draw(standing_of, page.look.as_of) if standing_of else None,
        shapes=SHAPES,
        stance=stance,
        deciding=deciding,
        last=await _last_decisions(page, standing_of),
        translations=await of_passages(page, [i.passage_id for i in standing_of.evidence] if standing_of else []),
        searches=searches,
        comments=await comments.count(page, "question", asked["id"]),
        searchable=searchable,
        dissents=dissents,
        resolutions=known,
        resolution_kinds=resolutions.CHOICES,
        signoff=signoff,
        signer=signoff_box.visitor(page),
    )


async def _asked(page: Page, question_id: str) -> sqlite3.Row:
    row = await page.row("select * from site_questions where lower(id) = lower(?)", [question_id])
    if row is None:
        raise Refused(404, "missing.question", id=question_id)
    return row


def _find(standing: Standing, question_id: str, country: str) -> tuple[GroupStanding, QuestionStanding] | None:
    for group in standing.groups:
        for found in group.questions:
            if found.id == question_id and found.country == country:
                return group, found
    return None


async def _titles(page: Page) -> dict[str, tuple[str, str]]:
    """Each source's title and shape, by its id."""
    return {row["id"]: (row["title"], row["shape"]) for row in await page.rows("select id, title, shape from sources")}


async def _last_decisions(page: Page, of: QuestionStanding | None) -> dict[int, int]:
    """The newest decision on each item shown, so that a stale form can be told from a fresh one."""
    if of is None or not of.evidence:
        return {}
    marks = ", ".join("?" for _ in of.evidence)
    rows = await page.rows(
        f"select evidence_id, id from last_evidence_decisions where evidence_id in ({marks})",  # noqa: S608 - ours
        [item.evidence_id for item in of.evidence],
    )
    return {row["evidence_id"]: row["id"] for row in rows}
