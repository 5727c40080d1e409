"""The documents are run: every example loads, every command is named, what is generated is not stale."""

import re
from pathlib import Path

import pytest

from coi import COMMANDS
from crawler.source import Source
from store.schema_doc import stale

PROJECT = Path(__file__).resolve().parents[1]
DOCS = sorted((PROJECT / "docs").glob("*.md"))


def test_the_example_of_a_source_is_a_source(tmp_path):
    (example,) = re.findall(r"```toml\n(.*?)```", (PROJECT / "docs" / "add-a-source.md").read_text("utf-8"), re.DOTALL)
    (tmp_path / "example.toml").write_text(example, "utf-8")
    assert Source.load(tmp_path / "example.toml").expect.min_rows == 5


def test_every_command_is_in_the_documents():
    told = " ".join(path.read_text("utf-8") for path in [PROJECT / "README.md", *DOCS])
    assert [name for name in COMMANDS if f"coi {name}" not in told] == []


def test_the_schema_document_is_what_the_schema_says():
    assert stale() is None


@pytest.mark.parametrize("path", [PROJECT / "README.md", *DOCS], ids=lambda path: path.name)
def test_links_lead_somewhere(path):
    targets = re.findall(r"\]\((?!https?:)([^)#]+)", path.read_text("utf-8"))
    assert [target for target in targets if not (path.parent / target).exists()] == []
