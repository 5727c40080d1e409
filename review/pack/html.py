"""A paper as one HTML file that needs nothing else: no script, no asset, its style inside, fit for print."""

from functools import cache
from pathlib import Path

from jinja2 import Environment, FileSystemLoader, StrictUndefined, Template
from markupsafe import Markup

from review.pack.blocks import Paper
from review.pack.say import Say

HERE = Path(__file__).parent
DRAWN = HERE.parent / "plugin" / "templates"  # where the pictures of the site are drawn


@cache
def _template() -> Template:
    place = Environment(loader=FileSystemLoader([HERE, DRAWN]), autoescape=True, undefined=StrictUndefined)
    return place.get_template("paper.html")


def as_html(paper: Paper) -> bytes:
    """The file, in UTF-8. Every text is escaped; the style is our own file."""
    words = Say(paper.language)
    blocks = [{"kind": type(block).__name__, "level": 0} | _fields(block) for block in paper.blocks]
    said = _template().render(
        paper={"title": paper.title, "language": paper.language, "blocks": blocks, "notes": paper.notes},
        css=Markup((HERE / "paper.css").read_text("utf-8")),  # noqa: S704 - a file of ours
        over=words("pack.over"), contents=words("pack.contents"), notes=words("pack.notes"),
        back=words("pack.note_back"),
    )  # fmt: skip
    return said.encode("utf-8", "replace")


def _fields(block: object) -> dict[str, object]:
    return {name: getattr(block, name) for name in block.__slots__}  # type: ignore[attr-defined]
