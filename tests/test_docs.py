"""The documents are run: every example loads, every command and key is named, what is generated is not stale."""

import re
import tomllib
from datetime import date
from pathlib import Path
from types import ModuleType

import click
import pytest
from pydantic import BaseModel
from pydantic.fields import FieldInfo

from coi import COMMANDS, cli
from crawler import sources_doc
from crawler.shapes import RULES, Shape
from crawler.source import Article, Budget, Expect, Needs, Source, load_sources
from crawler.states import State
from review import method_doc
from review.alerts.model import Kind
from review.alerts.people import Person
from store import schema_doc

PROJECT = Path(__file__).resolve().parents[1]
DOCS = sorted((PROJECT / "docs").glob("*.md"))
HOW = (PROJECT / "docs" / "add-a-source.md").read_text("utf-8")
COMPLETE, *FRAGMENTS = re.findall(r"```toml\n(.*?)```", HOW, re.DOTALL)
SECTIONS = dict(re.findall(r"^### (\S+)\n(.*?)(?=^##)", HOW, re.DOTALL | re.MULTILINE))


def told() -> str:
    return " ".join(path.read_text("utf-8") for path in [PROJECT / "README.md", *DOCS])


def written(text: str) -> dict[str, str]:
    """The keys of a section's tables, each with what stands under 'without it'."""
    return dict(re.findall(r"^\| `\[?(\w+)\]?` \| ([^|]*) \|", text, re.MULTILINE))


def without(field: FieldInfo) -> str | None:
    """How the documents write what counts without a key; None where any words will do."""
    if field.is_required():
        return "needed"
    if field.default is None:
        return "–"
    if field.default == ():
        return "none"
    if isinstance(field.default, bool | int | float | date):
        return str(field.default).lower()
    return None


def test_the_example_of_a_source_is_a_source(tmp_path: Path) -> None:
    (tmp_path / "example.toml").write_text(COMPLETE, "utf-8")
    expect = Source.load(tmp_path / "example.toml").expect
    assert expect is not None and expect.min_rows == 5


@pytest.mark.parametrize("fragment", FRAGMENTS, ids=lambda text: tomllib.loads(text)["shape"])
def test_the_example_of_a_shape_makes_a_source(tmp_path: Path, fragment: str) -> None:
    head, crawled = COMPLETE.split("shape ")[0], "manual" not in fragment
    expect = "\n[expect]\nmin_rows = 1\n" if crawled else ""
    (tmp_path / "example.toml").write_text(head + fragment + expect, "utf-8")
    assert Source.load(tmp_path / "example.toml").shape == tomllib.loads(fragment)["shape"]


def test_every_shape_has_its_example() -> None:
    assert sorted(SECTIONS) == sorted(tomllib.loads(text)["shape"] for text in FRAGMENTS) == sorted(Shape)


@pytest.mark.parametrize("shape", sorted(RULES))
def test_the_keys_of_a_shape_are_those_of_its_table(shape: Shape) -> None:
    fields, keys = RULES[shape].model_fields, written(SECTIONS[shape])
    assert sorted(keys) == sorted(fields)
    wrong = {name: keys[name] for name, field in fields.items() if without(field) not in (None, keys[name])}
    assert wrong == {}


@pytest.mark.parametrize("model", [Source, Article, Budget, Expect, Needs], ids=lambda model: model.__name__)
def test_every_key_of_a_source_is_explained(model: type[BaseModel]) -> None:
    before = HOW.split("\n## Shapes")[0]
    keys = set(model.model_fields) - {"id"} - {shape.value for shape in Shape}
    assert {key for key in keys if f"`{key}`" not in before and f"`[{key}]`" not in before} == set()


def test_every_state_of_a_source_is_explained() -> None:
    assert [state for state in State if f"| {state.replace('_', ' ')} |" not in HOW] == []


def test_every_command_is_in_the_documents() -> None:
    with click.Context(cli) as context:
        groups = {name: cli.get_command(context, name) for name in COMMANDS}
    inner = [f"{name} {sub}" for name, one in groups.items() if isinstance(one, click.Group) for sub in one.commands]
    said = told()
    assert [name for name in [*COMMANDS, *inner] if f"coi {name}" not in said] == []


