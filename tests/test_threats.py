"""The table of docs/threats.md: every threat has a defence and a test, and every test that it names exists."""

import ast
import re
from pathlib import Path

TESTS = Path(__file__).parent
TEXT = (TESTS.parent / "docs" / "threats.md").read_text("utf-8")


def rows() -> list[list[str]]:
    """The lines of the table of threats: threat, what stands against it, tests."""
    part = TEXT.split("## Threats and tests")[1].split("\n## ")[0]
    lines = [line for line in part.splitlines() if line.startswith("| ")]
    return [
        [cell.strip() for cell in line.strip("| ").split(" | ")] for line in lines[1:] if not line.startswith("|---")
    ]


def names_in(module: str) -> set[str]:
    """Every test of a module, those of a class as Class::test."""
    found = set()
    for node in ast.parse((TESTS / f"{module}.py").read_text("utf-8")).body:
        inner = node.body if isinstance(node, ast.ClassDef) else [node]
        before = f"{node.name}::" if isinstance(node, ast.ClassDef) else ""
        found |= {f"{before}{one.name}" for one in inner if isinstance(one, ast.FunctionDef | ast.AsyncFunctionDef)}
    return found


def test_every_threat_has_a_defence_and_a_test():
    assert len(rows()) >= 40
    for row in rows():
        assert len(row) == 3 and all(row), row
        assert re.fullmatch(r"(`test_\w+(::\w+)+`(, )?)+", row[2]), row


def test_every_test_that_is_named_exists():
    named = [test.split("::", 1) for row in rows() for test in re.findall(r"`([^`]+)`", row[2])]
    assert [f"{module}::{test}" for module, test in named if test not in names_in(module)] == []


def test_no_threat_stands_twice():
    threats = [row[0] for row in rows()]
    assert len(threats) == len(set(threats))
