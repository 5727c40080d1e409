"""docs/sources.md is made from the shipped source files; `coi check` says when it is out of date.

Make it anew: python -m crawler.sources_doc
"""

from collections import Counter
from collections.abc import Mapping
from pathlib import Path

from crawler.shapes import Shape
from crawler.source import Source, load_sources

PROJECT = Path(__file__).parents[1]
HEAD = """# Sources

Made from `crawler/sources/*.toml` by `python -m crawler.sources_doc`; do not edit. What the columns mean:
[add a source](add-a-source.md). The runbook of a source is the head of its file, behind its name.

*Case*: the saved pages from which its reading is tested. *Verified*: the day an operator last probed the live site with
`coi sources check`; *never* means that the addresses are as the publisher documents them, and nobody has tried.

"""
TABLE = "| source | shape | every | grade | type | owner | keeps | case | verified | |\n" + "|---" * 10 + "|\n"


def render() -> str:
    """The whole document: how many of each shape, then one line for each shipped source, by id."""
    sources = load_sources()
    return HEAD + _shapes(sources) + TABLE + "".join(_line(source) for source in sources.values())


def stale(docs: Path = PROJECT / "docs") -> str | None:
    """Say what to do where the document is not what the source files say now; None where it is.

    Raises DeclarationError where a source file is broken.
    """
    path = docs / "sources.md"
    if path.exists() and path.read_text("utf-8") == render():
        return None
    return f"{path}: out of date; run 'python -m crawler.sources_doc'"


def _shapes(sources: Mapping[str, Source]) -> str:
    number = Counter(source.shape for source in sources.values())
    said = ", ".join(f"{number[shape]} {shape}" for shape in Shape if number[shape])
    return f"{len(sources)} files: {said}.\n\n"


def _line(source: Source) -> str:
    case = f"tests/sources/{source.id}/"
    cells = (
        f"[{source.id}](../crawler/sources/{source.id}.toml)<br>{source.title}",
        source.shape.value,
        source.every or "by hand",
        source.grade,
        source.type.value,
        source.owner,
        source.keep,
        f"[case](../{case})" if (PROJECT / case / "expected.json").exists() else "none",
        source.verified_on.isoformat() if source.verified_on else "never",
        "; ".join(_notes(source)),
    )
    return f"| {' | '.join(cell.replace('|', '/') for cell in cells)} |\n"


def _notes(source: Source) -> list[str]:
    """What an operator should know beside the columns."""
    notes = [f"needs {source.needs.setting}"] if source.needs else []
    notes += ["optional"] if source.optional else []
    notes += ["needs a browser"] if source.render else []
    notes += [f"decisive for {', '.join(source.decisive_for)}"] if source.decisive_for else []
    return notes + ([source.window] if source.window else [])


if __name__ == "__main__":
    (PROJECT / "docs" / "sources.md").write_text(render(), "utf-8")
