"""Machine translation: a declared command, what it may not give, what pages show, and the gate that it closes."""

import os
import re
import select
import sqlite3
import subprocess
import sys
import textwrap

import pytest
from click.testing import CliRunner

from coi import cli
from review.translation.declared import Translator
from review.translation.engine import translated
from store.db import connect, writing
from store.home import Home
from store.translations import Translation, keep
from store.verify import database_problems
from tests.site_home import AT, LATER, RUSSIAN, answer, make
from tests.site_home import keep as keep_document
from tests.test_site import RESEARCHER, Site

WORDS = {
    "Призывники": "Conscripts", "из": "from", "Пскова": "Pskov", "воевали": "fought", "под": "near",
    "Харьковом.": "Kharkiv.",
}  # fmt: skip
DICTIONARY = f"""
import sys
words = {WORDS!r}
print(" ".join(words.get(word, word.upper()) for word in sys.stdin.read().split()))
"""
ENGLISH = "Conscripts from Pskov fought near Kharkiv."


def script(folder, name, code):
    folder.mkdir(parents=True, exist_ok=True)
    path = folder / f"{name}.py"
    path.write_text(textwrap.dedent(code), "utf-8")
    return path


def declare(home, code=DICTIONARY, *, name="tiny", version="1", more="", source="ru", target="en"):
    """Declare a translator that is a script of ours."""
    path = script(home.path / "scripts", name, code)
    folder = home.declared / "translators"
    folder.mkdir(parents=True, exist_ok=True)
    (folder / f"{name}.toml").write_text(
        f"title = 'Tiny'\ncommand = ['{sys.executable}', '-S', '{path}', '{{from}}-{{to}}']\nversion = '{version}'\n"
        f"from_languages = ['{source}']\nto_languages = ['{target}']\n{more}",
        "utf-8",
    )


def coi(home, *words):
    return CliRunner().invoke(cli, list(words), env={"COI_HOME": str(home.path)})


def rows(home, sql):
    conn = connect(home)
    try:
        return [tuple(row) for row in conn.execute(sql)]
    finally:
        conn.close()


@pytest.fixture
def own(tmp_path):
    """A home with one Russian passage that the rules found an answer in."""
    home = Home(tmp_path / "home")
    ids = make(home)
    conn = connect(home)
    with writing(conn):
        answer(conn, ids["russian"], RUSSIAN, "isolated", "direct", "2022-05-30")
    ids["mine"] = conn.execute("select max(id) from evidence").fetchone()[0]
    conn.close()
    return home, ids


def another(home, text):
    """Keep one more Russian passage with an answer; its number."""
    conn = connect(home)
    with writing(conn):
        passage = keep_document(conn, "watch", text[:4], "2022-06-03", (text,))
        passage = conn.execute("select id from passages where document_id = ?", [passage]).fetchone()[0]
        answer(conn, passage, text, "isolated", "direct", "2022-05-30")
    conn.close()
    return passage


def given(home, ids, text=ENGLISH, at=AT, language="en"):
    """Keep a translation of the Russian passage, as the command does."""
    conn = connect(home)
    sha = conn.execute("select text_sha256 from passages where id = ?", [ids["russian"]]).fetchone()[0]
    made = Translation(
        text_sha256=sha, from_language="ru", to_language=language, engine="tiny", engine_version="1", text=text,
        actor="ada", translated_at=at,
    )  # fmt: skip
    with writing(conn):
        assert keep(conn, made)
        assert not keep(conn, made)
    conn.close()


