"""Who may do what. The one place that knows roles; Datasette asks through the permission_allowed hook."""

import re
from collections.abc import Mapping
from contextvars import ContextVar
from urllib.parse import parse_qs

from review.plugin import reading
from store.comments import SEALED
from store.names import same_name

DECIDE = "coi-decide"
RESTRICTED = "coi-restricted-comments"
DECIDING_ROLES = frozenset({"researcher", "approver"})
OVERSEEING_ROLES = frozenset({"approver", "operator"})
ROLES = DECIDING_ROLES | OVERSEEING_ROLES | {"reader"}
LOCAL = "root"  # the actor of the one-time sign-in link that `coi serve` prints on this machine
# Who wrote a comment on what, restricted ones too: the page of comments shows each to those who may read it. The words
# of restricted ones no query of the site reads, whoever asks (store.comments.seal).
COMMENTS = frozenset({"comments"})
# What a coder said must not be seen by the next one, also not through the chain that holds every act.
BLIND = frozenset({"codings", "answered", "audit"})
# Who is told what by which channel, and what came of it: for who operates the site, or oversees what is signed.
PERSONAL = frozenset(
    {
        "subscriptions", "outbox", "letters", "letter_alerts", "deliveries", "acknowledgements",
        "current_subscriptions", "letter_states",
    }
)  # fmt: skip
CLOSED = SEALED | COMMENTS | BLIND | PERSONAL
MACHINE = re.compile(r"/-/(databases|threads)(\.json)?$")  # the path of the home, and what the process does
asking: ContextVar[tuple[str, str]] = ContextVar("asking", default=("", ""))
"""Path and query string of the request that is answered; Datasette's question about SQL does not say which SQL."""


def may_decide(actor: Mapping[str, object] | None) -> bool:
    """True for researchers and approvers who have a name, and for the person at this machine."""
    if not actor or not name_of(actor):
        return False
    return str(actor.get("role")) in DECIDING_ROLES or actor.get("id") == LOCAL


def may_sign(actor: Mapping[str, object] | None) -> bool:
    """True for who may approve what another person proposed: approvers, and the person at this machine."""
    return may_decide(actor) and bool(actor) and (actor.get("role") == "approver" or actor.get("id") == LOCAL)  # type: ignore[union-attr]


def may_answer(actor: Mapping[str, object] | None, act: str, proposed_by: str) -> bool:
    """Whether a person may approve, contradict or withdraw a proposal. Four eyes are asked for where it is kept."""
    if act == "dissent":
        return may_decide(actor)
    if act == "withdraw" and actor and may_decide(actor) and same_name(name_of(actor), proposed_by):
        return True
    return may_sign(actor)


def answer(
    actor: Mapping[str, object] | None, action: str, resource: object = None, *, closed: bool = False
) -> bool | None:
    """Datasette's question: yes or no for our own action, no for what is closed, no opinion (None) on any other.

    `closed`: the site has declared people, so that whoever is not signed in sees nothing.
    """
    path, query = asking.get()
    if action in (DECIDE, RESTRICTED):
        return may_decide(actor)
    if closed and not actor and action.startswith(("view-", "execute-")):
        return False
    if action == "view-instance" and MACHINE.search(path):
        return None if _operates(actor) else False
    if action == "view-table" and isinstance(resource, tuple):
        return False if _hidden(str(resource[-1]), _closed(actor)) else None
    if action == "execute-sql":
        return False if _asks_for(query, _closed(actor)) else None
    return None


def sees_names(actor: Mapping[str, object] | None) -> bool:
    """Whether this visitor may read who said that they had seen something: people with a role."""
    return bool(actor) and (_operates(actor) or str(actor.get("role")) in ROLES)  # type: ignore[union-attr]


def sees_person(actor: Mapping[str, object] | None, person: str) -> bool:
    """Whether this visitor may read what is sent to a person: that person, and who operates or oversees the site."""
    if not actor:
        return False
    return _operates(actor) or str(actor.get("role")) in OVERSEEING_ROLES or name_of(actor) == person


def _hidden(name: str, closed: frozenset[str]) -> bool:
    """A closed table or a view over one; to who does not oversee, also what was added by hand: nobody looked at it."""
    return name.lower() in reading.closure(closed) or (bool(closed & BLIND) and not reading.known(name))


def _asks_for(query: str, closed: frozenset[str]) -> bool:
    """Whether a query string carries SQL that may read what is closed: a whole query, or a piece of one (_where)."""
    said = parse_qs(query)
    if (
        not closed & BLIND
    ):  # who oversees may ask for tables of his own; restricted words are sealed however it is asked
        return reading.names(" ".join(value for values in said.values() for value in values), reading.closure(closed))
    pieces = " ".join(value for key, values in said.items() if key != "sql" for value in values)
    return any(reading.reads_closed(sql, closed) for sql in said.get("sql", ())) or reading.names(
        pieces, reading.closure(closed)
    )


def _closed(actor: Mapping[str, object] | None) -> frozenset[str]:
    """The tables that this visitor may not read, nor any view over them."""
    role = str(actor.get("role")) if actor else ""
    apart = SEALED if may_decide(actor) else SEALED | COMMENTS
    if _operates(actor) or role in OVERSEEING_ROLES:
        return apart
    return apart | BLIND | PERSONAL


def _operates(actor: Mapping[str, object] | None) -> bool:
    return bool(actor) and (actor.get("id") == LOCAL or actor.get("role") == "operator")  # type: ignore[union-attr]


def may_measure(actor: Mapping[str, object] | None, datasette: object) -> bool:
    """Who reads the metrics and the details of the health page: operators and their tokens, and whoever sits at a
    machine that declares nobody (such a site answers only that machine: review.plugin.gate).
    """
    accounts = getattr(datasette, "accounts", None)
    return _operates(actor) or not (accounts and accounts.closed)


def name_of(actor: Mapping[str, object]) -> str:
    """The name that a decision is kept under."""
    return str(actor.get("id") or actor.get("username") or actor.get("name") or "").strip()
