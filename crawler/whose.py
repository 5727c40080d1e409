"""Whose is this answer: a document we hold, a new one, or a page that merely stands where a document was?

Identity is source + the publisher's identifier, or the address (design section 3). Addresses move, canonical addresses
change, identifiers are used twice, and what is gone often leads to a front page: none of that may double a document,
or overwrite one with another's text.
"""

from dataclasses import dataclass
from urllib.parse import urlsplit

from crawler.items import address_key
from store.held import HeldVersion


@dataclass(frozen=True, slots=True, kw_only=True)
class Answer:
    """What is known of one answer. Addresses are normalised (items.address_key)."""

    asked: str
    answered: str
    page: str
    permanent: bool = False  # all redirects on the way were permanent
    fixed: str | None = None  # the key is given (a watched page)
    own_id: str | None = None  # the identifier that stands in the document itself
    listed_id: str | None = None  # the identifier that the list gave
    canonical: str | None = None  # the canonical address, on its own host
    published_on: str | None = None
    starts: frozenset[str] = frozenset()  # the source's start addresses

    @property
    def redirected(self) -> bool:
        return self.asked != self.answered

    @property
    def leads_home(self) -> bool:
        """Redirected to a front page or to a start page: the usual form of "no longer here"."""
        away = self.redirected and urlsplit(self.asked).path not in ("", "/")
        return away and (urlsplit(self.answered).path in ("", "/") or self.answered in self.starts)


@dataclass(frozen=True, slots=True, kw_only=True)
class Whose:
    """The decision: the key to keep it under (None: it is no document), and what else that means."""

    key: str | None
    moved: bool = False
    absent: HeldVersion | None = None  # the document that was asked for, and is not what answered
    problem: str = ""


def key_of(answer: Answer, at_address: HeldVersion | None, by_id: HeldVersion | None) -> tuple[str, str]:
    """The key before redirects are looked at, and what is odd about it ('' where nothing is).

    `at_address` is the document held at the asked address, `by_id` the one held under the identifier. Order: a fixed
    key; the identifier in the document; the document held at this address (a list may change its identifiers, a page
    its canonical address); the list's identifier, unless it is a used one; canonical address; address.
    """
    if answer.fixed or answer.own_id:
        return str(answer.fixed or answer.own_id), ""
    if at_address is not None:
        return at_address.key, ""
    address = answer.canonical or answer.page
    if answer.listed_id is None:
        return address, ""
    if by_id is not None and _is_another(by_id, answer):
        return address, (
            f"carries the identifier {answer.listed_id!r} of another document ({by_id.published_on}), at another "
            "address and of another day: kept as a document of its own"
        )
    return answer.listed_id, ""


def whose(answer: Answer, key: str, held: HeldVersion | None, *, shares: bool) -> Whose:
    """The decision for an answer with this key; `held` is the document of the key, `shares` whether texts overlap."""
    if not answer.redirected or (held is None and not answer.leads_home):
        return Whose(key=key)
    if held is None:
        return Whose(key=None, problem=f"leads to {answer.answered}, a front page")
    if shares:
        return Whose(key=key, moved=answer.permanent)
    said = f"leads to {answer.answered}, which has no passage in common with what was held"
    if answer.leads_home or answer.fixed:
        return Whose(key=None, absent=held, problem=said)
    return Whose(key=answer.page, absent=held, problem=f"{said}; kept as a document of its own")


def _is_another(held: HeldVersion, answer: Answer) -> bool:
    dates = held.published_on, answer.published_on
    return None not in dates and dates[0] != dates[1] and address_key(held.key) != answer.page
