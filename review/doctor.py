"""`coi doctor` on people and alerts: who may sign in and sign, what channels lack, what was not delivered.

A secret is present or not; none is ever printed. What the service has in its environment is seen only where the
command runs with it.
"""

import os
from collections import Counter
from collections.abc import Iterator

from review.accounts import Accounts, AccountsError
from review.alerts.people import Directory
from store.db import connect_readonly
from store.doctor import Finding, Level, found
from store.home import Home
from store.operating import ran_live

HERE = "run it with the environment of the service, e.g. systemd's EnvironmentFile"


def of_people(home: Home) -> Iterator[Finding]:
    """Accounts, the secret of cookies, channels, messages."""
    yield from _accounts()
    kept = "DATASETTE_SECRET" if os.environ.get("DATASETTE_SECRET") else ""
    kept = kept or ("the file site-secret" if (home.path / "site-secret").exists() else "")
    yield found(
        "secret.cookies",
        f"in {kept}" if kept else "none yet: the first start of the site makes one",
        level=None if kept else Level.NOTE,
    )
    directory = Directory.load(home.declared)
    for problem in directory.problems:
        yield found("alerts.declared", "a person or channel is wrong", problem)
    if home.database.exists():
        yield from _channels(home, directory)
        yield from _messages(home)


def _accounts() -> Iterator[Finding]:
    try:
        accounts = Accounts.from_environment()
    except AccountsError as error:
        yield found("people", "a variable is wrong: the site does not start", str(error), level=Level.NOW)
        return
    if not accounts.closed:
        yield found(
            "people",
            f"nobody is declared here: the site answers this machine only (docs/access.md). If people are, {HERE}",
            level=Level.NOTE,
        )
        return
    roles = Counter(account.role for account in accounts.people.values())
    said = ", ".join(f"{number} {role}" for role, number in sorted(roles.items()))
    lacks = [role for role in ("approver", "operator") if not roles[role]]
    yield found(
        "people",
        f"{said or 'no person'}; scripts {len(accounts.scripts)}",
        f"nobody is {' or '.join(lacks)}: 'coi people add NAME --role {lacks[0]}'" if lacks else "",
    )


def _channels(home: Home, directory: Directory) -> Iterator[Finding]:
    conn = connect_readonly(home)
    try:
        rows = conn.execute("select distinct person, channel from current_subscriptions order by 2, 1").fetchall()
        live = ran_live(conn)
    finally:
        conn.close()
    if not rows:
        yield found(
            "alerts.subscriptions",
            "nobody is told of alerts",
            "'coi alerts subscriptions add': an alert that nobody gets is none (docs/alerts.md)",
            level=None if directory.people or live else Level.NOTE,
        )
        return
    yield found("alerts.subscriptions", f"{len({row['person'] for row in rows})} people are told")
    for name in sorted({row["channel"] for row in rows}):
        channel = directory.channels.get(name)
        if channel is None:
            yield found(f"channel.{name}", "subscribed to, and not declared", f"write declared/channels/{name}.toml")
        elif lacks := channel.missing(os.environ):
            yield found(
                f"channel.{name}", "a secret is missing here", f"{'; '.join(lacks)}; if the service has it, {HERE}"
            )
        else:
            yield found(f"channel.{name}", "its secrets are set")


def _messages(home: Home) -> Iterator[Finding]:
    conn = connect_readonly(home)
    try:
        states = dict(conn.execute("select state, count(*) from letter_states group by 1").fetchall())
        unseen = conn.execute("select count(*) from unacknowledged_alerts").fetchone()[0]
    finally:
        conn.close()
    dead, failed = states.get("dead", 0), states.get("failed", 0)
    yield found(
        "alerts.dead",
        f"{dead} messages given up",
        "'coi alerts dead', correct what it says, then 'coi alerts retry --all'" if dead else "",
        level=Level.NOW if dead else None,
    )
    if failed:
        yield found("alerts.failed", f"{failed} messages wait for another try", "'coi alerts test CHANNEL --to PERSON'")
    if unseen:
        yield found("alerts.unseen", f"{unseen} alerts that nobody acknowledged", level=Level.NOTE)
