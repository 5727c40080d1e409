"""The page of the queue: one passage at a time beside its question, why it comes now, and how much is left."""

from __future__ import annotations

import json
import sqlite3
from dataclasses import dataclass
from typing import TYPE_CHECKING
from urllib.parse import urlencode

from datasette.utils.asgi import Request, Response

from review.declared_parts import OFF_SCALE
from review.plugin import access
from review.plugin.documents import shown
from review.plugin.look import Refused, today
from review.plugin.marks import Piece
from review.plugin.page import Page, open_page
from review.plugin.safety import whole
from review.plugin.words import Words
from review.queue import QueueItem, open_questions, queue, stopping
from review.stopping import Stopping
from store.translations import Translation, best, of_passages

if TYPE_CHECKING:
    from datasette.app import Datasette  # its import loads this plugin

CARRIED_SHOWN = 50
AROUND = 400  # characters of the passage before and after


@dataclass(frozen=True, slots=True, kw_only=True)
class Reading:
    """What the page of one item needs: the passage with its document, what is proposed, and the newest decisions."""

    item: QueueItem
    passage: sqlite3.Row
    pieces: tuple[Piece, ...]
    evidence: tuple[sqlite3.Row, ...]
    last_relevance: int
    stopping: Stopping
    before: str  # the end of the passage before it in its document; '' at the start
    after: str
    examples_in: tuple[str, ...]
    examples_out: tuple[str, ...]
    translation: Translation | None


async def show(datasette: Datasette, request: Request) -> Response:
    """GET /queue: ?group= &question= &country= narrow it, ?n= skips so many."""
    page = open_page(datasette, request)
    group, question, country = ((request.args.get(name) or "").strip() for name in ("group", "question", "country"))
    skip = whole(request.args.get("n") or "0")
    if skip is None:
        raise Refused(400, "wrong.choice", name="n", value=(request.args.get("n") or "")[:20], choices="0, 1, 2 …")
    if group and await page.row("select 1 from target_groups where id = ?", [group]) is None:
        raise Refused(404, "missing.group", id=group[:40])
    if question and await page.row("select 1 from site_questions where id = ?", [question]) is None:
        raise Refused(404, "missing.question", id=question[:40])
    actor = access.name_of(request.actor) if request.actor else ""

    def read(conn: sqlite3.Connection) -> Reading | None:
        asked = open_questions(
            conn, today=today(), country=country.upper() or None, group=group or None, question=question or None
        )
        found = queue(conn, asked, actor=actor, limit=1, offset=skip)
        return _reading(conn, found[0], page.words) if found else None

    reading = await page.read(read)
    here = {"group": group, "question": question, "country": country}
    return await page.html(
        "coi_queue.html",
        reading=reading,
        now=await page.question(reading.item.question.country, reading.item.question.id, "reviewed")
        if reading
        else None,
        skip=skip,
        scope=here,
        back=_address(page, here, skip),
        onward=_address(page, here, skip + 1),
        backward=_address(page, here, skip - 1) if skip else "",
        off_scale=sorted(OFF_SCALE),
        groups=await page.rows("select id, title, title_nl from target_groups order by title"),
        questions=await page.rows(
            "select id, wording, wording_nl, group_id from site_questions where group_id is not null"
        ),
        carried=await page.rows(
            """select c.*, p.document_id from carried_decisions c join passages p on p.id = c.passage_id
               order by c.decided_at desc, c.decision_id limit ?""",
            [CARRIED_SHOWN],
        ),
        latest=await _latest(page, actor),
    )


def _address(page: Page, scope: dict[str, str], skip: int) -> str:
    fields = {name: value for name, value in scope.items() if value} | ({"n": str(skip)} if skip else {})
    if page.look.language != "en":
        fields["lang"] = page.look.language
    return "/queue" + (f"?{urlencode(fields)}" if fields else "")


def _reading(conn: sqlite3.Connection, item: QueueItem, words: Words) -> Reading:
    one = item.question
    passage = conn.execute(
        """select p.id, p.text, p.language, p.document_id, d.title, s.publisher, s.type, s.grade, v.published_on,
                  v.published_precision
           from passages p join documents d on d.id = p.document_id join sources s on s.id = d.source_id
           join current_versions v on v.document_id = d.id where p.id = ?""",
        [item.passage_id],
    ).fetchone()
    evidence = conn.execute(
        """select e.*, coalesce(l.id, 0) as last_id from current_evidence e
           left join last_evidence_decisions l on l.evidence_id = e.id
           where e.passage_id = ? and e.question_id = ? and e.country = ? order by e.id""",
        [item.passage_id, one.id, one.country],
    ).fetchall()
    last = conn.execute(
        "select id from last_relevance_decisions where passage_id = ? and question_id = ? and country = ?",
        [item.passage_id, one.id, one.country],
    ).fetchone()
    inside = conn.execute(
        """select p.* from site_passages p join current_versions v on v.id = p.version_id
           where v.document_id = ? and p.passage_id = ? order by p.position limit 1""",
        [passage["document_id"], item.passage_id],
    ).fetchone()
    tags = conn.execute("select * from site_tags where passage_id = ?", [item.passage_id]).fetchall()
    declared = conn.execute(
        "select examples_in, examples_out from site_questions where id = ?",
        [one.id],
    ).fetchone()
    return Reading(
        item=item,
        passage=passage,
        pieces=shown(inside or passage, tags, evidence, words).pieces,
        evidence=tuple(evidence),
        last_relevance=last["id"] if last else 0,
        stopping=stopping(conn, one),
        before=_beside(conn, inside, -1)[-AROUND:],
        after=_beside(conn, inside, 1)[:AROUND],
        examples_in=tuple(json.loads(declared[0])),
        examples_out=tuple(json.loads(declared[1])),
        translation=best(of_passages(conn, [item.passage_id]).get(item.passage_id, ()), words.language),
    )


def _beside(conn: sqlite3.Connection, inside: sqlite3.Row | None, step: int) -> str:
    """The text of the passage before (-1) or after (1) one in the same version; '' where there is none."""
    if inside is None:
        return ""
    row = conn.execute(
        "select text from site_passages where version_id = ? and position = ?",
        [inside["version_id"], inside["position"] + step],
    ).fetchone()
    return str(row["text"]) if row else ""


async def _latest(page: Page, actor: str) -> sqlite3.Row | None:
    """What this person decided last and has not taken back, so that it can be undone from here.

    Undoing twice takes back the decision before: an undo of an undo would bring back what was just taken back.
    """
    if not actor:
        return None
    return await page.row(
        """select * from (
             select 'evidence' as about, d.id, d.decision, d.decided_at, e.passage_id, e.question_id,
                    e.id as evidence_id
             from last_evidence_decisions d join evidence e on e.id = d.evidence_id
             where d.actor = ?1 and d.undoes is null
             union all
             select 'relevance', id, decision, decided_at, passage_id, question_id, null
             from last_relevance_decisions where actor = ?1 and undoes is null)
           order by decided_at desc, id desc limit 1""",
        [actor],
    )
