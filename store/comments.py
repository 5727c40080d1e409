"""What people write beside a passage, a document or a question. Rows are added, never changed.

A comment may be restricted. Its words then lie in a table of their own, which no query of the site may read
(`seal`): only the page of comments does, after it asked who is there. The audit chain holds the comment with a salted
hash in the place of the words, so that the chain proves them and does not tell them.
"""

import secrets
import sqlite3
from dataclasses import dataclass, replace
from hashlib import sha256
from typing import Literal

ABOUT = ("passage", "document", "question")
# Restricted words; under what job a worker ships (whoever knows it ships in its place); the file, page by page.
SEALED = frozenset({"restricted_comments", "handed_out", "sqlite_dbpage"})
# SQLite's own tables that tell of the machine and of other people: how many rows a closed table has, what others asked
# on the same connection, where the home lies. A statement of the site has no use for them.
TELLING = frozenset({"dbstat", "sqlite_stmt", "pragma_database_list"})
# Functions that hand out an address of the process's memory, take one for a program, or load a library. Debian's and
# many other builds of SQLite have the first switched on. printf writes as many characters as it is asked for without
# ever looking at the time limit: one query kept a processor busy for a quarter of a minute.
UNSAFE = frozenset({"fts3_tokenizer", "load_extension", "printf", "format"})
LONGEST = 10_000  # characters

About = Literal["passage", "document", "question"]


@dataclass(frozen=True, slots=True, kw_only=True)
class Comment:
    """One comment. `once`: drawn for the form it came by, so that a form sent twice is kept once."""

    about: str
    about_id: str
    text: str  # '' of a restricted one that was read without its words
    restricted: bool
    once: str
    actor: str
    written_at: str
    id: int = 0


def add(conn: sqlite3.Connection, comment: Comment) -> int:
    """Keep a comment inside the caller's transaction; return its id, also where the same form was sent before."""
    column = f"{comment.about}_id"
    if comment.about not in ABOUT:
        raise ValueError(f"a comment is about one of {', '.join(ABOUT)}, not {comment.about!r}")
    sent = conn.execute(
        "select id from comments where actor = ? and once = ?", [comment.actor, comment.once]
    ).fetchone()
    if sent:
        return int(sent[0])
    salt = secrets.token_hex(16)
    found = conn.execute(
        f"""insert into comments ({column}, restricted, text, seal, once, actor, written_at)
            values (?, ?, ?, ?, ?, ?, ?)""",
        [
            comment.about_id, int(comment.restricted), "" if comment.restricted else comment.text,
            seal_of(salt, comment.text) if comment.restricted else "", comment.once, comment.actor, comment.written_at,
        ],
    )  # fmt: skip
    kept = int(found.lastrowid or 0)
    if comment.restricted:
        conn.execute(
            "insert into restricted_comments (comment_id, salt, text) values (?, ?, ?)", [kept, salt, comment.text]
        )
    return kept


def comments(conn: sqlite3.Connection, about: str, about_id: object, *, restricted: bool) -> list[Comment]:
    """The comments on one thing, oldest first. `restricted`: also those, as rows without their words."""
    if about not in ABOUT:
        return []
    rows = conn.execute(
        f"""select id, text, restricted, once, actor, written_at from comments
            where {about}_id = ? and (restricted = 0 or ?) order by id""",
        [about_id, int(restricted)],
    )
    return [
        Comment(
            about=about, about_id=str(about_id), text=row["text"], restricted=bool(row["restricted"]),
            once=row["once"], actor=row["actor"], written_at=row["written_at"], id=row["id"],
        )
        for row in rows
    ]  # fmt: skip


def unsealed(conn: sqlite3.Connection, found: list[Comment]) -> list[Comment]:
    """The same comments with the words of the restricted ones. Needs a connection of ours that nothing seals."""
    if not any(one.restricted for one in found):
        return found
    marks = ", ".join("?" for _ in found)
    rows = conn.execute(
        f"select comment_id, text from restricted_comments where comment_id in ({marks})", [one.id for one in found]
    )
    words = {row["comment_id"]: row["text"] for row in rows}
    return [replace(one, text=words[one.id]) if one.restricted else one for one in found]


def seal_of(salt: str, text: str) -> str:
    """What stands in the chain instead of the words."""
    return sha256(f"{salt}\n{text}".encode()).hexdigest()


def seal(conn: sqlite3.Connection) -> None:
    """Let a connection of the site read restricted words no more, whatever view or query asks; adding them still works.

    Nor what SQLite tells of the machine (TELLING), nor its functions that reach into the process (UNSAFE).
    """

    def allows(action: int, table: str | None, column: str | None, database: str | None, trigger: str | None) -> int:
        if action == sqlite3.SQLITE_READ:  # counting and foreign keys do not tell words
            told = table in TELLING or (table in SEALED and column not in ("", "comment_id"))
        else:
            told = action == sqlite3.SQLITE_FUNCTION and column in UNSAFE
        return sqlite3.SQLITE_DENY if told else sqlite3.SQLITE_OK

    conn.set_authorizer(allows)


def problems(conn: sqlite3.Connection) -> list[str]:
    """Restricted words that are gone, or are not those that the chain vouches for."""
    rows = conn.execute(
        """select c.id, c.seal, r.salt, r.text from comments c left join restricted_comments r on r.comment_id = c.id
           where c.restricted = 1"""
    )
    return [
        f"comments row {row['id']}: its restricted words are gone or were changed; restore a backup"
        for row in rows
        if row["text"] is None or seal_of(row["salt"], row["text"]) != row["seal"]
    ]
