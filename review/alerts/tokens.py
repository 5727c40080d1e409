"""Links by which a message is acknowledged: signed, for one person and one alert, used once, good for a year.

The key lies in a file of the home that only its owner can read; neither it nor a token is ever in the database. A page
that opens such a link must ask before it acts (POST): mail programs open links to look at them.
"""

import hmac
import json
import os
import secrets
from base64 import urlsafe_b64decode, urlsafe_b64encode
from dataclasses import dataclass
from datetime import UTC, date, datetime, timedelta
from hashlib import sha256
from typing import Literal

from store.errors import ForPeople
from store.home import Home

GOOD_FOR = timedelta(days=366)


class BadToken(ForPeople, ValueError):
    """The link was changed, is too old, or is not ours. `why` (changed, old, key, elsewhere) and `facts` say it in any
    language: words.toml of the site has wrong.link.<why>.
    """

    def __init__(self, said: str, why: Literal["changed", "old", "key", "elsewhere"], **facts: object) -> None:
        super().__init__(said)
        self.why, self.facts = why, facts


@dataclass(frozen=True, slots=True, kw_only=True)
class Pass:
    """Who may acknowledge which alert, until which day."""

    alert_id: int
    person: str
    until: date


def secret(home: Home) -> bytes:
    """The key that links are signed with; made at the first use, readable by the owner of the home only."""
    path = home.path / "alerts-secret"
    try:
        with os.fdopen(os.open(path, os.O_CREAT | os.O_EXCL | os.O_WRONLY, 0o600), "w") as made:
            made.write(secrets.token_hex(32))
    except FileExistsError:
        pass
    key = path.read_text("ascii").strip()
    if len(key) < 64:
        raise BadToken(
            f"{path} holds no key of 64 characters; remove it and a new one is made (old links then end)", "key"
        )
    return key.encode("ascii")


def sign(key: bytes, alert_id: int, person: str, made_on: date) -> str:
    """Return the token of a person for an alert; the same every time, so that a message sent again is the same."""
    text = json.dumps([alert_id, person, (made_on + GOOD_FOR).isoformat()]).encode()
    body = urlsafe_b64encode(text).decode().rstrip("=")
    return f"{body}.{_mac(key, body)}"


def read(key: bytes, token: str, now: datetime) -> Pass:
    """Return what a token allows. BadToken says what is wrong with it."""
    body, _, mac = token.partition(".")
    if not mac.isascii() or not body.isascii() or not hmac.compare_digest(_mac(key, body), mac):
        raise BadToken(
            "this link is not valid: part of it is missing or changed; copy it whole from the message", "changed"
        )
    alert_id, person, until = json.loads(urlsafe_b64decode(body + "=" * (-len(body) % 4)))
    found = Pass(alert_id=alert_id, person=person, until=date.fromisoformat(until))
    if now.astimezone(UTC).date() > found.until:
        raise BadToken(
            f"this link was good until {found.until}; use 'coi alerts ack {alert_id} --by {person}'", "old",
            until=found.until.isoformat(), id=alert_id, person=person,
        )  # fmt: skip
    return found


def _mac(key: bytes, body: str) -> str:
    return urlsafe_b64encode(hmac.new(key, b"seen:" + body.encode(), sha256).digest()).decode().rstrip("=")
