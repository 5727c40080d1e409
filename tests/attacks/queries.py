"""SQL through Datasette's query pages, tables and files: nothing written, nothing closed read, no cost without an end.

Asked as a reader, the least that may ask at all, and as nobody; each answer is also searched for the words that are
kept closed, and the database is compared before and after.
"""

import asyncio
import resource
import sqlite3
from collections.abc import Iterator
from functools import partial
from urllib.parse import quote

from store.db import connect, writing
from tests.attacks import Attack, clock
from tests.site_people import Visitor, World

SECRET = "the witness of case 4711 lives in Pskov"
MOST_S, MOST_GROWTH_MB = 6.0, 1500
CLOSED = ("restricted_comments", "comments", "audit", "codings", "answered", "subscriptions", "outbox", "letters",
          "letter_alerts", "deliveries", "acknowledgements", "current_subscriptions", "letter_states",
          "unacknowledged_alerts", "could_change_the_status")  # fmt: skip
WRITES = (
    "insert into documents (id) values (99)", "update documents set title = 'x'", "delete from documents",
    "replace into settings values ('example', '0')", "drop table audit", "create table x (y)", "create view x as select 1",
    "create temp table x (y)", "create trigger t after insert on audit begin select 1; end", "alter table audit add x",
    "vacuum", "vacuum into '/tmp/coi-stolen.db'", "reindex", "analyze", "begin immediate", "commit", "savepoint a",
    "with x as (select 1) insert into settings select 'a', 'b'", "with x as (select 1) delete from documents",
    "explain insert into settings values (1, 2)", "select 1; drop table audit", "select 1;delete from documents;--",
    "/* select */ delete from documents", "-- select\ndelete from documents", ";select 1; delete from documents",
    "attach database ':memory:' as m", "attach '/etc/passwd' as p", "detach main", "pragma query_only = off",
    "pragma journal_mode = delete", "pragma writable_schema = on", "pragma trusted_schema = on", "pragma user_version = 9",
    "pragma temp_store_directory = '/tmp'", "pragma wal_checkpoint(truncate)", "pragma main.user_version",
    "select load_extension('/tmp/x.so')", "select load_extension('libc.so.6', 'system')", "select writefile('/tmp/x', 1)",
    "select readfile('/etc/passwd')", "select edit('x')", "select fts3_tokenizer('simple')",
    "select fts3_tokenizer('simple', x'4141414141414141')", "select * from pragma_user_version",
    "select * from pragma_journal_mode", "select * from pragma_query_only", "select * from pragma_writable_schema",
    "select * from pragma_wal_checkpoint", "select * from pragma_database_list", "select * from pragma_optimize",
    "select * from sqlite_stmt", "select * from dbstat", "select count(*) from dbstat", "select * from sqlite_dbpage",
    "select * from fsdir('/')", "select * from csv('/etc/passwd')", "select * from generate_series(1, 1e12)",
    "insert into passages_fts (passages_fts) values ('delete-all')", "select 1 into outfile '/tmp/x'", "\x00select 1",
    "SELECT 1 FROM restricted_comments; PRAGMA query_only=0", "values (1)", "table audit",
)  # fmt: skip
BOMBS = (
    "with recursive a(n) as (select 1 union all select n + 1 from a) select max(n) from a",
    "with recursive a(n) as (select 1 union all select n + 1 from a) select n from a",
    "with recursive a(n) as (select 1 union all select n + 1 from a) select n from a order by random()",
    "with recursive a(s) as (select 'x' union all select s || s from a) select max(length(s)) from a",
    "with recursive a(n) as (select 1 union all select n + 1 from a) select group_concat(n, '" + "x" * 900 + "') from a",
    "with recursive a(n) as (select 1 union all select n + 1 from a) select json_group_array(zeroblob(60000000)) from a",
    "select count(*) from passages a, passages b, passages c, passages d, mentions e, documents f, sources g, runs h, "
    "sqlite_master i, sqlite_master j, sqlite_master k",
    "select randomblob(1000000000)", "select zeroblob(2000000000)", "select hex(zeroblob(60000000))",
    "select length(hex(hex(hex(zeroblob(8000000)))))", "select printf('%1000000000d', 1)", "select printf('%.*c', 1e9, 'x')",
    "select replace(hex(zeroblob(1000000)), '0', hex(zeroblob(1000)))", "select group_concat(hex(zeroblob(30000000))) "
    "from passages a, passages b", "select quote(zeroblob(60000000)) from passages a, passages b, passages c",
    "select 'a' like '%a%a%a%a%a%a%a%a%a%a%a%a%a%a%a%a%b' from passages", "select length(replace(printf('%60000000s', 'a'),"
    " ' ', 'ab'))", "select printf('%50000s', 'a') like '%' || printf('%20000s', 'b') from passages a, passages b",
    "select replace(printf('%30000s', 'a'), ' ', 'a') like replace(printf('%200s', ''), ' ', '%a') || 'b'",
    "select replace(printf('%30000s', 'a'), ' ', 'a') glob replace(printf('%200s', ''), ' ', '*a') || 'b'",
    "select * from json_tree('" + "[" * 900 + "]" * 900 + "')", "select " + "(" * 900 + "1" + ")" * 900,
    "select 1 " + "union all select 1 " * 600, "select " + ", ".join("1" for _ in range(5000)), "select " + "-" * 20_000 + "1",
    "select passages_fts from passages_fts where passages_fts match '" + "a OR " * 3000 + "a'",
    "select * from passages_fts where passages_fts match '" + "(" * 3000 + "'", "select soundex(zeroblob(60000000))",
    "select json_extract('" + "{\"a\":" * 900 + "1" + "}" * 900 + "', '$" + ".a" * 900 + "')",
    "select coi_sha256(hex(zeroblob(30000000))) from passages a, passages b", "select coi_person(hex(zeroblob(30000000)))",
)  # fmt: skip


