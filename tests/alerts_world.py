"""What the tests of alerts share: a home with people and channels, a mail server, a web hook, and rows that happen."""

import json
import os
import signal
import socket
import sqlite3
import threading
from collections import Counter
from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import dataclass, field
from datetime import datetime
from email import message_from_bytes, policy
from email.message import EmailMessage
from http.server import BaseHTTPRequestHandler, ThreadingHTTPServer
from typing import Any

from aiosmtpd.controller import Controller

from review import register
from review.alerts.desk import Report, run
from review.alerts.people import Directory
from review.alerts.subscribing import Row, change, default_rhythm
from store.db import connect, writing
from store.home import Home

PEOPLE = {
    "anna": 'title = "Anna de Vries"\naddress = "anna@example.org"\nstate = "NL"\nzone = "Europe/Amsterdam"\n'
    'deputy = "bert"\nhead = "carla"\n',
    "bert": 'title = "Bert Jansen"\naddress = "bert@example.org"\nlanguage = "nl"\nstate = "NL"\n'
    'zone = "Europe/Amsterdam"\n',
    "carla": 'title = "Carla Smit"\naddress = "carla@example.org"\nstate = "NL"\nzone = "Europe/Amsterdam"\n',
}
HOOK = "COI_TEST_HOOK"


def at(text: str) -> datetime:
    """An instant written like '2022-06-29 07:00', UTC."""
    return datetime.fromisoformat(f"{text}+00:00")


@dataclass
class Mailbox:
    """What a mail server took, and how it behaves: `refuse` answers every message so; `kill` ends the sender first."""

    port: int = 0
    taken: list[EmailMessage] = field(default_factory=list)
    refuse: str = ""
    refused: int = 0
    kill: list[int] = field(default_factory=list)

    async def handle_RCPT(self, server: Any, session: Any, envelope: Any, address: str, options: Any) -> str:
        if self.refuse:
            self.refused += 1
            return self.refuse
        envelope.rcpt_tos.append(address)
        return "250 ok"

    async def handle_DATA(self, server: Any, session: Any, envelope: Any) -> str:
        self.taken.append(message_from_bytes(envelope.content, policy=policy.default))  # type: ignore[arg-type]
        if self.kill:
            os.kill(self.kill.pop(), signal.SIGKILL)  # it was taken, and the sender never hears so
        return "250 taken"

    def times(self) -> Counter[str]:
        """How often each Message-ID came."""
        return Counter(str(mail["Message-ID"]) for mail in self.taken)

    def mailbox(self) -> list[EmailMessage]:
        """What a mailbox that knows Message-IDs shows: each once."""
        return list({str(mail["Message-ID"]): mail for mail in reversed(self.taken)}.values())[::-1]


@contextmanager
def mail_server() -> Iterator[Mailbox]:
    """A real SMTP server on a free port."""
    with socket.create_server(("127.0.0.1", 0)) as free:
        box = Mailbox(port=free.getsockname()[1])
    controller = Controller(box, hostname="127.0.0.1", port=box.port)
    controller.start()
    try:
        yield box
    finally:
        controller.stop()


@dataclass
class Hook:
    """A web hook: what was posted to it, and the status it answers with."""

    url: str = ""
    posted: list[dict[str, Any]] = field(default_factory=list)
    status: int = 200


@contextmanager
def hook_server() -> Iterator[Hook]:
    """A real HTTP server that takes JSON."""
    hook = Hook()

    class Handler(BaseHTTPRequestHandler):
        def do_POST(self) -> None:
            body = self.rfile.read(int(self.headers["Content-Length"]))
            if hook.status == 200:
                hook.posted.append(json.loads(body))
            self.send_response(hook.status)
            self.end_headers()

        def log_message(self, *_: object) -> None:
            pass

    server = ThreadingHTTPServer(("127.0.0.1", 0), Handler)
    thread = threading.Thread(target=server.serve_forever, kwargs={"poll_interval": 0.02}, daemon=True)
    thread.start()
    hook.url = f"json://127.0.0.1:{server.server_port}/alerts"
    try:
        yield hook
    finally:
        server.shutdown()
        server.server_close()


