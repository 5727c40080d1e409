"""What the crawl asks the store while it runs: do we hold this, what must be asked for again."""

import sqlite3
from collections.abc import Iterable
from dataclasses import dataclass
from datetime import datetime, timedelta

from store.clock import instant
from store.identity import identity
from store.presence import GONE_AFTER_HOURS


@dataclass(frozen=True, slots=True, kw_only=True)
class HeldVersion:
    """The newest version of a document, as far as deciding whether to read anew needs it."""

    document_id: int
    key: str
    published_on: str | None
    modified_on: str | None
    version_id: int
    extractor: str
    seen_at: str  # when the bytes of this version were fetched
    last_seen_at: str  # when the document was last met, changed or not
    cause: str  # first, edited, reread
    needs_ocr: int  # 1: pages of it are pictures of text
    sha256: str  # of the capture it rests on
    warc_file: str
    warc_offset: int


@dataclass(frozen=True, slots=True, kw_only=True)
class Unseen:
    """A document that no list has shown for long: where to ask for it, and what is known of it."""

    document_id: int
    key: str
    page: str  # the address that people open
    address: str  # the address that was fetched
    extractor: str
    published_on: str | None
    published_precision: str | None
    published_from: str
    published_confidence: str


_HELD = """select d.id as document_id, d.key, v.published_on, v.modified_on, v.id as version_id, v.extractor, v.seen_at,
                  d.last_seen_at, v.cause, v.needs_ocr, c.sha256, c.warc_file, c.warc_offset
           from {found} join versions v on v.document_id = d.id join captures c on c.id = v.capture_id
           where {condition} and v.seen_at <= :at order by v.seen_at desc, v.id desc limit 1"""
_BY_KEY = _HELD.format(found="documents d", condition="d.source_id = :source and d.key = :value")
_BY_ADDRESS = _HELD.format(
    found="document_addresses a join documents d on d.id = a.document_id",
    condition="a.source_id = :source and a.address = :value",
)


def by_key(conn: sqlite3.Connection, source_id: str, key: str, *, at: str) -> HeldVersion | None:
    """The version that stood at an instant, of the document with this key."""
    row = conn.execute(_BY_KEY, {"source": source_id, "value": key, "at": at}).fetchone()
    return HeldVersion(**row) if row else None


def by_address(conn: sqlite3.Connection, source_id: str, address: str, *, at: str) -> HeldVersion | None:
    """The version that stood at an instant, of the document that answers at this (normalised) address."""
    row = conn.execute(_BY_ADDRESS, {"source": source_id, "value": address, "at": at}).fetchone()
    return HeldVersion(**row) if row else None


def at_address(conn: sqlite3.Connection, source_id: str, document_id: int, address: str) -> bool:
    """Whether a document has answered at this (normalised) address."""
    row = conn.execute(
        "select document_id from document_addresses where source_id = ? and address = ?", [source_id, address]
    ).fetchone()
    return row is not None and row["document_id"] == document_id


def known_losses(conn: sqlite3.Connection, source_id: str) -> frozenset[str]:
    """Addresses that earlier rounds of a source had a problem with."""
    rows = conn.execute(
        "select distinct p.url from run_problems p join rounds r on r.id = p.run_id where r.source_id = ?", [source_id]
    )
    return frozenset(row["url"] for row in rows)


SHARED = 1 / 3


def shares_text(conn: sqlite3.Connection, version_id: int, texts: Iterable[str]) -> bool:
    """Whether a third of a version's passages stand among these: of an edited text they do, of another page not.

    One passage is not enough: a disclaimer stands on every page of a site.
    """
    digests = {identity(text) for text in texts}
    rows = conn.execute(
        """select p.text_sha256 from version_passages vp join passages p on p.id = vp.passage_id
           where vp.version_id = ?""",
        [version_id],
    )
    stood = [row["text_sha256"] in digests for row in rows]
    return bool(stood) and sum(stood) >= SHARED * len(stood)


def unseen(conn: sqlite3.Connection, source_id: str, *, before: str, pending_before: str, limit: int) -> list[Unseen]:
    """Documents to ask for again: not met since `before`, or once absent and not asked since `pending_before`.

    Those that carry evidence come first, unless the last question was in vain (refused, broken, unreadable); then those
    not asked for longest, so that twenty pages that refuse hold up no other. What was asked in vain waits till
    `pending_before` too, which is GONE_AFTER_HOURS before now. Instants later than now are a wrong clock's and count as
    unknown. Entries read out of a feed have no address of their own and are left out.
    """
    now = instant(datetime.fromisoformat(pending_before) + timedelta(hours=GONE_AFTER_HOURS))
    rows = conn.execute(
        """with known as (
             select d.id, case when d.last_seen_at <= :now then d.last_seen_at end as met_at,
                    case when d.asked_at <= :now then d.asked_at else '' end as asked_at,
                    coalesce((select max(a.seen_at) from absences a
                              where a.document_id = d.id and a.seen_at <= :now), '') as absent_at
             from documents d where d.source_id = :source),
           tried as (
             select id, asked_at, max(coalesce(met_at, asked_at), absent_at) as answered_at,
                    absent_at > coalesce(met_at, '') as pending,
                    asked_at > max(coalesce(met_at, asked_at), absent_at) as in_vain
             from known)
           select d.id as document_id, d.key, d.url as page, c.url as address, v.extractor, v.published_on,
                  v.published_precision, v.published_from, v.published_confidence
           from tried join documents d on d.id = tried.id
           join versions v on v.id = (select id from versions where document_id = d.id
                                      order by seen_at desc, id desc limit 1)
           join captures c on c.id = v.capture_id
           where (tried.answered_at < :before
                  or (tried.pending and d.state <> 'gone' and tried.answered_at <= :pending_before))
             and tried.asked_at <= :pending_before
             and v.extractor not like 'feed/%' and v.extractor not like 'link/%'
           order by (not tried.in_vain and exists (select 1 from passages p join evidence e on e.passage_id = p.id
                                                   where p.document_id = d.id)) desc,
                    max(tried.answered_at, tried.asked_at), d.id
           limit :limit""",
        {"source": source_id, "before": before, "pending_before": pending_before, "limit": limit, "now": now},
    ).fetchall()
    return [Unseen(**row) for row in rows]


def searched_until(conn: sqlite3.Connection, source_id: str, *, now: str) -> str | None:
    """The instant up to which nothing that a query's window named was lost; None where nothing was searched yet.

    Rounds later than `now` were made by a clock that ran ahead, and tell nothing.

    That is the newest round that lost nothing. Where something is lost again and again, the window reaches back at most
    90 days before the last round that did not fail; from the first round on, where that is younger.
    """
    row = conn.execute(
        """select max(case when failed = 0 then moment end) as complete, max(moment) as success, min(moment) as first,
                  strftime('%Y-%m-%dT%H:%M:%SZ', max(moment), '-90 days') as reach
           from rounds where source_id = ? and status in ('ok', 'partial') and moment <= ?""",
        [source_id, now],
    ).fetchone()
    if row["success"] is None or (row["complete"] is None and row["first"] > row["reach"]):
        return None  # the first day of the source, once more
    return max(row["complete"] or "", row["reach"])


def last_success(conn: sqlite3.Connection, source_id: str, *, now: str) -> str | None:
    """When the source last had, up to now, a run that did not fail, as an instant."""
    row = conn.execute(
        "select max(moment) as at from rounds where source_id = ? and status in ('ok', 'partial') and moment <= ?",
        [source_id, now],
    ).fetchone()
    return str(row["at"]) if row["at"] else None