def spellings(table: str) -> Iterator[str]:
    """Ways to ask for a table without being seen to."""
    for sql in (
        "select * from {t}",
        "select * from [{t}]",
        'select * from "{t}"',
        "select * from `{t}`",
        "select * from main.{t}",
        "select * from 'main'.'{t}'",
        "SELECT * FROM {T}",
        "select * from/**/{t}",
        "select *\nfrom\n-- x\n{t}",
        "select * from {t} as documents",
        "with documents as (select * from {t}) select * from documents",
        "select (select count(*) from {t})",
        "select * from documents where exists (select 1 from {t})",
        "select * from documents where id in (select rowid from {t})",
        "select * from (select * from (select * from {t}))",
        "select title from documents union all select 1 from {t}",
        "select max(rowid) from {t}",
        "select 1 from {t}, documents",
        "select * from documents left join {t} on 1",
        "select count(*) filter (where 1) from {t}",
        "explain select * from {t}",
        "explain query plan select * from {t}",
        "select * from {t} where :x = :x",
        "with recursive r(n) as (select 1 union select rowid from {t}) select * from r",
        "select * from {t} indexed by nothing",
        "select group_concat(rowid) over () from {t}",
        ";select * from {t}",
        "  select * from {t};",
        "select * from {t} limit :x",
        "select '\x00', rowid from {t}",
        "select * from ({t})",
    ):
        yield sql.format(t=table, T=table.upper())  # fmt: skip


