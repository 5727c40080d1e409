"""Web addresses in a running text, for formats whose links are written out rather than marked."""

import re
from collections.abc import Iterable

_ADDRESS = re.compile(r"https?://[^\s<>\"“”«»{}|\\^`\[\]]+", re.IGNORECASE)
_MOST = 2000  # a reference list of a long report has some hundreds


def addresses_in(*texts: str, known: Iterable[str] = ()) -> tuple[str, ...]:
    """Each http(s) address once: the known ones (a file's own links) first, then those that stand in the texts.

    An address in a text that is only the beginning of a known one was cut by a line end and is left out.
    """
    whole = [link for link in known if _ADDRESS.fullmatch(link)]
    found = dict.fromkeys(whole)
    for text in texts:
        for match in _ADDRESS.finditer(text):
            address = _without_tail(match[0])
            if not any(link.startswith(address) for link in whole):
                found.setdefault(address)
    return tuple(found)[:_MOST]


def _without_tail(address: str) -> str:
    """Without the stop of the sentence and the bracket that was opened before the address."""
    address = address.rstrip(".,;:!?…'’*")
    while address.endswith(")") and address.count("(") < address.count(")"):
        address = address[:-1].rstrip(".,;:!?")
    return address
