"""Rows that alerts are found in, and the alerts themselves. SQL only; the rules are in review.alerts."""

import json
import sqlite3
from collections.abc import Iterable, Iterator

OFFICIAL = ("official_country_report", "eu_agency")
PUBLISHER = "coalesce(nullif(d.publisher, ''), s.publisher)"


def marks(conn: sqlite3.Connection) -> dict[str, object]:
    """How far each finder has looked, by its name."""
    return {row["finder"]: json.loads(row["mark"]) for row in conn.execute("select finder, mark from alert_marks")}


def set_mark(conn: sqlite3.Connection, finder: str, mark: object, *, at: str) -> None:
    """Keep how far a finder has looked. Runs in the caller's transaction, with what was found."""
    conn.execute(
        """insert into alert_marks (finder, mark, at) values (?, ?, ?)
           on conflict (finder) do update set mark = excluded.mark, at = excluded.at""",
        [finder, json.dumps(mark), at],
    )


def newest_id(conn: sqlite3.Connection, table: str) -> int:
    """The newest id of a table; 0 where it is empty."""
    return int(conn.execute(f"select coalesce(max(id), 0) from {table}").fetchone()[0])


VERDICT = """
select v.id, v.country, v.group_id, v.question_id, v.reading, v.as_of, v.inputs_digest, v.effective, v.fragile,
  v.stale_on, v.falls_on, json_extract(v.outcome, '$.fragile_origin') as fragile_origin,
  json_extract(v.outcome, '$.contradictions') as contradictions,
  q.wording, q.wording_nl
from verdicts v left join current_questions q on q.id = v.question_id
where v.basis = 'held'
"""


def verdicts_after(conn: sqlite3.Connection, id_: int, *, last: str, day: str) -> Iterator[sqlite3.Row]:
    """Verdicts newer than an id, or of a day after `last`, by question and reading in the order of their days.

    Those of a day after `day` are left for when it comes: a clock ran ahead.
    """
    yield from conn.execute(
        VERDICT
        + """ and (v.id > ? or v.as_of > ?) and v.as_of <= ?
             order by v.country, v.question_id, v.reading, v.as_of, v.id""",
        [id_, last, day],
    ).fetchall()


def newest_verdict(
    conn: sqlite3.Connection, country: str, question: str, reading: str, *, day: str, until: int = 2**62
) -> sqlite3.Row | None:
    """The verdict of the newest day on one question, among those up to an id and a day; None where there is none."""
    found: sqlite3.Row | None = conn.execute(
        VERDICT
        + """ and v.country = ? and v.question_id = ? and v.reading = ? and v.id <= ?
             and v.as_of <= ? order by v.as_of desc, v.id desc limit 1""",
        [country, question, reading, until, day],
    ).fetchone()
    return found


def outcome_of(conn: sqlite3.Connection, verdict_id: int) -> str:
    """The stored outcome of a verdict, JSON."""
    return str(conn.execute("select outcome from verdicts where id = ?", [verdict_id]).fetchone()["outcome"])


def passages_of_evidence(conn: sqlite3.Connection, ids: Iterable[int]) -> dict[int, int]:
    """The passage of each piece of evidence."""
    rows = conn.execute(
        "select id, passage_id from evidence where id in (select value from json_each(?))", [json.dumps(list(ids))]
    )
    return {row["id"]: row["passage_id"] for row in rows}


def moratoria(conn: sqlite3.Connection) -> list[sqlite3.Row]:
    """Every moratorium with its deciding questions and the groups in its scope, JSON."""
    return conn.execute(
        """select m.id, m.title, m.title_nl, m.state, m.country, m.deciding, m.declaration, (
             select json_group_array(distinct s.group_id) from moratorium_scopes s
             where s.moratorium_id = m.id and s.side = 'in') as groups
           from moratoria m order by m.id"""
    ).fetchall()


def expiring_signoffs(conn: sqlite3.Connection) -> list[sqlite3.Row]:
    """Approved sign-offs that expire, the newest of each question, unless its proposal was withdrawn."""
    return conn.execute(
        """select s.id, p.expires_on, s.signed_at, v.country, v.question_id, v.group_id, q.wording, q.wording_nl
           from signoffs s join signoffs p on p.id = s.proposal_id join verdicts v on v.id = s.verdict_id
           left join current_questions q on q.id = v.question_id
           where s.act = 'approve' and p.expires_on is not null
             and not exists (select 1 from signoffs t join verdicts w on w.id = t.verdict_id
                             where t.act = 'approve' and t.id > s.id and w.country = v.country
                               and w.question_id = v.question_id)
             and not exists (select 1 from signoffs t where t.act = 'withdraw' and t.proposal_id = s.proposal_id)
           order by s.id"""
    ).fetchall()


