"""Words that a person selected or pasted from a passage: where they stand in it, or that they do not."""

from review.plugin.look import Refused
from review.plugin.marks import words_in
from review.plugin.page import Page


def quoted(quote: str, text: str) -> tuple[int, int]:
    """Where quoted words stand in a passage (characters, end exclusive). Refused (400) where they do not."""
    found = words_in(text, quote)
    if found is None:
        raise Refused(400, "wrong.quote", value=quote[:80])
    return found


async def with_words(page: Page, passage_id: int, quote: str, reason: str, longest: int) -> str:
    """A reason behind the words of the passage that it rests on. Refused (400): not in the passage, or too long."""
    if not quote.strip():
        return reason
    row = await page.row("select text from passages where id = ?", [passage_id])
    text = str(row["text"]) if row else ""
    start, end = quoted(quote, text)
    said = f"“{text[start:end]}” {reason}".strip()
    if len(said) > longest:
        raise Refused(400, "wrong.long", n=len(said), most=longest)
    return said
