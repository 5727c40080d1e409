"""Who may do what. The one place that knows roles; Datasette asks through the permission_allowed hook."""

import re
from collections.abc import Mapping
from contextvars import ContextVar
from urllib.parse import parse_qs

from store.names import same_name

DECIDE = "coi-decide"
DECIDING_ROLES = frozenset({"researcher", "approver"})
OVERSEEING_ROLES = frozenset({"approver", "operator"})
ROLES = DECIDING_ROLES | OVERSEEING_ROLES | {"reader"}
LOCAL = "root"  # the actor of the one-time sign-in link that `coi serve` prints on this machine
# What a coder said must not be seen by the next one, also not through the chain that holds every act.
BLIND = frozenset({"codings", "answered", "audit"})
# Who is told what by which channel, and what came of it: for who operates the site, or oversees what is signed.
PERSONAL = frozenset({"subscriptions", "outbox", "letters", "letter_alerts", "deliveries", "acknowledgements"})
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


def answer(actor: Mapping[str, object] | None, action: str, resource: object = None) -> bool | None:
    """Datasette's question: yes or no for our own action, no for what is closed, no opinion (None) on any other."""
    path, query = asking.get()
    if action == DECIDE:
        return may_decide(actor)
    if action == "view-instance" and MACHINE.search(path):
        return None if _operates(actor) else False
    if action == "view-table" and isinstance(resource, tuple):
        return False if resource[-1] in _closed(actor) else None
    if action == "execute-sql":
        said = " ".join(value for values in parse_qs(query).values() for value in values).lower()
        return False if any(re.search(rf"\b{name}\b", said) for name in _closed(actor)) else None
    return None


def sees_names(actor: Mapping[str, object] | None) -> bool:
    """Whether this visitor may read who said that they had seen something: people with a role."""
    return bool(actor) and (_operates(actor) or str(actor.get("role")) in ROLES)  # type: ignore[union-attr]


def sees_person(actor: Mapping[str, object] | None, person: str) -> bool:
    """Whether this visitor may read what is sent to a person: that person, and who operates or oversees the site."""
    if not actor:
        return False
    return _operates(actor) or str(actor.get("role")) in OVERSEEING_ROLES or name_of(actor) == person


def _closed(actor: Mapping[str, object] | None) -> frozenset[str]:
    """The tables and views that this visitor may not read."""
    role = str(actor.get("role")) if actor else ""
    if _operates(actor) or role in OVERSEEING_ROLES:
        return frozenset()
    return BLIND | PERSONAL


def _operates(actor: Mapping[str, object] | None) -> bool:
    return bool(actor) and (actor.get("id") == LOCAL or actor.get("role") == "operator")  # type: ignore[union-attr]


def name_of(actor: Mapping[str, object]) -> str:
    """The name that a decision is kept under."""
    return str(actor.get("id") or actor.get("username") or actor.get("name") or "").strip()