def withdrawn_signoffs(conn: sqlite3.Connection) -> list[sqlite3.Row]:
    """The newest approved sign-off of each question, where its proposal was withdrawn: by whom, when, by which act."""
    return conn.execute(
        """select p.expires_on, v.country, v.question_id, q.wording, w.id as withdrawal, w.actor as withdrawn_by,
             w.signed_at as withdrawn_at
           from signoffs s join signoffs p on p.id = s.proposal_id join verdicts v on v.id = s.verdict_id
           join signoffs w on w.id = (
             select min(t.id) from signoffs t where t.act = 'withdraw' and t.proposal_id = s.proposal_id)
           left join current_questions q on q.id = v.question_id
           where s.act = 'approve' and p.expires_on is not null
             and not exists (select 1 from signoffs t join verdicts x on x.id = t.verdict_id
                             where t.act = 'approve' and t.id > s.id and x.country = v.country
                               and x.question_id = v.question_id)
           order by s.id"""
    ).fetchall()


def official_mentions(conn: sqlite3.Connection, *, after: int) -> list[sqlite3.Row]:
    """Passages of official reports that name a group and its country, by tags newer than an id."""
    return conn.execute(
        f"""select d.id as document_id, d.title, {PUBLISHER} as publisher, d.published_on, d.first_seen_at,
             g.value as group_id, c.value as country, g.passage_id
           from mentions g
           join mentions c on c.examination_id = g.examination_id and c.kind = 'country'
           join passages p on p.id = g.passage_id join documents d on d.id = p.document_id
           join sources s on s.id = d.source_id join target_groups t on t.id = g.value
           where g.id > ? and g.kind = 'group' and length(c.value) = 2
             and s.type in (select value from json_each(?))
           group by d.id, c.value, g.value, g.passage_id order by d.id, g.passage_id""",
        [after, json.dumps(OFFICIAL)],
    ).fetchall()


def withdrawn_evidence(conn: sqlite3.Connection, *, versions_after: int, states_after: int) -> list[sqlite3.Row]:
    """Evidence (not rejected) whose passage stood in the version before and not in an edited one, or whose document is
    withdrawn or gone. `mark` names the version or the state.
    """
    return conn.execute(
        f"""with left_out as (
              select v.document_id, 'v' || v.id as mark, v.recorded_at as noticed_at, o.passage_id
              from versions v
              join version_passages o on o.version_id = (
                select w.id from versions w
                where w.document_id = v.document_id and (w.seen_at, w.id) < (v.seen_at, v.id)
                order by w.seen_at desc, w.id desc limit 1)
              where v.id > :versions and v.cause = 'edited' and not exists (
                select 1 from version_passages n where n.version_id = v.id and n.passage_id = o.passage_id)
              union
              select st.document_id, 's' || st.id, st.seen_at, o.passage_id
              from document_states st
              join version_passages o on o.version_id = (
                select w.id from versions w where w.document_id = st.document_id
                order by w.seen_at desc, w.id desc limit 1)
              where st.id > :states and st.state in ('withdrawn', 'gone'))
            select l.document_id, l.mark, l.noticed_at, l.passage_id, e.question_id, e.country, e.group_id, d.title,
              {PUBLISHER} as publisher
            from left_out l join current_evidence e on e.passage_id = l.passage_id and e.decision <> 'reject'
            join documents d on d.id = l.document_id join sources s on s.id = d.source_id
            order by l.document_id, l.mark, l.passage_id, e.question_id""",
        {"versions": versions_after, "states": states_after},
    ).fetchall()


def group_titles(conn: sqlite3.Connection, groups: Iterable[str]) -> dict[str, dict[str, str]]:
    """The titles of groups in English and Dutch, by id."""
    rows = conn.execute(
        """select id, title, coalesce(nullif(title_nl, ''), title) as nl from target_groups
           where id in (select value from json_each(?))""",
        [json.dumps(list(groups))],
    )
    return {row["id"]: {"en": row["title"], "nl": row["nl"]} for row in rows}


