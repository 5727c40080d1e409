"""Who may do what. The one place that knows roles; Datasette asks through the permission_allowed hook."""

from collections.abc import Mapping

DECIDE = "coi-decide"
DECIDING_ROLES = frozenset({"researcher", "approver"})
LOCAL = "root"  # the actor of the one-time sign-in link that `coi serve` prints on this machine


def may_decide(actor: Mapping[str, object] | None) -> bool:
    """True for researchers and approvers, and for the person at this machine."""
    if not actor:
        return False
    return str(actor.get("role")) in DECIDING_ROLES or actor.get("id") == LOCAL


def answer(actor: Mapping[str, object] | None, action: str) -> bool | None:
    """Datasette's question: yes or no for our own action, no opinion (None) on any other."""
    return may_decide(actor) if action == DECIDE else None


def name_of(actor: Mapping[str, object]) -> str:
    """The name that a decision is kept under."""
    return str(actor.get("id") or actor.get("username") or actor.get("name") or "").strip()
