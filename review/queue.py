"""What to read next: predicted relevance x whether the question is one origin short, with a random sample mixed in.

Every tenth passage comes from an order that nothing but the texts decides (`relevance.draw`): the first unread of it is
a random one of all unread. Each such draw tells how many relevant ones were unread at that moment; from them all,
`review.stopping` estimates what is left.
"""

import json
import sqlite3
from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass
from datetime import date
from heapq import heappop, heappush
from itertools import count

from review.method.codes import answer_nl
from review.method.words import Said
from review.relevance import PREDICTED
from review.relevance_model import RULES_MODEL
from review.relevance_pairs import label
from review.stopping import Settled, Stopping, how_far

EVERY = 10  # one item in so many is random
ONE_SHORT, NOT_ENOUGH, ENOUGH = 1.0, 0.5, 0.1
PUT_OFF = 0.1  # what somebody put off comes at the end
TOO_OLD = 0.3  # published before the first day that still counts: it is background today


@dataclass(frozen=True, slots=True, kw_only=True)
class Open:
    """A question with its place in the queue: how much one more passage could change its status."""

    id: str
    version: int
    country: str
    group: str
    wording: str
    wording_nl: str
    scale: tuple[str, ...]
    priority: int
    weight: float
    why: Said
    counts_from: str  # what was published earlier can hold no facts in time (window and watershed, method §2)


@dataclass(frozen=True, slots=True, kw_only=True)
class QueueItem:
    """One passage to read for one question, and why it comes now."""

    passage_id: int
    question: Open
    score: float
    priority: float
    draw: float
    audit: bool
    why: tuple[Said, ...]


def open_questions(
    conn: sqlite3.Connection,
    *,
    today: date,
    country: str | None = None,
    group: str | None = None,
    question: str | None = None,
) -> list[Open]:
    """Decisive questions that there is something to read for, in the order of their declaration."""
    rows = conn.execute(
        """select q.id, q.version, q.country, q.group_id, q.wording, q.wording_nl, q.scale, q.priority,
             c.status, c.origins, json_extract(c.outcome, '$.one_origin_short') as one_origin_short,
             (select max(w.on_day) from watersheds w join watershed_questions wq on wq.watershed_id = w.id
              where wq.question_id = q.id and w.announced = 0 and w.on_day <= :today) as watershed,
             date(:today, '-' || q.window_days || ' days') as window
           from current_questions q
           left join current_verdicts c on c.question_id = q.id and c.reading = 'provisional'
             and c.country = q.country
           where q.decisive = 1 and q.group_id is not null order by q.rowid""",
        {"today": today.isoformat()},
    )
    return [
        _open(row)
        for row in rows
        if country in (None, row["country"]) and group in (None, row["group_id"]) and question in (None, row["id"])
    ]


def _open(row: sqlite3.Row) -> Open:
    short = row["one_origin_short"] or (row["status"] != "sufficient" and row["origins"] in (1, 2))
    if short:
        weight, why = ONE_SHORT, Said(en="the question is one origin short", nl="de vraag komt één oorsprong tekort")
    elif row["status"] == "sufficient":
        weight, why = ENOUGH, Said(en="the question has enough", nl="de vraag heeft genoeg")
    else:
        weight, why = (
            NOT_ENOUGH,
            Said(en="the question lacks more than one origin", nl="de vraag mist meer oorsprongen"),
        )
    return Open(
        id=row["id"],
        version=row["version"],
        country=row["country"],
        group=row["group_id"],
        wording=row["wording"],
        wording_nl=row["wording_nl"],
        scale=tuple(json.loads(row["scale"])),
        priority=row["priority"],
        weight=weight,
        why=why,
        counts_from=max(row["window"], row["watershed"] or ""),
    )


def queue(
    conn: sqlite3.Connection, questions: Sequence[Open], *, actor: str = "", limit: int = 20, offset: int = 0
) -> list[QueueItem]:
    """The next passages to read. `actor`: who reads; what they were unsure of is left to others.

    The most relevant first, weighed by the question; each tenth, counted over what was read before, is random.
    """
    said = _answers(conn, questions)
    out = _rejected(conn)
    read = sum(_settled(acts, actor) for answers in said.values() for acts in answers.values())
    wanted = offset + limit
    ranked = _ranked(conn, questions, said, out, actor, wanted)
    drawn: dict[str, Iterator[QueueItem]] = {}
    found: list[QueueItem] = []
    taken: set[tuple[int, str]] = set()
    for item in ranked:
        if len(found) >= wanted:
            break
        if (item.passage_id, item.question.id) in taken:
            continue
        if (read + len(found)) % EVERY == EVERY - 1:
            asked = item.question
            if asked.id not in drawn:
                drawn[asked.id] = _drawn(conn, asked, said[asked.id], out, actor, wanted)
            audit = next((one for one in drawn[asked.id] if (one.passage_id, one.question.id) not in taken), None)
            if audit:
                found.append(audit)
                taken.add((audit.passage_id, audit.question.id))
                if audit.passage_id == item.passage_id:
                    continue
        found.append(item)
        taken.add((item.passage_id, item.question.id))
    return found[offset:wanted]


