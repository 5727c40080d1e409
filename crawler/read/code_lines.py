"""Program code that a publisher's page shows among its text, usually a script that lost its <script> element."""

import re
from collections.abc import Iterable, Sequence

from crawler.read.passages import Block

__all__ = ["code_lines", "code_warning", "without_code", "without_code_blocks"]

# A line of code from its first to its last character; prose that only mentions code matches none of these.
_CODE = re.compile(
    r"""\s*(?:
        (?:async\s+)?function\b\s*[\w$]*\s*\([^)]*\)\s*\{.*             # function name() {
      | \(\s*(?:async\s+)?function\b\s*[\w$]*\s*\([^)]*\)\s*\{.*        # (function () {
      | (?:var|let|const)\s+[\w$]+\s*=[^=].*[;{]                        # var a = 1;
      | (?:\$|jQuery)(?:\.\w+)?\(.*[;{})]                                # $('#a').html(b);  $.get(...
      | (?:window|document|console|dataLayer|googletag)(?:\.\w|\[).*[;{}] # document.write(...);
      | [A-Za-z_$][\w$]*(?:\.[\w$]+)*\(\s*\)\s*;                        # name();
      | [A-Za-z_$][\w$]*(?:\.[\w$]+)+\(\s*["'‘’“”{\[].*\)\s*;           # a.name('b');
    )\s*""",
    re.VERBOSE,
)
# What belongs to a block of code that a line above has opened, though it proves nothing by itself.
_INSIDE = re.compile(
    r"(?!\Z)\s*+(?:[\]\s{}();,]*+|(?:if|for|while|else|return|try|catch|switch|case|break)\b.*[;{}:]\s*"
    r"|[^={(\n]*+[={(].*[;{}]\s*)"
)


def code_lines(lines: Sequence[str]) -> list[bool]:
    """For each line whether it clearly is program code.

    A line counts that is code from end to end, and below a brace that it opens the lines that fit in. Anything
    doubtful is text: a passage too many is seen by its reader, a passage lost is not.
    """
    found: list[bool] = []
    depth = 0
    for line in lines:
        inside = depth > 0 and bool(_INSIDE.fullmatch(line))
        is_code = inside or _is_code(line)
        depth = max(0, depth + line.count("{") - line.count("}")) if is_code else 0
        found.append(is_code)
    return found


def _is_code(line: str) -> bool:
    return line.rstrip().endswith((";", "{", "}", ")")) and bool(_CODE.fullmatch(line))


def without_code(text: str) -> tuple[str, int]:
    """The text without its lines of code, and how many those were."""
    lines = text.split("\n")
    marks = code_lines(lines)
    if not any(marks):
        return text, 0
    return "\n".join(line for line, is_code in zip(lines, marks, strict=True) if not is_code), sum(marks)


def without_code_blocks(blocks: Iterable[Block]) -> tuple[list[Block], int]:
    """The blocks of a page without those that are a line of code, and how many those were."""
    kept = list(blocks)
    marks = code_lines([block.text for block in kept])
    return [block for block, is_code in zip(kept, marks, strict=True) if not is_code], sum(marks)


def code_warning(count: int) -> tuple[str, ...]:
    """What to tell the reader of a text from which so many lines were left out."""
    if not count:
        return ()
    return (f"{count} line{'s' if count > 1 else ''} of program code {'were' if count > 1 else 'was'} left out",)
