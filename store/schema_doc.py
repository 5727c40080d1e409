"""docs/schema.md is made from the schema itself; `coi check` says when it is out of date.

Make it anew: python -m store.schema_doc
"""

import sqlite3
import tempfile
from pathlib import Path

from store.db import connect
from store.home import Home

DOCS = Path(__file__).parents[1] / "docs"
HEAD = """# Schema

Made from `store/schema_001.sql` and `store/views.sql` by `python -m store.schema_doc`; do not edit.
Tables marked *append-only* refuse updates and deletes; tables marked *chained* are acts of people, each row of which is
a link of the audit chain.
"""


def render() -> str:
    """The whole document, from a fresh database."""
    with tempfile.TemporaryDirectory() as folder:
        conn = connect(Home(Path(folder)))
        text = HEAD + "\n## Tables\n" + "".join(_table(conn, name) for name in _names(conn, "table"))
        text += "\n## Views (named questions)\n\n" + "".join(_view(conn, name) for name in _names(conn, "view"))
        conn.close()
    return text


def stale(docs: Path = DOCS) -> str | None:
    """Say what to do where the document is not what the schema says now; None where it is."""
    path = docs / "schema.md"
    if path.exists() and path.read_text("utf-8") == render():
        return None
    return f"{path}: out of date; run 'python -m store.schema_doc'"


def _names(conn: sqlite3.Connection, kind: str) -> list[str]:
    rows = conn.execute(
        """select name from sqlite_master where type = ? and name not like 'sqlite_%' and name not like '%_fts_%'
           and name not like '\\_%' escape '\\' order by rowid""",
        [kind],
    )
    return [row["name"] for row in rows]


def _table(conn: sqlite3.Connection, name: str) -> str:
    triggers = {row["name"] for row in conn.execute("select name from sqlite_master where tbl_name = ?", [name])}
    marks = [
        mark
        for mark, trigger in (("append-only", f"{name}_no_update"), ("chained", f"{name}_audit"))
        if trigger in triggers
    ]
    lines = [
        f"\n### {name}"
        + (f" ({', '.join(marks)})" if marks else "")
        + "\n\n| column | type | refers to |\n|---|---|---|\n"
    ]
    refers = {row["from"]: f"{row['table']}.{row['to']}" for row in conn.execute(f"pragma foreign_key_list({name})")}
    for column in conn.execute(f"pragma table_info({name})"):
        kind = column["type"].lower() + (" not null" if column["notnull"] else "")
        lines.append(f"| {column['name']} | {kind} | {refers.get(column['name'], '')} |\n")
    return "".join(lines)


def _view(conn: sqlite3.Connection, name: str) -> str:
    columns = ", ".join(row["name"] for row in conn.execute(f"pragma table_info({name})"))
    return f"- **{name}**: {columns}\n"


if __name__ == "__main__":
    (DOCS / "schema.md").write_text(render(), "utf-8")