Acts = list[sqlite3.Row]
Rejected = dict[tuple[str, str], set[int]]
Place = tuple[float, int, str, float]  # the lower, the earlier: priority, the question's own, its id, the draw


def _answers(conn: sqlite3.Connection, questions: Sequence[Open]) -> dict[str, dict[int, Acts]]:
    """What people said of each passage, by question, in the order they said it."""
    found: dict[str, dict[int, Acts]] = {one.id: {} for one in questions}
    countries = {one.id: one.country for one in questions}
    if len(questions) == 1:  # an index finds it; for many, one look at everything that was said takes less
        of, bound = "where question_id = ? and country = ?", [questions[0].id, questions[0].country]
    else:
        of, bound = "", []
    for row in conn.execute(f"select * from answered {of} order by decided_at, decision_id", bound):  # noqa: S608 - ours
        if countries.get(row["question_id"]) == row["country"]:
            found[row["question_id"]].setdefault(row["passage_id"], []).append(row)
    return found


def _settled(acts: Acts, actor: str) -> bool:
    """Whether a passage need not be read again (by this person)."""
    return any(
        act["decision"] in ("accept", "reject") or (act["decision"] == "unsure" and act["actor"] == actor)
        for act in acts
    )


def _ranked(
    conn: sqlite3.Connection, questions: Sequence[Open], said: Mapping[str, dict[int, Acts]], out: Rejected,
    actor: str, wanted: int,
) -> Iterator[QueueItem]:  # fmt: skip
    """Unread passages, the first to read first. A question is looked at only when its best could be the next."""
    found: list[tuple[Place, int, Open, sqlite3.Row]] = []
    number = count()  # of the same place in the order in which the database gave them
    coming = sorted(_firsts(conn, questions), key=lambda each: each[0], reverse=True)
    while coming or found:
        while coming and (not found or coming[-1][0] <= found[0][0]):
            one = coming.pop()[1]
            mine = said[one.id]
            put_off = sum(any(act["decision"] == "later" for act in acts) for acts in mine.values())
            order = f"score * case when public_on < :counts_from then {TOO_OLD} else 1 end desc, draw"
            for row in _rows(conn, one, mine, out, actor, order, wanted + EVERY + put_off):
                heappush(found, (_place(one, row, mine), next(number), one, row))
        if found:
            _, _, one, row = heappop(found)
            yield _item(conn, one, row, said[one.id].get(row["passage_id"], []))


def _firsts(conn: sqlite3.Connection, questions: Sequence[Open]) -> Iterator[tuple[Place, Open]]:
    """Of each question with passages a place that none of them comes before."""
    rows = conn.execute(
        """select (select max(r.score) from relevance r
                   where r.question_id = json_extract(x.value, '$[0]') and r.country = json_extract(x.value, '$[1]'))
           from json_each(?) x order by x.key""",
        [json.dumps([(one.id, one.country) for one in questions])],
    )
    for one, (score,) in zip(questions, rows, strict=True):
        if score is not None:
            yield (-score * one.weight, -one.priority, one.id, 0.0), one


def _place(one: Open, row: sqlite3.Row, said: Mapping[int, Acts]) -> Place:
    return -_priority(one, row, said.get(row["passage_id"], [])), -one.priority, one.id, row["draw"]


def _priority(one: Open, row: sqlite3.Row, acts: Acts) -> float:
    put_off = any(act["decision"] == "later" for act in acts)
    old = row["public_on"] < one.counts_from
    return float(row["score"] * one.weight * (PUT_OFF if put_off else 1.0) * (TOO_OLD if old else 1.0))


def _drawn(
    conn: sqlite3.Connection, one: Open, said: dict[int, Acts], out: Rejected, actor: str, wanted: int
) -> Iterator[QueueItem]:
    for row in _rows(conn, one, said, out, actor, "draw", wanted + EVERY):
        yield _item(conn, one, row, said.get(row["passage_id"], []), audit=True)