class TestCommand:
    def test_what_no_reviewer_reads_is_translated_once_and_verified(self, own):
        home, _ids = own
        declare(home)
        first = coi(home, "translate", "--by", "ada")
        assert (first.exit_code, first.stdout) == (0, "translate: 1 passages translated into en, 0 were already\n")
        kept = "select text, from_language, to_language, engine, engine_version, actor from translations"
        assert rows(home, kept) == [(ENGLISH, "ru", "en", "tiny", "1", "ada")]
        assert "0 passages translated into en, 1 were already" in coi(home, "translate", "--question", "g1.3").stdout
        conn = connect(home)
        assert not list(database_problems(conn))
        assert conn.execute("select count(*) from audit where table_name = 'translations'").fetchone()[0] == 1
        for forged in ("update translations set text = 'x'", "delete from translations"):
            with pytest.raises(sqlite3.IntegrityError, match="never changed or removed"):
                conn.execute(forged)
        conn.close()

    def test_a_new_version_of_the_engine_translates_anew(self, own):
        home, ids = own
        declare(home)
        coi(home, "translate", "--passage", str(ids["russian"]))
        declare(home, version="2")
        assert "1 passages translated" in coi(home, "translate", "--document", str(ids["paper"])).stdout
        assert rows(home, "select engine_version from translations") == [("1",), ("2",)]

    def test_what_a_declared_person_reads_is_left_alone(self, own):
        home, _ = own
        declare(home)
        (home.declared / "people").mkdir()
        (home.declared / "people" / "olga.toml").write_text("title = 'Olga'\nstate = 'NL'\nreads = ['ru', 'en']\n")
        assert "0 passages translated" in coi(home, "translate").stdout
        assert coi(home, "check").output.count("translators: 1") == 1

    @pytest.mark.parametrize(
        ("words", "code", "said"),
        [
            ((), 1, "no translator is declared"),
            (("--passage", "999"), 1, "no passage 999 is held"),
            (("--question", "Q99"), 1, "no question has the id 'Q99'"),
            (("--passage", "1", "--question", "G1.3"), 2, "choose one of"),
            (("--engine", "deep"), 2, "declared in"),
            (("--document", "{denial}"), 1, "no declared translator takes en into nl"),
        ],
    )
    def test_what_cannot_be_done_says_why(self, own, words, code, said):
        home, ids = own
        if words:
            declare(home)
        to = ("--to", "nl") if "{denial}" in words else ()
        found = coi(home, "translate", *(word.format(**ids) for word in words), *to)
        assert (found.exit_code, said in found.output) == (code, True), found.output

    @pytest.mark.parametrize(
        ("line", "said"),
        [
            ("command = ['./here.sh']", "a path from the root"),
            ("command = []", "command"),
            ("from_languages = ['Russian']", "from_languages"),
            ("environment = ['COI_PERSON_ANNA']", "stay with it"),
            ("shell = true", "unknown key"),
        ],
    )
    def test_a_broken_declaration_is_refused_by_field(self, own, line, said):
        home, _ = own
        declare(home)
        path = home.declared / "translators" / "tiny.toml"
        key = line.split(" = ")[0]
        kept = [row for row in path.read_text().splitlines() if not row.startswith(f"{key} =")]
        path.write_text("\n".join([*kept, line]))
        found = coi(home, "translate")
        assert (found.exit_code, said in found.output, "tiny.toml" in found.output) == (1, True, True), found.output

    def test_it_sees_no_secret_of_ours_and_no_shell(self, own, monkeypatch):
        home, _ids = own
        monkeypatch.setenv("COI_PERSON_ANNA", "anna researcher secret")
        monkeypatch.setenv("TINY_KEY", "key")
        declare(home, "import os, sys; print(sorted(os.environ), sys.argv[1:])", more="environment = ['TINY_KEY']")
        assert coi(home, "translate").exit_code == 0
        (text,) = rows(home, "select text from translations")[0]
        assert "TINY_KEY" in text and "COI_" not in text and "['ru-en']" in text
        monkeypatch.delenv("TINY_KEY")
        declare(home, version="2", more="environment = ['TINY_KEY']")
        assert "TINY_KEY not set" in coi(home, "translate").output


FAILURES = {
    "fails": ("import sys; sys.exit('no model for \\x1b[31mru')", "no model for [31mru (exit 1)"),
    "hangs": ("import time; time.sleep(600)", "took more than 1 s"),
    "goes on after its answer": (
        "import os, time; print('well', flush=True); os.close(1); os.close(2); time.sleep(600)", "took more than 1 s",
    ),
    "prints nothing": ("print('  ')", "wrote nothing"),
    "echoes": ("import sys; print(sys.stdin.read(), '')", "wrote the text unchanged"),
    "is not UTF-8": ("import sys; sys.stdout.buffer.write('Призывники'.encode('cp1251'))", "not UTF-8 (at byte 0)"),
    "babbles": ("print('word ' * 200)", "more than 10 times the length"),
    "babbles for ever": ("while True: print('word ' * 1000)", "more than 10 times the length"),
    "swallows": ("print('no')", "less than a 10th of the length"),
    "prints controls": ("print('Conscripts\\x00from Pskov')", "control character (U+0000)"),
    "eats memory": ("x = bytearray(10**9); print('well, well')", "failed: MemoryError (exit 1)"),
    "eats time": ("while True: pass", "took more than 1 s"),
}  # fmt: skip