def last_signed(conn: sqlite3.Connection, country: str, question: str) -> sqlite3.Row | None:
    """The newest approval of a verdict on a question; None where nobody approved one."""
    found: sqlite3.Row | None = conn.execute(
        """select s.status, s.signed_at, s.actor from signoffs s join verdicts v on v.id = s.verdict_id
           where s.act = 'approve' and v.country = ? and v.question_id = ? order by s.id desc limit 1""",
        [country, question],
    ).fetchone()
    return found


def told_since(conn: sqlite3.Connection, country: str, since: str, *, limit: int) -> list[sqlite3.Row]:
    """The newest alerts about a country since an instant, deadlines and reviews left out."""
    return conn.execute(
        """select details, raised_at from alerts where country = ? and raised_at >= ?
             and event not in ('deadline', 'review_due') order by id desc limit ?""",
        [country, since, limit],
    ).fetchall()


def citations(conn: sqlite3.Connection, passages: Iterable[int]) -> list[sqlite3.Row]:
    """Passages with what a citation needs: title, publisher, day, page."""
    return conn.execute(
        f"""select p.id, p.text, p.language, d.title, {PUBLISHER} as publisher, d.published_on,
             (select vp.page from version_passages vp where vp.passage_id = p.id
              order by vp.version_id desc limit 1) as page
           from passages p join documents d on d.id = p.document_id join sources s on s.id = d.source_id
           where p.id in (select value from json_each(?))""",
        [json.dumps(list(passages))],
    ).fetchall()


def raise_alert(
    conn: sqlite3.Connection, *, key: str, event: str, thread: str, at_once: bool, country: str | None,
    group: str | None, state: str | None, subject: str, details: str, at: str,
) -> int | None:  # fmt: skip
    """Keep an alert and return its id; None where its key is known: it was raised before."""
    row = conn.execute(
        """insert into alerts (event_key, event, thread, at_once, country, group_id, state, subject, details, raised_at)
           values (?, ?, ?, ?, ?, ?, ?, ?, ?, ?) on conflict (event_key) do nothing returning id""",
        [key, event, thread, int(at_once), country, group, state, subject, details, at],
    ).fetchone()
    return int(row["id"]) if row else None


def known_alert(conn: sqlite3.Connection, key: str) -> bool:
    """Whether an alert with this key was raised."""
    return conn.execute("select 1 from alerts where event_key = ?", [key]).fetchone() is not None


def acknowledge(conn: sqlite3.Connection, alert_id: int, *, actor: str, note: str, at: str) -> bool:
    """Keep that somebody has seen an alert; False where that person said so before."""
    return bool(
        conn.execute(
            """insert into acknowledgements (alert_id, note, actor, acknowledged_at) values (?, ?, ?, ?)
               on conflict (alert_id, actor) do nothing""",
            [alert_id, note, actor, at],
        ).rowcount
    )


def alert(conn: sqlite3.Connection, alert_id: int) -> sqlite3.Row | None:
    """One alert; None where there is none with this id."""
    found: sqlite3.Row | None = conn.execute("select * from alerts where id = ?", [alert_id]).fetchone()
    return found


def newest_alerts(
    conn: sqlite3.Connection, *, country: str | None = None, group: str | None = None, event: str | None = None,
    waits: bool | None = None, until: str | None = None, before: int | None = None, limit: int = 50,
) -> list[sqlite3.Row]:  # fmt: skip
    """The newest alerts with when and by whom each was acknowledged, of one country, group or event where asked.

    `waits`: only those that escalate until somebody has seen them, or only the others; `until` is the last day on which
    they were raised; `before` an id that all are older than.
    """
    return conn.execute(
        """select a.*, (select group_concat(k.actor || ' ' || k.acknowledged_at, ', ') from acknowledgements k
             where k.alert_id = a.id) as acknowledged,
             exists (select 1 from unacknowledged_alerts u where u.id = a.id) as waits
           from alerts a
           where (:country is null or a.country = :country)
             and (:group is null or exists (select 1 from json_each(a.details, '$.groups') where key = :group))
             and (:event is null or a.event = :event)
             and (:until is null or substr(a.raised_at, 1, 10) <= :until)
             and (:before is null or a.id < :before)
             and (:waits is null or :waits = exists (select 1 from unacknowledged_alerts u where u.id = a.id))
           order by a.id desc limit :limit""",
        {"country": country, "group": group, "event": event, "until": until, "before": before, "waits": waits,
         "limit": limit},
    ).fetchall()  # fmt: skip
