"""Comments on a passage, a document or a question: the page that lists them, and the form that adds one."""

from __future__ import annotations

import asyncio
import secrets
import sqlite3
from hashlib import sha256
from typing import TYPE_CHECKING

from datasette.utils.asgi import Request, Response

from review.plugin import access
from review.plugin.decisions import fields_of, say_where_it_stands
from review.plugin.look import Refused
from review.plugin.page import Page, database, home_of, open_page
from review.plugin.safety import whole
from store import comments as kept
from store.clock import utc_now
from store.comments import ABOUT, LONGEST, Comment
from store.db import connect_readonly, writing
from store.home import Home

if TYPE_CHECKING:
    from datasette.app import Datasette  # its import loads this plugin

_THING = {
    "passage": "select id, text as title, language, '/passages/' || id as path from passages where id = ?",
    "document": "select id, title, language, '/documents/' || id as path from documents where id = ?",
    "question": """select id, wording as title, wording_nl as title_nl, 'en' as language, '/questions/' || id as path
                   from site_questions where lower(id) = lower(?)""",
}


async def show(datasette: Datasette, request: Request) -> Response:
    """GET /comments?passage= (or document=, question=): what was written, and the form."""
    page = open_page(datasette, request)
    about = next((name for name in ABOUT if request.args.get(name)), "")
    thing = await _thing(page, about, request.args.get(about) or "")
    restricted = access.may_decide(request.actor)
    found = await page.read(lambda conn: kept.comments(conn, about, thing["id"], restricted=restricted))
    if restricted and any(one.restricted for one in found):
        found = await asyncio.to_thread(_with_words, home_of(datasette), found)
    return await page.html(
        "coi_comments.html", about=about, thing=thing, found=found, once=secrets.token_hex(12), longest=LONGEST
    )


async def add(datasette: Datasette, request: Request) -> Response:
    """POST /comments: about, id, text, restricted=1, once."""
    page = open_page(datasette, request)
    fields, actor = await fields_of(page)
    about, text = fields.get("about", ""), fields.get("text", "").strip()
    thing = await _thing(page, about, fields.get("id", ""))
    if not text.strip("\0"):
        raise Refused(400, "wrong.comment")
    if len(text) > LONGEST:
        raise Refused(400, "wrong.long", n=len(text), most=LONGEST)
    comment = Comment(
        about=about, about_id=thing["id"], text=text, restricted=fields.get("restricted") == "1",
        once=_once(fields, thing["id"], text), actor=actor, written_at=utc_now(),
    )  # fmt: skip

    def write(conn: sqlite3.Connection) -> None:
        with writing(conn):
            kept.add(conn, comment)

    await database(datasette).execute_write_fn(write)
    if about == "passage":
        await say_where_it_stands(page, int(thing["id"]))
    back = f"/comments{page.look.query(as_of=None, basis=None, reading=None, **{about: thing['id']})}"
    return Response("", status=303, headers={"location": back})


def _once(fields: dict[str, str], about_id: object, text: str) -> str:
    """What a form sent twice has in common: its own secret and what it says. Who goes back and writes something else
    sends another comment. Nobody else knows the secret, so that the words cannot be guessed from this.
    """
    drawn = fields.get("once", "") or secrets.token_hex(12)
    said = (drawn, fields.get("about", ""), about_id, fields.get("restricted", ""), text)
    return sha256("\n".join(map(str, said)).encode()).hexdigest()[:40]


async def count(page: Page, about: str, about_id: object) -> int:
    """How many comments a document or a question has that this visitor may read."""
    row = await page.row(
        f"select count(*) from comments where {about}_id = ? and (restricted = 0 or ?)",  # noqa: S608 - ours
        [about_id, int(access.may_decide(page.request.actor))],
    )
    return int(row[0]) if row else 0


async def in_document(page: Page, document_id: int) -> dict[int, int]:
    """The same of each passage of a document that has any."""
    rows = await page.rows(
        """select c.passage_id, count(*) as n from passages p join comments c on c.passage_id = p.id
           where p.document_id = ? and (c.restricted = 0 or ?) group by c.passage_id""",
        [document_id, int(access.may_decide(page.request.actor))],
    )
    return {row["passage_id"]: row["n"] for row in rows}


async def _thing(page: Page, about: str, asked: str) -> sqlite3.Row:
    """What is commented on. Refused: 400 where nothing is named, 404 where it does not exist."""
    if about not in ABOUT:
        raise Refused(400, "wrong.choice", name="about", value=about[:40], choices=", ".join(ABOUT))
    key: object = asked.strip() if about == "question" else whole(asked.strip())
    row = await page.row(_THING[about], [key]) if key is not None else None
    if row is None:
        raise Refused(404, f"missing.{about}", id=asked[:40])
    return row


def _with_words(home: Home, found: list[Comment]) -> list[Comment]:
    """With the words of restricted comments, over a connection of our own: the site's may not read them."""
    conn = connect_readonly(home)
    try:
        return kept.unsealed(conn, found)
    finally:
        conn.close()