def ask(home: World, visitors: dict[str, Visitor]) -> Iterator[Attack]:
    """Every query as `.json`, `.csv` and page; by parameters of tables; and what the closed tables are called by."""
    reader = visitors["reader"]
    state = {"before": dump(home)}
    for sql in WRITES:
        yield f"writes or reaches out: {sql[:70]!r}", partial(_refused, reader, f"/coi.json?sql={quote(sql)}")
    for sql in WRITES[:8]:
        yield f"the same by a form: {sql[:60]!r}", partial(_posted, reader, sql)
    for table in CLOSED:
        for sql in spellings(table):
            for path in ("/coi.json", "/coi.csv", "/coi"):
                yield f"closed, {path}: {sql!r}", partial(_refused, reader, f"{path}?sql={quote(sql)}&x=1")
        for path in (f"/coi/{table}", f"/coi/{table}.json", f"/coi/{table}.csv", f"/coi/{table}/1", f"/coi/{table}/1.json",
                     f"/coi/{table.upper()}", f"/coi/{table}.json?_shape=array&_size=max", f"/coi/{table}.json?_nl=on",
                     f"/coi/{table}.jsono", f"/coi/{quote(table[0])}%{ord(table[1]):x}{table[2:]}.json",
                     f"/coi/documents.json?_where=id+in+(select+rowid+from+{table})",
                     f"/coi/documents.json?_where=1)+union+select+1+from+{table}--", f"/coi/documents?_sort=(select 1 from {table})",
                     f"/coi/documents.json?_through={quote('{' + chr(34) + 'table' + chr(34) + ':' + chr(34) + table + chr(34) + ',' + chr(34) + 'column' + chr(34) + ':' + chr(34) + 'id' + chr(34) + ',' + chr(34) + 'value' + chr(34) + ':' + chr(34) + '1' + chr(34) + '}')}",
                     f"/coi/documents.json?_extra=foreign_key_tables&_col={table}", f"/coi/documents.json?_facet={table}",
                     f"/coi/newest_on_a_group.json?group=x'+union+select+*+from+{table}--"):  # fmt: skip
            yield f"closed, {path[:80]}", partial(_tells_nothing, reader, path, table)
    for sql in BOMBS:
        yield f"costs: {sql[:70]!r}", partial(_bounded, reader, f"/coi.json?sql={quote(sql)}")
    for sql in ("select 1", "select * from documents", BOMBS[0]):
        yield f"nobody asks {sql[:40]!r}", partial(_refused, visitors["anonymous"], f"/coi.json?sql={quote(sql)}")
    yield "nothing was written by all of this", lambda: "" if dump(home) == state["before"] else "rows changed"


def fill(world: World) -> World:
    """Put words into the closed tables that a query could tell."""
    conn = connect(world.home)
    with writing(conn):
        from store.comments import Comment, add

        add(conn, Comment(about="document", about_id="1", text=SECRET, restricted=True, once="q1", actor="anna",
                          written_at="2022-06-25T06:00:00Z"))  # fmt: skip
        add(conn, Comment(about="document", about_id="1", text=f"open: {SECRET}", restricted=False, once="q2",
                          actor="anna", written_at="2022-06-25T06:00:00Z"))  # fmt: skip
    conn.close()
    return world


def dump(world: World) -> int:
    """The whole database as one number."""
    conn = sqlite3.connect(f"file:{world.home.database}?mode=ro", uri=True)
    try:
        tables = [
            row[0]
            for row in conn.execute(
                "select name from sqlite_master where type = 'table' and sql not like 'create virtual%'"
            )
        ]
        return hash(tuple((table, *map(repr, conn.execute(f"select * from [{table}]"))) for table in sorted(tables)))
    finally:
        conn.close()


def _answer(visitor: Visitor, path: str):
    return asyncio.run(visitor.ask("GET", path))


def _refused(visitor: Visitor, path: str) -> str:
    answer = _answer(visitor, path)
    if SECRET in answer.text:
        return f"{answer.status_code}: told closed words"
    return "" if 400 <= answer.status_code < 500 else f"{answer.status_code}: {answer.text[:120]!r}"


def _tells_nothing(visitor: Visitor, path: str, table: str) -> str:
    """'' where the page is refused, or is that of another table and tells nothing of this one."""
    answer = _answer(visitor, path)
    if SECRET in answer.text:
        return f"{answer.status_code}: told closed words"
    own = path.startswith(f"/coi/{table}") or "_where" in path
    if own and answer.status_code == 200:
        return f"200: {answer.text[:120]!r}"
    return "" if answer.status_code < 500 else f"{answer.status_code}: {answer.text[:120]!r}"


def _posted(visitor: Visitor, sql: str) -> str:
    answer = asyncio.run(visitor.send("/coi", {"sql": sql}))
    return "" if 400 <= answer.status_code < 500 else f"{answer.status_code}: {answer.text[:120]!r}"


def _bounded(visitor: Visitor, path: str) -> str:
    """'' where the answer comes within the time limit, is small, and the process did not grow by more than it may."""
    before, began = resource.getrusage(resource.RUSAGE_SELF).ru_maxrss, clock()
    answer = _answer(visitor, path)
    took, grew = clock() - began, (resource.getrusage(resource.RUSAGE_SELF).ru_maxrss - before) / 1024
    if took > MOST_S or grew > MOST_GROWTH_MB or len(answer.content) > 130 * 1024**2:
        return f"{answer.status_code}: {took:.1f} s, {grew:.0f} MB more, an answer of {len(answer.content)} bytes"
    return "" if answer.status_code < 500 else f"{answer.status_code}: {answer.text[:120]!r}"