def declare(home: Home, box: Mailbox, people: dict[str, str] = PEOPLE) -> None:
    """Write the files of people and of two channels, `mail` and `hook`."""
    for folder in ("people", "channels"):
        (home.declared / folder).mkdir(parents=True, exist_ok=True)
    for name, text in people.items():
        (home.declared / "people" / f"{name}.toml").write_text(text, "utf-8")
    (home.declared / "channels" / "mail.toml").write_text(
        f'title = "Mail"\nvia = "smtp"\nhost = "127.0.0.1"\nport = {box.port}\nsecurity = "none"\n'
        'sender = "COI tracker <coi@example.org>"\n',
        "utf-8",
    )
    (home.declared / "channels" / "hook.toml").write_text(
        f'title = "Hook"\nvia = "apprise"\nurl_env = "{HOOK}"\n', "utf-8"
    )


def prepare(home: Home, box: Mailbox, now: datetime) -> None:
    """A home with the shipped register, people and channels, whose alerts have looked once: it has no history."""
    declare(home, box)
    conn = connect(home)
    with writing(conn):
        register.sync(conn, home.declared, at="2022-01-01T00:00:00Z")
    conn.close()
    run(home, now=now, environ={})


def subscribe(
    home: Home, person: str, *events: str, channel: str = "mail", country: str = "RU",
    environ: dict[str, str] | None = None,
) -> None:  # fmt: skip
    """Let a person be told of these events about a country; those about no country, of any."""
    from review.alerts.subscribing import WITHOUT_COUNTRY

    directory = Directory.load(home.declared)
    conn = connect(home)
    with writing(conn):
        for event in events:
            row = Row(
                person=person, country="*" if event in WITHOUT_COUNTRY else country, group="*", event=event,
                channel=channel, rhythm=default_rhythm(event),
            )  # fmt: skip
            change(conn, row, directory, environ or {}, act="subscribe", actor="tests", at="2022-01-01T00:00:00Z")
    conn.close()


def tick(home: Home, now: str, environ: dict[str, str] | None = None) -> Report:
    """One run of the alerts at an instant."""
    return run(home, now=at(now), environ=environ or {})


@contextmanager
def rows(home: Home) -> Iterator[sqlite3.Connection]:
    """A transaction in which something happens."""
    conn = connect(home)
    try:
        with writing(conn):
            yield conn
    finally:
        conn.close()


def verdict(conn: sqlite3.Connection, as_of: str, effective: str, **changes: object) -> None:
    """A stored verdict on G1.3 for RU, provisional."""
    outcome = {
        "tests": {"current": {"result": "fail" if effective == "insufficient" else "pass",
                              "reason": f"CURRENT on {as_of}", "reason_nl": f"ACTUEEL op {as_of}"}},
        "gates": [], "reasons": [f"CURRENT on {as_of}"], "reasons_nl": [f"ACTUEEL op {as_of}"], "passages": [],
        "evidence": [], "contradictions": changes.pop("contradictions", []),
        "fragile_origin": changes.pop("fragile_origin", None),
    }  # fmt: skip
    facts = {
        "as_of": as_of, "basis": "held", "reading": "provisional", "rules_version": "1", "country": "RU",
        "group_id": "conscripts", "question_id": "G1.3", "inputs_digest": f"{as_of}{effective}".ljust(64, "0"),
        "status": effective, "effective": effective, "certainty": "low", "fragile": 0, "stale_on": None,
        "falls_on": None, "origins": 0, "items": 0, "outcome": json.dumps(outcome),
        "computed_at": f"{as_of}T06:00:00Z",
    } | changes  # fmt: skip
    conn.execute(f"insert into verdicts ({', '.join(facts)}) values ({', '.join('?' for _ in facts)})",
                 list(facts.values()))  # fmt: skip
