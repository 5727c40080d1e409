"""What a paper adds to an answer that people know in machine translation only: the translation, with its mark."""

from collections.abc import Iterator

from review.cite.clean import line, prose
from review.pack.blocks import Block, Para, Text
from review.pack.gather import Contents
from review.pack.say import Say
from review.standing import Item
from store.translations import best


def helped(item: Item, found: Contents, words: Say) -> Iterator[Block]:
    """The translation of the whole passage below its quotation, which stays the original's; nothing for other items."""
    made = best(found.translations.get(item.passage_id, ()), words.language) if item.machine else None
    if made is None:
        return
    mark = words("tra.by", engine=made.engine, version=made.engine_version, day=words.day(made.translated_at))
    said = Text(text=prose(made.text), soft=True, language=made.to_language)
    yield Para(
        line=(Text(text=f"{words('tra.mark')} · {line(mark)} · {words('tra.whole')}: ", bold=True), said), style="small"
    )
