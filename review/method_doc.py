"""docs/method.md: the rules in words and every threshold with its reason, made from what rules and page read."""

import tomllib
from pathlib import Path

from review.method.thresholds import RULES, method_rows

DOCS = Path(__file__).parents[1] / "docs"
WORDS = Path(__file__).with_name("plugin") / "words.toml"
PARTS = ("origins", "current", "unambiguous", "reliable", "gates", "status", "readings")
"""The rules in words, in the order of the page /method."""
LANGUAGES = ("en", "nl")


def render() -> str:
    """The document as it must read now: English, then Dutch, in the words of the page /method."""
    head = (
        "# Method in force\n\nMade from `review/method/thresholds.toml` and the words of the page `/method` by "
        "`python -m review.method_doc`; do not edit. One verdict with every number recomputed by hand: "
        "[method-worked.md](method-worked.md).\n"
    )
    return head + "".join(_in(language) for language in LANGUAGES)


def stale(docs: Path = DOCS) -> str | None:
    """Say what to do where the document is not what the rules say now; None where it is."""
    path = docs / "method.md"
    if path.exists() and path.read_text("utf-8") == render():
        return None
    return f"{path}: out of date; run 'python -m review.method_doc'"


def _in(language: str) -> str:
    words = tomllib.loads(WORDS.read_text("utf-8"))
    at = LANGUAGES.index(language)

    def word(key: str) -> str:
        return str(words[f"how.{key}"][at])

    lines = [f"\n## {word('title')} ({language})\n", f"\n{word('what')}\n", f"\n**{word('guard')}**\n"]
    for part in PARTS:
        lines.append(f"\n### {word(part)}\n\n{word(part + '_more')}\n")
    lines.append(f"\n### {word('thresholds').format(version=RULES.rules_version)}\n\n{word('thresholds_more')}\n")
    lines.append(f"\n| {word('name')} | {word('value')} | {word('reason')} |\n|---|---|---|\n")
    lines += [f"| `{name}` | {value} | {reason} |\n" for name, value, reason in method_rows(language)]
    return "".join(lines)


if __name__ == "__main__":
    (DOCS / "method.md").write_text(render(), "utf-8")
