"""A home to read in: the rules propose ten answers more to G1.3, of three sources."""

import shutil
from functools import cache
from pathlib import Path

import pytest

from review import relevance
from store.db import connect, writing
from store.home import Home
from tests.site_home import LATER, answer, keep, make, mention, passage_of

QUEUE = "/queue?question=G1.3"
SOURCES = ("paper", "watch", "report")


def text_of(number: int) -> str:
    """Ten passages that say the same of ten units, each in its own words."""
    towns = ("Pskov", "Tambov", "Kursk", "Omsk", "Tula", "Ufa", "Perm", "Kazan", "Samara", "Chita")
    acts = ("was sent over the border", "fought at the front", "was captured near Kyiv", "drove a tank to Izium")
    smile = "🙂 " if number == 4 else ""  # two units of UTF-16, one character
    return f"{smile}A conscript from {towns[number]} {acts[number % 4]} in unit {number + 300}, says aunt {number}."


@cache
def filled(folder: Path) -> Home:
    """The home, made once in a run: its users get copies."""
    home = Home(folder)
    make(home)
    conn = connect(home)
    for number in range(10):
        text = text_of(number)
        around = (f"Report {number} begins here.", text, f"Report {number} ends here.")
        keep(conn, SOURCES[number % 3], f"more-{number}", f"2022-06-{number + 2:02}", around)
        with writing(conn):
            mention(conn, passage_of(conn, text), text, "conscript")
            answer(conn, passage_of(conn, text), text, "regular", "direct", "2022-05-30")
    relevance.score_new(conn, at=LATER)
    conn.close()
    return home


@pytest.fixture
def reading(tmp_path, tmp_path_factory) -> Home:
    """A home in which the rules propose ten answers more to G1.3, of three sources."""
    made = filled(tmp_path_factory.getbasetemp() / "reading")
    return Home(shutil.copytree(made.path, tmp_path / "home"))


def rows(home: Home, sql: str) -> list[tuple]:
    conn = connect(home)
    try:
        return [tuple(row) for row in conn.execute(sql)]
    finally:
        conn.close()