class TestFailures:
    @pytest.mark.parametrize("name", FAILURES)
    def test_nothing_is_kept_and_the_rest_goes_on(self, own, name):
        """Each failure names passage, translator, command and remedy; other passages are translated; exit code 1."""
        code, said = FAILURES[name]
        home, ids = own
        before = "import sys\nif 'good' in sys.stdin.buffer.peek().decode(): print('fine'); sys.exit()\n"
        declare(home, before + code, more="timeout_s = 1\nmemory_mb = 200\n")
        another(home, "Хороший good.")
        found = coi(home, "translate")
        assert found.exit_code == 1
        assert said in found.output, found.output
        for part in (f"passage {ids['russian']}: translator 'tiny'", "tiny.py ru-en", "nothing was kept", "tiny.toml"):
            assert part in found.output
        assert "FAILED: 1 passages" in found.output
        assert rows(home, "select text from translations") == [("fine",)]

    def test_an_engine_that_fails_five_times_in_a_row_is_asked_no_more(self, own):
        home, _ = own
        declare(home, "import sys; sys.exit('down')")
        for number in range(5):
            another(home, f"{number} призывник.")
        found = coi(home, "translate")
        assert found.exit_code == 1 and "failed 5 times in a row" in found.output
        assert "FAILED: 5 passages, and 1 not tried" in found.output

    def test_what_is_in_the_language_already_is_left(self, own):
        home, ids = own
        declare(home)
        assert "1 are in en themselves" in coi(home, "translate", "--passage", str(ids["admitted"])).output
        assert "0 passages translated into en" in coi(home, "translate", "--passage", str(ids["admitted"])).output

    def test_a_command_that_is_not_there_is_named(self, own):
        home, _ = own
        declare(home)
        path = home.declared / "translators" / "tiny.toml"
        path.write_text(path.read_text().replace(sys.executable, "no-such-translator"))
        found = coi(home, "translate")
        assert found.exit_code == 1
        assert "'no-such-translator' is not there or cannot be run; install it" in found.output

    @pytest.mark.skipif(not hasattr(os, "pidfd_open"), reason="only Linux tells that a process of others ended")
    def test_its_children_end_with_it(self, tmp_path):
        """What a translator leaves running is killed with it."""
        path = script(
            tmp_path, "forks",
            "import os, subprocess, sys; p = subprocess.Popen([sys.executable, '-c', 'import time; time.sleep(600)'],"
            " stdout=subprocess.DEVNULL, stderr=subprocess.DEVNULL); print('child', p.pid)",
        )  # fmt: skip
        translator = Translator(
            id="forks", title="Forks", version="1", command=(sys.executable, str(path)), from_languages=("ru",),
            to_languages=("en",), timeout_s=20,
        )  # fmt: skip
        pid = int(translated(translator, RUSSIAN, "ru", "en").split()[1])
        assert _ended(pid)

    @pytest.mark.skipif(sys.platform != "linux", reason="elsewhere a translator ends at its limits")
    def test_killed_in_the_middle_it_leaves_nothing_half_and_goes_on(self, own):
        """kill -9 while the second passage is translated: the first is kept whole, the next run does the rest."""
        home, _ = own
        told = home.path / "told"
        os.mkfifo(told)
        code = f"""
            import pathlib, sys, time
            if "Пскова" in sys.stdin.read():
                print("the first one, whole")
                sys.exit()
            print("second", flush=True)
            told = open({str(told)!r}, "w")
            told.write("x")
            told.flush()
            time.sleep(600)
        """
        declare(home, code)
        another(home, "Всё хорошо.")
        listening = os.open(told, os.O_RDONLY | os.O_NONBLOCK)
        asked = select.poll()
        asked.register(listening, select.POLLIN)
        run = subprocess.Popen(
            [sys.executable, "-m", "coi", "translate"], env={**os.environ, "COI_HOME": str(home.path)}
        )
        try:
            assert asked.poll(60_000) == [(listening, select.POLLIN)]
            assert os.read(listening, 1) == b"x"
        finally:
            run.kill()
            run.wait()
        assert asked.poll(60_000) == [(listening, select.POLLHUP)]  # the translator has ended with it
        os.close(listening)
        assert rows(home, "select text from translations") == [("the first one, whole",)]
        declare(home)
        assert "1 passages translated into en, 1 were already" in coi(home, "translate").stdout


def _ended(pid):
    """Whether a process ends (within a minute), or has ended already."""
    try:
        watched = os.pidfd_open(pid)
    except ProcessLookupError:
        return True
    asked = select.poll()
    asked.register(watched, select.POLLIN)
    try:
        return bool(asked.poll(60_000))
    finally:
        os.close(watched)


