"""The version of a set of rules changes with every file that it depends on, and with no other."""

import ast
import re
import shutil
from pathlib import Path

import pytest

from review import evidence, origins
from review.evidence_cues import FOLDER, vocabularies
from review.rules_digest import HERE, modules_of, rules_digest

RULES = [(("evidence",), evidence.VOCABULARIES), (origins.RULES, origins.VOCABULARIES)]
NO_RULES = re.compile(r"declarations|declared_\w+|encoders|rules_digest")


def imported(roots: tuple[str, ...]) -> set[str]:
    """What the roots import of their package, as the interpreter's own parser sees it."""
    found: set[str] = set()
    waiting = list(roots)
    while waiting:
        name = waiting.pop()
        if name in found or NO_RULES.fullmatch(name) or not (HERE / f"{name}.py").is_file():
            continue
        found.add(name)
        for node in ast.walk(ast.parse((HERE / f"{name}.py").read_text(encoding="utf-8"))):
            if isinstance(node, ast.ImportFrom) and (node.module or "").split(".")[0] == "review":
                waiting += [node.module.split(".")[1]] if "." in node.module else [one.name for one in node.names]
            elif isinstance(node, ast.Import):
                waiting += [one.name.removeprefix("review.") for one in node.names]
    return found


@pytest.mark.parametrize(("roots", "words"), RULES)
def test_every_module_and_every_vocabulary_in_use_counts(roots: tuple[str, ...], words: tuple[str, ...]) -> None:
    modules = modules_of(roots)
    assert set(modules) == imported(roots)
    text = "".join((HERE / f"{name}.py").read_text(encoding="utf-8") for name in modules if name != "cue_words")
    assert {name for name in vocabularies() if f'"{name}"' in text} <= set(words) | {"counts", "places"}


@pytest.mark.parametrize(("roots", "words"), RULES)
def test_the_digest_follows_its_own_vocabularies_only(
    roots: tuple[str, ...], words: tuple[str, ...], tmp_path: Path
) -> None:
    for path in FOLDER.glob("*.toml"):
        shutil.copy(path, tmp_path)
    before = rules_digest(roots, words, folder=tmp_path)
    for name in vocabularies():
        with (tmp_path / f"{name}.toml").open("a", encoding="utf-8") as file:
            file.write("# more\n")
        after = rules_digest(roots, words, folder=tmp_path)
        assert (after != before) == (name in words), name
        before = after