def test_every_setting_is_in_the_documents() -> None:
    code = [path for folder in ("crawler", "store", "review") for path in (PROJECT / folder).rglob("*.py")]
    asked = re.compile(r'environ(?:\.get\(|\[)"(COI_\w+)"')
    read = {name for path in code for name in asked.findall(path.read_text("utf-8"))}
    read |= {source.needs.setting for source in load_sources().values() if source.needs}
    operations = (PROJECT / "docs" / "operations.md").read_text("utf-8")
    assert len(read) >= 5
    assert {name for name in read if f"`{name}`" not in operations} == set()


@pytest.mark.parametrize("made", [schema_doc, sources_doc, method_doc], ids=lambda module: module.__name__)
def test_what_is_made_is_what_it_was_made_from(made: ModuleType) -> None:
    assert made.stale() is None


def test_a_document_that_lacks_a_source_is_stale(tmp_path: Path) -> None:
    now = (PROJECT / "docs" / "sources.md").read_text("utf-8")
    (tmp_path / "sources.md").write_text("".join(now.splitlines(keepends=True)[:-1]), "utf-8")
    assert "python -m crawler.sources_doc" in (sources_doc.stale(tmp_path) or "")


@pytest.mark.parametrize("path", [PROJECT / "README.md", *DOCS], ids=lambda path: path.name)
def test_links_lead_somewhere(path: Path) -> None:
    targets = re.findall(r"\]\((?!https?:)([^)]+)\)", path.read_text("utf-8"))
    assert [target for target in targets if not leads_somewhere(path, target)] == []


def test_every_alarm_has_its_row_in_operations() -> None:
    text = (
        (PROJECT / "docs" / "operations.md").read_text("utf-8").split("## Alerts and what to do")[1].split("\n## ")[0]
    )
    rows = {
        name: line
        for line in text.splitlines()
        for name in re.findall(r"`(\w+)`", line.split("|")[1:2][0] if "|" in line else "")
    }
    rules = re.findall(r"- alert: (\w+)", (PROJECT / "deploy" / "prometheus-rules.yml").read_text("utf-8"))
    code = [PROJECT / path for path in ("store", "crawler", "review")]
    looking = [path.read_text("utf-8") for folder in code for path in folder.glob("doctor*.py")]
    findings = {name for text in looking for name in re.findall(r'found\(\s*f?"(\w+)', text)}
    assert len(findings) > 15 and len(rules) > 10
    assert ({*Kind, *rules, *findings}) - set(rows) == set()
    assert all(len([cell for cell in line.split("|") if cell.strip()]) == 4 for line in rows.values())


def leads_somewhere(path: Path, target: str) -> bool:
    """Whether a file is there, and in it the heading that is named."""
    file, _, heading = target.partition("#")
    found = path.parent / file if file else path
    if not heading:
        return found.exists()
    titles = re.findall(r"^#+ (.*)$", found.read_text("utf-8"), re.MULTILINE)
    return heading in {re.sub(r"[^\w -]", "", title.lower()).replace(" ", "-") for title in titles}


def test_the_keys_of_a_person_are_told_with_what_counts_without_them(tmp_path: Path) -> None:
    how = (PROJECT / "docs" / "alerts.md").read_text("utf-8")
    (example,) = re.findall(r"```toml\n(.*?)```", how, re.DOTALL)
    (tmp_path / "anna.toml").write_text(example, "utf-8")
    assert Person.load(tmp_path / "anna.toml").state == "NL"
    rows = re.findall(r"^\| (`.*?`) \| ([^|]*) \|", how.split("## People")[1].split("## Sub")[0], re.MULTILINE)
    told_of = {name: without for names, without in rows for name in re.findall(r"`(\w+)`", names)}
    fields = {name: field for name, field in Person.model_fields.items() if name != "id"}
    assert set(told_of) == set(fields)
    assert {name for name, field in fields.items() if field.is_required()} == {
        name for name, without in told_of.items() if without == "needed"
    }