class TestPages:
    def test_both_are_shown_the_original_first_with_its_mark(self, own):
        home, ids = own
        given(home, ids)
        site = Site(home, ids)
        for path in (
            "/documents/{paper}",
            "/questions/G1.3?country=RU&as_of=2022-06-29",
            "/queue/several/check?e={mine}",
        ):
            page = site.get(path, RESEARCHER).text
            plain = re.sub(r"<[^>]+>", "", page)
            assert plain.index("Призывники") < plain.index("Machine translation · tiny 1") < plain.index(ENGLISH), path
            assert "tiny 1 · 20 June 2022" in page and '<p class="translated" lang="en" dir="auto">' in page
            assert '<option value="machine" selected>' in page
        dutch = site.get("/documents/{paper}?lang=nl").text
        assert "Machinevertaling" in dutch and "20 juni 2022" in dutch
        assert "read_in" not in dutch  # who may not decide is asked nothing

    def test_the_queue_and_the_answer_form_show_it_beside_the_passage(self, own):
        home, ids = own
        given(home, ids)
        conn = connect(home)
        with writing(conn):
            conn.execute(
                """insert into relevance select ?, 'G1.3', 'RU', 0.99, 0.01, 'rules', '2022-06-01', ?, 1, ?""",
                [ids["russian"], AT, AT],
            )
        conn.close()
        site = Site(home, ids)
        page = site.get("/queue?question=G1.3", RESEARCHER).text
        assert RUSSIAN.split()[0] in page and ENGLISH in page and page.count('name="read_in"') == 2
        page = site.get("/passages/{russian}/evidence?question=G1.3", RESEARCHER).text
        assert ENGLISH in page and page.count('name="read_in"') == 1

    def test_markup_is_escaped_and_another_script_has_its_direction(self, own):
        home, ids = own
        given(home, ids, '<script>alert("x")</script> المجندون </p>', language="ar")
        page = Site(home, ids).get("/documents/{paper}").text
        assert "<script>alert" not in page and "&lt;script&gt;alert(" in page
        assert 'lang="ar" dir="auto">&lt;script' in page

    def test_a_passage_without_one_asks_nothing_and_says_so(self, own):
        home, ids = own
        page = Site(home, ids).get("/documents/{paper}", RESEARCHER).text
        assert "read_in" not in page and "Nothing here is translated" in page

    def test_a_translation_is_not_shown_on_a_held_day_before_it_was_made(self, own):
        home, ids = own
        given(home, ids, at=LATER)
        path = "/documents/{paper}?basis=held&as_of="
        site = Site(home, ids)
        assert ENGLISH not in site.get(path + "2022-06-24").text
        assert ENGLISH in site.get(path + "2022-06-25").text

    def test_what_was_read_is_kept_and_silence_is_the_translation(self, own):
        home, ids = own
        site = Site(home, ids)
        decide = f"/evidence/{ids['mine']}/decide"
        assert site.post(decide, {"decision": "accept"}, RESEARCHER).status_code == 303
        given(home, ids)
        last = {"decision": "accept", "seen": "1", "reason": "again"}
        assert site.post(decide, last, RESEARCHER).status_code == 303
        assert site.post(decide, last, RESEARCHER).status_code == 303  # sent twice
        confirmed = {"decision": "accept", "seen": "2", "reason": "again", "read_in": "original"}
        assert site.post(decide, confirmed, RESEARCHER).status_code == 303
        assert site.post(decide, {"decision": "undo", "seen": "3"}, RESEARCHER).status_code == 303
        assert rows(home, "select decision, read_in from evidence_decisions order by id") == [
            ("accept", ""), ("accept", "machine"), ("accept", "original"), ("accept", "machine"),
        ]  # fmt: skip
        wrong = site.post(decide, confirmed | {"read_in": "both"}, RESEARCHER)
        assert wrong.status_code == 400 and "machine, original" in wrong.text

    def test_several_and_an_own_answer_say_what_was_read(self, own):
        home, ids = own
        given(home, ids)
        site = Site(home, ids)
        both = {f"e.{ids['mine']}": "0", f"e.{ids['evidence']}": "0", "read_in": "original"}
        assert site.post("/queue/several", both, RESEARCHER).status_code == 200
        own_answer = {"question": "G1.3", "answer": "regular", "directness": "direct"}
        site.post("/passages/{russian}/evidence", own_answer, RESEARCHER)
        found = rows(home, "select evidence_id, read_in from evidence_decisions order by id")
        assert found[:2] == [(ids["mine"], "original"), (ids["evidence"], "")] and found[2][1] == "machine"

    def test_the_database_refuses_a_decision_that_does_not_say(self, own):
        home, ids = own
        given(home, ids)
        conn = connect(home)
        with pytest.raises(sqlite3.IntegrityError, match="say which was read"):
            conn.execute(
                """insert into evidence_decisions (evidence_id, decision, actor, decided_at)
                   values (?, 'accept', 'ada', ?)""",
                [ids["mine"], AT],
            )
        conn.close()
