"""Documents, versions, passages: what is the same, what has changed, and since when it was known.

document = source + publisher's identifier (or canonical URL); version = document + hash of its text + extractor;
passage = document + hash of its normalised text (design section 3). A passage that survives an edit keeps its id.
"""

import json
import sqlite3

from store import passages
from store.identity import identity
from store.model import Change, Kept, NewVersion
from store.presence import met_again


def keep(
    conn: sqlite3.Connection,
    version: NewVersion,
    *,
    capture_id: int | None,
    seen_at: str,
    recorded_at: str,
    withdrawn: bool = False,
) -> Kept:
    """Keep what one capture says of one document, and say what it changed.

    UNCHANGED where the version before it in time (by when the bytes were fetched, not by arrival) has the same text by
    the same extractor. A different text from the same bytes is a REREAD (a newer extractor), not an edit by the
    publisher. `withdrawn`: whether this capture says that the document is withdrawn; a document that was and is now
    shown without such words is live again. Runs inside the caller's transaction.
    """
    document_id, last_seen_at = _document(conn, version, seen_at)
    conn.executemany(
        """insert into document_addresses (source_id, address, document_id, since) values (?, ?, ?, ?)
           on conflict (source_id, address) do nothing""",
        [(version.source_id, address, document_id, seen_at) for address in version.addresses],
    )
    newest = conn.execute(
        """select id, text_sha256, extractor, capture_id, public_on from versions
           where document_id = ? and seen_at <= ? order by seen_at desc, id desc limit 1""",
        [document_id, seen_at],
    ).fetchone()
    digest = identity(version.text)
    if newest and newest["text_sha256"] == digest and newest["extractor"] == version.extractor:
        if seen_at >= last_seen_at:  # the same text at another address: it has moved
            conn.execute("update documents set url = ? where id = ?", [version.url, document_id])
        met_again(conn, document_id, seen_at=seen_at, withdrawn=withdrawn)
        return Kept(document_id=document_id, version_id=newest["id"], change=Change.UNCHANGED)
    cause = _cause(conn, newest, digest, capture_id)
    version_id = _version(conn, version, document_id, newest, cause, digest, capture_id, seen_at, recorded_at)
    passages.join(conn, version, document_id, version_id)
    if newest and seen_at < last_seen_at:
        _show_again(conn, document_id, newest["id"], version_id, last_seen_at, recorded_at)
    _head(conn, document_id, version_id, version)
    met_again(conn, document_id, seen_at=seen_at, withdrawn=withdrawn)
    change = {"first": Change.NEW, "edited": Change.CHANGED, "reread": Change.REREAD}[cause]
    return Kept(document_id=document_id, version_id=version_id, change=change)


def find(conn: sqlite3.Connection, source_id: str, key: str) -> sqlite3.Row | None:
    """Return the document of this source and key, if it is held."""
    row: sqlite3.Row | None = conn.execute(
        "select * from documents where source_id = ? and key = ?", [source_id, key]
    ).fetchone()
    return row


def public_day(published_on: str | None, modified_on: str | None, before: str | None, seen_at: str) -> str:
    """The day from which a version counts as public (method section 1).

    A first version: its publication day where that is known with normal confidence (month-only dates are stored as
    their last day), else the day we saw it. A later one: the stated day of change where that lies after the version
    before it, else the day we saw it, because publishers edit in place without touching their dates. Never later than
    the day we saw it.
    """
    seen_on = seen_at[:10]
    changed_on = modified_on if modified_on and before and modified_on > before else None
    stated = published_on if before is None else changed_on
    return min(stated or seen_on, seen_on)


def _document(conn: sqlite3.Connection, version: NewVersion, seen_at: str) -> tuple[int, str]:
    """Return the document's id and when it was last seen before; make it where it is new."""
    conn.execute(
        """insert into documents (source_id, key, external_id, publisher, url, title, first_seen_at, last_seen_at)
           values (?, ?, ?, ?, ?, ?, ?, ?) on conflict (source_id, key) do nothing""",
        [
            version.source_id, version.key, version.external_id, version.publisher, version.url, version.title,
            seen_at, seen_at,
        ],
    )  # fmt: skip
    row = conn.execute(
        "select id, last_seen_at from documents where source_id = ? and key = ?", [version.source_id, version.key]
    ).fetchone()
    return int(row["id"]), str(row["last_seen_at"])