def _rejected(conn: sqlite3.Connection) -> Rejected:
    """Of each group and country the passages that a person said are not about it."""
    found: Rejected = {}
    for row in conn.execute("select kind, value, passage_id from last_tag_decisions where decision = 'reject'"):
        found.setdefault((row["kind"], row["value"]), set()).add(row["passage_id"])
    return found


def _rows(
    conn: sqlite3.Connection, one: Open, said: dict[int, Acts], out: Rejected, actor: str, order: str, most: int
) -> list[sqlite3.Row]:
    """Unread pairs of a question in an order; not those whose group or country a person rejected since."""
    rejected = out.get(("group", one.group), set()) | out.get(("country", one.country), set())
    found: list[sqlite3.Row] = []
    rows = conn.execute(
        f"""select * from relevance where question_id = :question and country = :country
            order by {order} limit :most""",  # noqa: S608 - the orders are ours
        {
            "question": one.id,
            "country": one.country,
            "counts_from": one.counts_from,
            "most": most + len(said) + len(rejected),  # however many of the first are read or rejected
        },
    )
    for row in rows:
        if row["passage_id"] in rejected or _settled(said.get(row["passage_id"], []), actor):
            continue
        found.append(row)
        if len(found) >= most:
            break
    return found


def _item(conn: sqlite3.Connection, one: Open, row: sqlite3.Row, acts: Acts, *, audit: bool = False) -> QueueItem:
    put_off = next((act for act in reversed(acts) if act["decision"] == "later"), None)
    why = [one.why]
    if audit:
        why = [
            Said(
                en="random sample: it shows how much the ranking overlooks, so read it whatever you expect",
                nl="willekeurige steekproef: zij toont hoeveel de rangschikking mist; lees haar wat u ook verwacht",
            )
        ]
    why.append(_how(row))
    proposed = conn.execute(
        """select answer from current_evidence where passage_id = ? and question_id = ? and country = ?
             and decision <> 'reject' order by id desc limit 1""",
        [row["passage_id"], one.id, one.country],
    ).fetchone()
    if proposed:
        answer = proposed["answer"]
        why.append(
            Said(en=f"the rules propose the answer '{answer}'", nl=f"de regels stellen '{answer_nl(answer)}' voor")
        )
    old = row["public_on"] < one.counts_from
    if old and _tells_apart(conn, one):
        why.append(
            Said(
                en=f"published before {one.counts_from}, so it is background today",
                nl=f"verschenen vóór {one.counts_from}, dus vandaag achtergrond",
            )
        )
    if put_off:
        name = put_off["actor"]
        why.append(Said(en=f"{name} put it off till later", nl=f"{name} stelde het uit tot later"))
    return QueueItem(
        passage_id=row["passage_id"],
        question=one,
        score=row["score"],
        priority=_priority(one, row, acts),
        draw=row["draw"],
        audit=audit,
        why=tuple(why),
    )


def _tells_apart(conn: sqlite3.Connection, one: Open) -> bool:
    """Whether anything on this question is recent; where nothing is, every passage is background and none is said."""
    return (
        conn.execute(
            "select 1 from relevance where question_id = ? and country = ? and public_on >= ? limit 1",
            [one.id, one.country, one.counts_from],
        ).fetchone()
        is not None
    )


def _how(row: sqlite3.Row) -> Said:
    """The prediction in words, with where it comes from."""
    en = "predicted relevant" if row["score"] >= PREDICTED else "not predicted relevant"
    nl = "waarschijnlijk relevant" if row["score"] >= PREDICTED else "waarschijnlijk niet relevant"
    if row["model"] == RULES_MODEL:
        return Said(en=f"{en} by the rules ({row['score']:.2f})", nl=f"{nl} volgens de regels ({row['score']:.2f})")
    count = row["model"].split()[2]
    return Said(
        en=f"{en} ({row['score']:.2f}, learnt from {count} decisions)",
        nl=f"{nl} ({row['score']:.2f}, geleerd van {count} beslissingen)",
    )


def stopping(conn: sqlite3.Connection, one: Open) -> Stopping:
    """How far the reading for a question has come, and what is estimated to be left."""
    settled = []
    for passage, acts in _answers(conn, [one])[one.id].items():
        said = [
            (act["decided_at"], truth)
            for act in acts
            if (truth := label(act["decision"], act["reason_code"])) is not None
        ]
        if said:
            settled.append(Settled(passage_id=passage, at=said[0][0], relevant=max(truth for _, truth in said) == 1))
    rows = conn.execute(
        "select passage_id, draw, held_at from relevance where question_id = ? and country = ?", [one.id, one.country]
    )
    return how_far(one.id, [(row["draw"], row["passage_id"], row["held_at"]) for row in rows], settled)
