"""Header injection: line ends of every kind, and files, in names, titles and subjects of a mail that a real server takes.

A mail must come with one Subject, one To, one From, its one recipient, no header that a payload names, and no file.
"""

from collections.abc import Iterator
from datetime import UTC, datetime
from functools import partial
from pathlib import Path

from review.alerts import letters
from review.alerts.people import Directory
from review.alerts.sending import Outgoing, send
from store.home import Home
from tests.alerts_world import PEOPLE, Mailbox, declare, mail_server
from tests.attacks import Attack

ENDS = ("\r\n", "\n", "\r", "\n\n", "\r\n\r\n", "\x0b", "\x0c", "\x1c", "\x1d", "\x1e", "\x85", "\u2028", "\u2029", "\0",
        "\r\n ", "\n\t", "%0d%0a", "\\r\\n", "=0D=0A", "=?utf-8?q?=0D=0A?=", "嘊嘍", "\u00ad\n", "\u202e", "\ufeff\n")  # fmt: skip
INJECTED = ("Bcc: mallory@evil.example", "To: mallory@evil.example", "Subject: another", "X-Evil: 1",
            "Content-Type: text/html", ".\r\nMAIL FROM:<mallory@evil.example>", "--=============== boundary")  # fmt: skip
SINGLE = ("Subject", "To", "From", "Date", "Message-ID", "MIME-Version", "Content-Type", "Auto-Submitted")
KNOWN = {*(name.lower() for name in SINGLE), "x-coi-event", "x-coi-attempt", "content-transfer-encoding", "x-peer",
         "x-mailfrom", "x-rcptto"}  # fmt: skip
FILES = ("invoice.exe", "../../.ssh/authorized_keys", "/etc/passwd", "C:\\a.bat", "report.pdf\u202efdp.exe", "a.html", "a.js",
         "a.svg", "a" * 4000, "CON", "a\0.pdf", "=?utf-8?b?YS5leGU=?=", "a.exe\r\n\r\nMZ", ".htaccess", "a.docm", "a.lnk")  # fmt: skip
ATTACHED = (
    "Content-Disposition: attachment; filename=\"{}\"", "Content-Disposition: attachment; filename*=utf-8''{}",
    "Content-Type: application/octet-stream; name=\"{}\"",
    "\r\n--=\r\nContent-Disposition: attachment; filename={}\r\n\r\nx",
    "begin 644 {}\r\n#0V%T\r\n`\r\nend",
)  # fmt: skip
PLACES = ("a title of a document in the subject", "the name of a person", "the text")


def mails(folder: Path) -> Iterator[Attack]:
    """Every line end with every header, in every place that somebody else can write."""
    home = Home(folder / "home")
    home.create()
    with mail_server() as box:
        for end in ENDS:
            for header in INJECTED:
                for place in PLACES:
                    yield f"{place}: {end!r} {header!r}", partial(_sent, home, box, place, f"A title{end}{header}")
        for end in ("\r\n", "\n", "\u2028"):
            for form in ATTACHED:
                for name in FILES:
                    for place in PLACES:
                        text = f"A title{end}{form.format(name)}"
                        yield f"{place}: {end!r} {form[:30]!r} {name[:40]!r}", partial(_sent, home, box, place, text)


def _sent(home: Home, box: Mailbox, place: str, text: str) -> str:
    title = text if place == PLACES[1] else "Anna de Vries"
    written = "".join(f"\\U{ord(one):08x}" for one in title)
    declare(home, box, PEOPLE | {"anna": PEOPLE["anna"].replace('"Anna de Vries"', f'"{written}"')})
    directory = Directory.load(home.declared)
    try:
        person = directory.person("anna")
    except (ValueError, LookupError):
        return "" if place == PLACES[1] else "the person was refused"  # told by `coi check`; nothing is sent
    letter = letters.write(text if place == PLACES[0] else "Subject", text if place == PLACES[2] else "Lead",
                           [], language="en", site="http://127.0.0.1:8001", key="k")  # fmt: skip
    box.taken.clear()
    send(directory.channel("mail"), Outgoing(key="k", subject=letter.subject, body=letter.body, html=letter.html,
                                             to=person, made_at=datetime(2022, 7, 1, tzinfo=UTC)), {})  # fmt: skip
    if len(box.taken) != 1:
        return f"{len(box.taken)} mails came"
    (mail,) = box.taken
    more = [name for name in mail if name.lower() not in KNOWN]
    twice = [name for name in SINGLE if len(mail.get_all(name, [])) != 1]
    to = [one.addr_spec for one in mail["To"].addresses]
    if more or twice or to != ["anna@example.org"] or not str(mail["Content-Type"]).startswith("multipart/alternative"):
        return f"headers {more or twice}, to {to}, {mail['Content-Type']}"
    if given := [one.get_filename() for one in mail.walk() if one.get_filename() or one["Content-Disposition"]]:
        return f"a file named {given}"
    kinds = [one.get_content_type() for one in mail.walk()]
    return "" if kinds == ["multipart/alternative", "text/plain", "text/html"] else f"parts {kinds}"
