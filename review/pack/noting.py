"""The footnotes of a paper, numbered as they come: a document in full once, and short after that."""

from review.cite.footnote import SHORT_HASH, Part, again, footnote
from review.pack.say import Say
from store.references import Reference


class Notes:
    """Collects the notes of one paper."""

    def __init__(self, say: Say) -> None:
        self._say = say
        self._first: dict[int, int] = {}
        self.kept: list[tuple[Part, ...]] = []

    def cite(self, ref: Reference) -> int:
        """The number of a new note on a passage; the whole hash stands in the list of captures."""
        number = len(self.kept) + 1
        first = self._first.setdefault(ref.document_id, number)
        fresh = first == number
        self.kept.append(footnote(ref, self._say, digits=SHORT_HASH) if fresh else again(ref, self._say, first))
        return number
