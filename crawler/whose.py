"""Whose is this answer: a document we hold, a new one, or a page that merely stands where a document was?

Identity is source + the publisher's identifier, or the address (design section 3). Addresses move, canonical addresses
change, identifiers are used twice, and what is gone often leads to a front page: none of that may double a document,
or overwrite one with another's text.
"""

from dataclasses import dataclass
from urllib.parse import urlsplit

from store.held import HeldVersion


@dataclass(frozen=True, slots=True, kw_only=True)
class Answer:
    """What is known of one answer. Addresses are normalised (items.address_key)."""

    asked: str
    answered: str
    page: str
    inline: bool = False  # the list's own text or link: no page was fetched
    homeless: bool = False  # inline, and without an address of its own: its identifier is all it has
    permanent: bool = False  # all redirects on the way were permanent
    fixed: str | None = None  # the key is given (a watched page)
    own_id: str | None = None  # the identifier that stands in the document itself
    listed_id: str | None = None  # the identifier that the list gave
    trusted: bool = False  # that identifier is a service's own number, not a feed's guid, which may be used twice
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


def key_of(answer: Answer, at_address: HeldVersion | None) -> str:
    """The key that an answer has by itself; `at_address` is the document held at the address that was asked for.

    In this order: a fixed key; the identifier in the document; of a list's own text the list's identifier; the document
    held at this address (a list may change its identifiers, a page its canonical address); the list's identifier; the
    canonical address; the address.
    """
    if answer.fixed or answer.own_id:
        return str(answer.fixed or answer.own_id)
    if answer.inline and answer.listed_id:
        return answer.listed_id
    if at_address is not None:
        return at_address.key
    return answer.listed_id or answer.canonical or answer.page


def whose(
    answer: Answer, key: str, held: HeldVersion | None, at_address: HeldVersion | None, *, shares: bool | None
) -> Whose:
    """The decision for an answer with this key.

    `held` is the document of the key, `shares` whether a third of its passages stand in the answer (None: there are no
    passages to compare, as of a mere link).
    """
    if held is None:
        home = answer.leads_home
        return Whose(key=None if home else key, problem=f"leads to {answer.answered}, a front page" if home else "")
    if answer.redirected:
        return _redirected(answer, key, held, shares=bool(shares))
    if answer.homeless or (answer.trusted and key == answer.listed_id):
        return Whose(key=key)
    known_here = at_address is not None and at_address.document_id == held.document_id
    if known_here or answer.fixed or answer.own_id or not _is_another(answer, held, shares):
        return Whose(key=key)
    return Whose(key=answer.page, problem=f"calls itself {key}, which is another document with another text: kept as "
                 "a document of its own")  # fmt: skip


def _redirected(answer: Answer, key: str, held: HeldVersion, *, shares: bool) -> Whose:
    if shares and not answer.leads_home:
        return Whose(key=key, moved=answer.permanent)
    said = f"leads to {answer.answered}, which has too little in common with what was held"
    if answer.leads_home or answer.fixed:
        return Whose(key=None, absent=held, problem=said)
    return Whose(key=answer.page, absent=held, problem=f"{said}; kept as a document of its own")


def _is_another(answer: Answer, held: HeldVersion, shares: bool | None) -> bool:
    """Whether what stands at another address is another document: by its text; a mere link by its day."""
    if shares is not None:
        return not shares
    days = held.published_on, answer.published_on
    return None not in days and days[0] != days[1]
