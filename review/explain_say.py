"""The words of `coi explain` in one language, codes included, and lines folded to the width of a terminal."""

import textwrap
import tomllib
from collections.abc import Iterable
from functools import cache
from pathlib import Path

from review.method.codes import DIRECTNESS, answer_nl, types_in_words
from review.method.model import Gate, Result, Status
from review.method.verdict_words import GATE_WORDS
from review.method.words import RESULT_NL, STATUS_NL

WIDTH = 100
LANGUAGES = ("en", "nl")
START = {
    Status.SUFFICIENT: ("high", "hoog"),
    Status.EMERGING: ("moderate", "matig"),
    Status.INSUFFICIENT: ("low", "laag"),
}
_BASIS_NL = {"public": "openbaar", "held": "in bezit"}
_READING_NL = {"provisional": "voorlopig", "reviewed": "beoordeeld"}
LEVEL_NL = {"high": "hoog", "moderate": "matig", "low": "laag", "very low": "zeer laag"}


@cache
def _words() -> dict[str, list[str]]:
    return tomllib.loads(Path(__file__).with_name("explain.toml").read_text("utf-8"))


class Say:
    """The words of one language, and lines folded to the width."""

    def __init__(self, language: str) -> None:
        self.at = LANGUAGES.index(language)

    def __call__(self, key: str, **values: object) -> str:
        return _words()[key][self.at].format(**values)

    def status(self, status: Status | str) -> str:
        return STATUS_NL[Status(status)] if self.at else Status(status).value

    def answer(self, answer: str | None) -> str:
        return answer_nl(answer or "-") if self.at else answer or "-"

    def types(self, types: Iterable[str]) -> str:
        return types_in_words(types)[self.at]

    def gates(self, gates: Iterable[Gate]) -> str:
        return "; ".join(f"{gate} ({GATE_WORDS[gate][self.at]})" for gate in gates)

    def directness(self, code: str) -> str:
        return DIRECTNESS[code][self.at]

    def basis(self, code: str) -> str:
        return _BASIS_NL.get(code, code) if self.at else code

    def reading(self, code: str) -> str:
        return _READING_NL.get(code, code) if self.at else code

    def result(self, result: str) -> str:
        return RESULT_NL[Result(result)] if self.at else result

    def fold(self, text: str, indent: int = 2) -> str:
        space = " " * indent
        return textwrap.fill(text, WIDTH, initial_indent=space, subsequent_indent=space + "  ", break_on_hyphens=False)