def _show_again(
    conn: sqlite3.Connection, document_id: int, before_id: int, between_id: int, last_seen_at: str, recorded_at: str
) -> None:
    """An older capture came in late and lies between two sightings of one text: that text came back afterwards.

    Without this the late arrival would look like the newest state of the document.
    """
    later = conn.execute(
        "select 1 from versions where document_id = ? and seen_at > (select seen_at from versions where id = ?)",
        [document_id, between_id],
    ).fetchone()
    if later:
        return
    columns = [row["name"] for row in conn.execute("pragma table_info(versions)") if row["name"] != "id"]
    changed = {
        "seen_at": last_seen_at,
        "public_on": last_seen_at[:10],
        "recorded_at": max(recorded_at, last_seen_at),
        "cause": "edited",
    }
    picked = ", ".join(f":{name}" if name in changed else name for name in columns)
    found = conn.execute(
        f"insert into versions ({', '.join(columns)}) select {picked} from versions where id = :before",
        changed | {"before": before_id},
    )
    conn.execute(
        """insert into version_passages select ?, position, passage_id, page, heading, start, end, notes
           from version_passages where version_id = ?""",
        [found.lastrowid, before_id],
    )


def _cause(conn: sqlite3.Connection, newest: sqlite3.Row | None, digest: str, capture_id: int | None) -> str:
    """A text is edited by its publisher only if the bytes changed; else we have only read it anew."""
    if newest is None:
        return "first"
    if newest["text_sha256"] == digest or (capture_id is not None and newest["capture_id"] == capture_id):
        return "reread"
    if capture_id is None or newest["capture_id"] is None:
        return "edited"
    bodies = conn.execute(
        "select count(distinct sha256) from captures where id in (?, ?)", [capture_id, newest["capture_id"]]
    ).fetchone()
    return "reread" if bodies[0] == 1 else "edited"


def _version(
    conn: sqlite3.Connection,
    version: NewVersion,
    document_id: int,
    newest: sqlite3.Row | None,
    cause: str,
    digest: str,
    capture_id: int | None,
    seen_at: str,
    recorded_at: str,
) -> int:
    if cause == "reread" and newest is not None:
        public_on = newest["public_on"]
    else:
        before = newest["public_on"] if newest else None
        sure = version.published_on if version.published_confidence == "normal" else None
        public_on = public_day(sure, version.modified_on, before, seen_at)
    found = conn.execute(
        """insert into versions (document_id, capture_id, text_sha256, extractor, seen_at, cause, title, language, text,
             published_on, published_precision, published_from, published_confidence, modified_on, period_from,
             period_to, public_on, recorded_at, authors, pages, needs_ocr, warnings, links)
           values (?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?)""",
        [
            document_id, capture_id, digest, version.extractor, seen_at, cause,
            version.title, version.language, version.text, version.published_on, version.published_precision,
            version.published_from, version.published_confidence, version.modified_on, version.period_from,
            version.period_to, public_on, max(recorded_at, seen_at),
            json.dumps(version.authors, ensure_ascii=False), json.dumps(version.pages), int(version.needs_ocr),
            json.dumps(version.warnings, ensure_ascii=False), json.dumps(version.links, ensure_ascii=False),
        ],
    )  # fmt: skip
    return int(found.lastrowid or 0)


def _head(conn: sqlite3.Connection, document_id: int, version_id: int, version: NewVersion) -> None:
    """Let the document's head show its newest version (a convenience; the versions hold the truth)."""
    newest = conn.execute(
        "select id from versions where document_id = ? order by seen_at desc, id desc limit 1", [document_id]
    ).fetchone()
    if newest["id"] != version_id:
        return
    conn.execute(
        """update documents set title = ?, language = ?, url = ?, document_type = ?, period_from = ?, period_to = ?,
             published_on = coalesce(published_on, ?), external_id = coalesce(external_id, ?)
           where id = ?""",
        [
            version.title, version.language, version.url, version.document_type, version.period_from,
            version.period_to, version.published_on, version.external_id, document_id,
        ],
    )  # fmt: skip
