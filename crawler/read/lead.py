"""The lead of an article: the sentence in bold under its title, which extraction takes for a heading and drops."""

import re

from crawler.read.clean import one_line
from crawler.read.passages import Block
from crawler.read.safe_xml import Element, local

_LEAST, _MOST = 40, 600  # characters; shorter is a caption or a date, longer is text that would not have been dropped
_SENTENCE = re.compile(r"[.!?…][\"”»)\]]*$")
_SAME = 60  # characters by which a paragraph is known again
_PLACES = frozenset(["p", "h2", "h3", "h4", "strong", "b", "em"])


def with_lead(tree: Element, blocks: list[Block]) -> list[Block]:
    """The blocks with the whole sentences in front that stand before the first of them in the very same element.

    Only sentences without a link: what carries links there is navigation, what is no sentence a heading or a date.
    """
    first = blocks[0] if blocks else None
    begins = _begin(first.text) if first else ""
    place = next((p for p in tree.iter("p") if begins and _begin("".join(p.itertext())) == begins), None)
    if place is None:
        return blocks
    found: list[Block] = []
    for sibling in place.itersiblings(preceding=True):
        name = local(sibling)
        if name == "h1":
            break
        text = one_line("".join(sibling.itertext())) if name in _PLACES else None
        if text and _is_lead(text) and next(sibling.iter("a"), None) is None:
            found.insert(0, Block(text=text))
    held = {_begin(block.text) for block in blocks}
    return [*(block for block in found if _begin(block.text) not in held), *blocks]


def _is_lead(text: str) -> bool:
    return _LEAST <= len(text) <= _MOST and _SENTENCE.search(text) is not None


def _begin(text: str) -> str:
    return "".join(text.split())[:_SAME]
