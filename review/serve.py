"""The site over one home: a Datasette with our plugin and metadata, one database, and limits on what a query costs."""

import json
import os
import resource
import secrets
import socket
import sys
from collections.abc import Callable
from functools import lru_cache, partial
from pathlib import Path

import uvicorn
from datasette.app import Datasette
from datasette.plugins import pm

from review.accounts import Accounts
from review.plugin import uncounted
from review.plugin.access import CLOSED
from review.plugin.gate import is_loopback
from review.plugin.page import DATABASE
from review.plugin.replica import Replica, reopen_when_replaced
from review.plugin.sessions import Ended
from review.plugin.signin import Counter
from review.plugin.signlog import NAME as LOG
from review.plugin.signlog import SignLog
from store.db import connect, connect_readonly
from store.errors import ForPeople
from store.home import Home, replace_file
from store.pulse import pulsing
from store.secrets_hidden import hide

METADATA = Path(__file__).parents[1] / "datasette-metadata.json"
USUAL_PORT = 8001
MEMORY_BYTES = 4 * 1024**3
SETTINGS = {
    "default_page_size": 50,
    "max_returned_rows": 1000,
    "sql_time_limit_ms": 2000,
    "facet_time_limit_ms": 500,
    "suggest_facets": False,  # it counts every column of every table page
    "allow_download": False,  # a copied file would miss the write-ahead log; `coi backup` makes a whole one
    "default_cache_ttl": 0,  # a status must never come from a cache
    "max_csv_mb": 100,
    "template_debug": False,
    "trace_debug": False,
}


class Site(Datasette):
    """A Datasette that knows who may sign in. Secrets go to the plugins directly, never through metadata, which
    Datasette shows on a page.
    """

    def __init__(self, home: Home, accounts: Accounts, copy: Replica | None = None, **options: object) -> None:
        super().__init__([str(home.database)], **options)
        self.replica = copy
        self.accounts = accounts
        hide(self._root_token, *(account.secret for account in (*accounts.people.values(), *accounts.scripts)))
        self.counter = Counter(SignLog(home.logs / LOG))
        self.ended = Ended(home.path / "ended-sessions")

        held = self.databases[DATABASE]
        if copy is not None:
            reopen_when_replaced(self, held)
        all_keys = held.get_all_foreign_keys

        async def open_keys() -> dict[str, dict[str, list[dict[str, str]]]]:
            """Without references from closed tables (a row's page counts them for everybody, whoever asks), and from
            predictions, of which there are ten a passage with no index by it.
            """
            left_out = CLOSED | {"relevance"}
            return {
                table: keys | {"incoming": [key for key in keys["incoming"] if key["other_table"] not in left_out]}
                for table, keys in (await all_keys()).items()
            }

        held.get_all_foreign_keys = open_keys
        held.table_counts = partial(uncounted.counts, held)
        self._rules = lru_cache(maxsize=1024)(super()._table_permission_allows)

    def _table_permission_allows(self, database: str, table: str) -> list[object]:
        """What the metadata say of who may see a table. Datasette copies all of them each time it asks, several
        times for each table that a page names; ours stand in one file, read before.
        """
        if pm.hook.get_metadata.get_hookimpls():  # a plugin may say something else each time
            return list(super()._table_permission_allows(database, table))
        return list(self._rules(database, table))

    def plugin_config(self, plugin_name: str, *more: object, **options: object) -> object:
        """The configuration of a plugin; of the tokens, what stands in the environment."""
        if plugin_name == "datasette-auth-tokens":
            return self.accounts.tokens()
        return super().plugin_config(plugin_name, *more, **options)


class CannotServe(ForPeople, RuntimeError):
    """The site cannot start. The message says what to change."""


def build(
    home: Home, *, metadata: Path = METADATA, accounts: Accounts | None = None, copy: Replica | None = None
) -> Site:
    """A Datasette over the home's database, brought to the newest schema; no other database, no cross-database SQL.

    Who may sign in stands in the environment unless `accounts` says so. Raises AccountsError for a variable that is
    wrong, StoreError where the home cannot be opened for writing (people's decisions are kept through the site).
    With `copy` the home holds a replica: it is only read.
    """
    accounts = Accounts.from_environment() if accounts is None else accounts
    if copy is None:
        connect(home).close()
    else:
        home.create()
        connect_readonly(home).close()
    # An unknown address is no crash, and a printout with local variables could hold what a person wrote.
    pm.get_plugin("datasette.handle_exception").rich = None
    return Site(
        home,
        accounts,
        copy,
        metadata=json.loads(metadata.read_text("utf-8")) if metadata.exists() else {},
        settings=SETTINGS,
        secret=_secret(home) if copy is None else _own_secret(home),
        memory=False,
        crossdb=False,
    )


def _say(text: str) -> None:
    """Say it at once, also into a pipe: whoever waits for the address reads it before anybody asks the site."""
    print(text, flush=True)


def serve(home: Home, host: str = "127.0.0.1", port: int | None = None, *, say: Callable[[str], None] = _say,
          copy: Replica | None = None) -> None:  # fmt: skip
    """Serve the home until interrupted; say the address, and on this machine a sign-in link that works once.

    Without a port it is 8001, or any free one where that is taken; port 0 takes any free one. Raises CannotServe where
    the address cannot be had, or where others could reach it and nobody is declared who may sign in.
    """
    accounts = Accounts.from_environment()
    if not is_loopback(host) and not accounts.people:
        raise CannotServe(
            f"{host} can be reached from other machines, and nobody is declared who may sign in. Run "
            "'coi people add NAME --role ROLE' and put the line it prints into the environment (docs/access.md), or "
            "serve this machine only: leave out --host"
        )
    listening = _usual(host) if port is None else listen(host, port)
    datasette = build(home, accounts=accounts, copy=copy)
    front = f"http://{f'[{host}]' if ':' in host else host}:{listening.getsockname()[1]}"
    say(f"The site: {front}/")
    if accounts.closed:
        say(f"Closed to whoever is not signed in: people {len(accounts.people)}, scripts {len(accounts.scripts)}.")
    if copy is not None:
        age = copy.look()
        say(f"A read replica, as of {age.as_of or 'an unknown instant'} ({age.state}); it keeps nothing.")
    elif is_loopback(host):
        say(f"To decide on passages, sign in once: {front}/-/auth-token?token={datasette._root_token}")
    else:
        datasette._root_token = None  # the one-time link is for the person at this machine only
    limit_memory()
    if copy is not None:
        datasette._root_token = None  # there is nothing to decide
        server(datasette).run(sockets=[listening])
        return
    with pulsing(home):
        server(datasette).run(sockets=[listening])


def limit_memory() -> None:
    """Let a query that asks for too much fail by itself and not take the machine down (Linux; elsewhere no limit)."""
    if sys.platform == "linux":
        _, hard = resource.getrlimit(resource.RLIMIT_AS)
        most = MEMORY_BYTES if hard == resource.RLIM_INFINITY else min(hard, MEMORY_BYTES)
        resource.setrlimit(resource.RLIMIT_AS, (most, hard))


def _usual(host: str) -> socket.socket:
    """A socket on the usual port, or on any free one where another program has that."""
    try:
        return listen(host, USUAL_PORT)
    except CannotServe:
        return listen(host, 0)


def server(datasette: Datasette) -> uvicorn.Server:
    """The HTTP server for a Datasette, quiet but for warnings."""
    config = uvicorn.Config(
        datasette.app(), log_config=None, log_level="warning", access_log=False, lifespan="on", server_header=False
    )  # its warnings go where store.logs sends them
    return uvicorn.Server(config)


def listen(host: str, port: int) -> socket.socket:
    """A socket bound to this address; CannotServe names it and what to do where it cannot be had."""
    family = socket.AF_INET6 if ":" in host else socket.AF_INET
    bound = socket.socket(family, socket.SOCK_STREAM)
    bound.setsockopt(socket.SOL_SOCKET, socket.SO_REUSEADDR, 1)
    try:
        bound.bind((host, port))
    except (OSError, OverflowError) as error:
        bound.close()
        raise CannotServe(f"cannot listen on {host} port {port}: {error}; choose another with --port") from error
    return bound


def _secret(home: Home) -> str:
    """What cookies are signed with: $DATASETTE_SECRET, or a file in the home that only its owner can read."""
    if given := os.environ.get("DATASETTE_SECRET"):
        hide(given)
        return given
    path = home.path / "site-secret"
    if not path.exists() or not path.read_text("ascii").strip():  # cut short by a power cut: an empty key signs nothing
        replace_file(path, secrets.token_hex(32))
    found = path.read_text("ascii").strip()
    hide(found)
    return found


def _own_secret(home: Home) -> str:
    """What a replica signs cookies with: never what the main site does. It cannot know which sessions were ended there
    since the copy, so none of them may hold here. Where nothing can be kept, sessions end with the process.
    """
    path = home.path / "replica-secret"
    try:
        if not path.exists() or not path.read_text("ascii").strip():
            replace_file(path, secrets.token_hex(32))
        found = path.read_text("ascii").strip()
    except OSError:  # a disk that can only be read
        found = secrets.token_hex(32)
    hide(found)
    return found
