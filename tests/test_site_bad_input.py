"""What is sent to the site and is wrong: the right status, what to do, nothing lost, nothing executed."""

import asyncio
import re
from datetime import timedelta

import lxml.html
import pytest

from review.plugin.look import today
from store.db import connect, writing
from tests.site_home import EVIL, LATER, keep
from tests.site_people import CSRF, Visitor, World

AS_OF = "as_of=2022-06-29"
WORDS = "Three mothers name the unit; see page 4"
REJECTED = "evidence_decisions where decision = 'reject'"
PERSIAN = "سرباز وظیفه از خط مقدم گریخت (2022)"
HEBREW = 'החייל אמר: "לא נחזור" <b>'


@pytest.fixture(scope="module")
def filled(tmp_path_factory) -> World:
    folder = tmp_path_factory.mktemp("world")
    world = World(folder)
    with writing(conn := connect(world.home)):
        world.ids["rtl"] = keep(conn, "watch", "rtl", "2022-06-12", (PERSIAN, HEBREW), title=PERSIAN, seen_at=LATER)
    conn.close()
    return world


@pytest.fixture
def world(filled, tmp_path) -> World:
    """A copy of one's own, for what writes."""
    return World(tmp_path, of=filled)


def run(steps):
    return asyncio.run(steps)


def kept(world: World, table: str) -> int:
    conn = connect(world.home)
    try:
        return conn.execute(f"select count(*) from {table}").fetchone()[0]
    finally:
        conn.close()


def forms(world: World) -> list[tuple[str, dict[str, str], str]]:
    """Every form of a person that keeps words: its address, what it sends, the table that keeps it."""
    ids = world.ids
    search = {
        "source.report": "1", "terms": WORDS, "languages": "en", "period_from": "2022-03-01",
        "period_to": "2022-06-29", "found": "0",
    }  # fmt: skip
    about = {"about": "passage", "id": str(ids["admitted"]), "text": WORDS, "once": "a1"}
    return [
        (f"/evidence/{ids['evidence']}/decide", {"decision": "reject", "reason": WORDS}, REJECTED),
        (
            f"/passages/{ids['admitted']}/tags",
            {"kind": "group", "value": "conscripts", "decision": "reject", "reason": WORDS},
            "tag_decisions",
        ),
        (
            f"/passages/{ids['admitted']}/relevance",
            {"question": "G1.4", "decision": "reject", "reason": WORDS},
            "relevance_decisions",
        ),
        (
            f"/passages/{ids['admitted']}/evidence",
            {"question": "G1.3", "answer": "regular", "directness": "direct", "reason": WORDS},
            "evidence where examination_id is null",
        ),
        ("/questions/G1.5/searches", search, "search_log"),
        ("/comments", about, "comments"),
    ]


class TestForms:
    def test_a_form_without_or_with_a_forged_token_is_refused_and_its_words_are_shown(self, world):
        async def steps():
            one = await world.visitor("researcher")
            return [
                await one.ask("POST", path, data=fields | more)
                for path, fields, _ in forms(world)
                for more in ({}, {CSRF: "x"}, {"csrftoken": "forged"}, {"csrftoken": "é"})
            ]

        for answer in run(steps()):
            assert answer.status_code == 403
            assert "Nothing was kept" in answer.text and WORDS in answer.text
            assert "<form" not in answer.text.split("<main")[1].split("</main")[0]  # nothing to send it by
        assert [kept(world, table) for _, _, table in forms(world)] == [0] * 6

    def test_another_role_and_nobody_change_nothing_and_are_told_why(self, world):
        async def steps():
            found = []
            for who in ("reader", "operator", "script", "anonymous", "here"):
                one = await world.visitor(who)
                found += [(who, await one.send(path, fields)) for path, fields, _ in forms(world)]
            return found

        for who, answer in run(steps()):
            assert answer.status_code == (401 if who == "anonymous" else 403), who
            assert ("Only researchers and approvers" in answer.text) == (who != "anonymous")
        assert [kept(world, table) for _, _, table in forms(world)] == [0] * 6

    def test_a_form_sent_twice_is_kept_once(self, world):
        async def steps():
            one = await world.visitor("researcher")
            return [[(await one.send(path, fields)).status_code for _ in range(2)] for path, fields, _ in forms(world)]

        assert run(steps()) == [[303, 303]] * 6
        assert [kept(world, table) for _, _, table in forms(world)] == [1] * 6

    def test_a_million_characters_are_refused_with_their_text_and_more_without_reading_it(self, world):
        async def steps():
            one = await world.visitor("researcher")
            found = []
            for path, fields, _ in forms(world):
                name = next(name for name, value in fields.items() if value == WORDS)
                found.append(await one.send(path, fields | {name: "long words " * 95_000}))
            return found, await one.send("/comments", {"text": "x" * 9_000_000})

        found, larger = run(steps())
        assert [answer.status_code for answer in found] == [400] * 6
        for answer in found:
            assert answer.text.count("long words ") >= 94_999  # nothing lost
            assert "characters" in answer.text
        assert (larger.status_code, "more than 8 MB" in larger.text) == (413, True)

    @pytest.mark.parametrize(
        ("body", "kind", "status"),
        [
            (b"\xff\xfe=\xff", "application/x-www-form-urlencoded", 400),
            (b"text=%ff%fe%00&csrftoken=%C3%A9", "application/x-www-form-urlencoded", 403),
            (b"{}", "application/json", 403),
            (b"x", "multipart/form-data", 400),
            (b"x", "multipart/form-data; boundary=", 400),
            (
                b'--x\r\nContent-Disposition: form-data; name="text"\r\n\r\na\r\n--x--',
                "multipart/form-data; boundary=x",
                400,
            ),
            (b"x", "Multipart/Form-Data; boundary=x", 400),
            (b"x", "", 403),
        ],
    )
    def test_bodies_that_are_no_form(self, world, body, kind, status):
        async def steps():
            one = await world.visitor("researcher")
            return await one.ask("POST", "/comments", content=body, headers={"content-type": kind})

        answer = run(steps())
        assert answer.status_code == status
        assert "Nothing was kept" in answer.text

    def test_a_decision_that_came_between_is_shown_and_ones_own_words_wait_beside_it(self, world):
        async def steps():
            one, two = await world.visitor("researcher"), await world.visitor("approver")
            path = f"/evidence/{world.ids['evidence']}/decide"
            await two.send(path, {"decision": "accept", "reason": "seen the video", "seen": "0"})
            late = await one.send(path, {"decision": "reject", "reason": WORDS, "seen": "0"})
            seen = re.search(r'name="seen" value="(\d+)"', late.text)
            again = await one.send(path, {"decision": "reject", "reason": WORDS, "seen": seen[1] if seen else ""})
            return late, again

        late, again = run(steps())
        assert (late.status_code, again.status_code) == (409, 303)
        assert "approver" in late.text and "seen the video" in late.text and f'value="{WORDS}"' in late.text

    def test_a_passage_that_changed_meanwhile_keeps_what_is_said_of_it_and_says_so(self, world):
        with writing(conn := connect(world.home)):
            keep(conn, "paper", "pskov", "2022-06-01", ("Conscripts from Pskov were sent to a parade.",), seen_at=LATER)
        conn.close()

        async def steps():
            one = await world.visitor("researcher")
            told = []
            for path, fields, _ in forms(world)[:4] + forms(world)[5:]:
                answer = await one.send(path, fields)
                told.append((answer.status_code, (await one.ask("GET", answer.headers["location"])).text))
            return told

        for status, text in run(steps()):
            assert status == 303
            assert "The publisher took this passage out on 25 June 2022" in text
        assert [kept(world, table) for _, _, table in forms(world)] == [1, 1, 1, 1, 0, 1]


class TestHostileText:
    def test_script_in_a_title_a_comment_a_name_or_an_address_is_text(self, world):
        async def steps():
            one = await world.visitor("researcher")
            script = {"about": "document", "id": str(world.ids["report"]), "text": EVIL}
            await one.send("/comments", script | {"once": EVIL})
            await one.send(f"/evidence/{world.ids['evidence']}/decide", {"decision": "reject", "reason": EVIL})
            asked = (
                "/", "/documents/{report}", "/comments?document={report}", "/search?q=abroad", f"/search?q={EVIL}",
                f"/questions/{EVIL}", f"/questions/G1.3?{AS_OF}", f"/?as_of={EVIL}", f"/comments?passage={EVIL}",
                "/coi/comments", "/coi/evidence_decisions", "/coi/documents", f"/coi/{EVIL}", f"/coi?sql={EVIL}",
                f"/-/login?next={EVIL}",
            )  # fmt: skip
            found = [(path, await one.ask("GET", path.format(**world.ids))) for path in asked]
            return [*found, ("sign in", await one.sign_in(EVIL, "wrong battery"))]

        for path, answer in run(steps()):
            assert answer.status_code < 500, path
            assert EVIL not in answer.text and "<script>" not in answer.text, path
            assert answer.headers["content-security-policy"].startswith("default-src 'self'")

    def test_an_address_that_is_a_script_is_never_a_link(self, world):
        async def steps():
            one = await world.visitor("researcher")
            return [
                (await one.ask("GET", path.format(**world.ids))).text
                for path in (
                    "/documents/{denial}",
                    "/coi/documents/{denial}",
                    "/coi/documents",
                    f"/questions/G1.3?{AS_OF}",
                )
            ]

        for text in run(steps()):
            assert not re.search(r"""(?:href|action|src)=["']?\s*(?:javascript|data|vbscript):""", text, re.IGNORECASE)

    @pytest.mark.parametrize("language", ["en", "nl"])
    def test_right_to_left_words_have_a_direction_of_their_own(self, world, language):
        """So that a number or a bracket beside them stays where it was written, and the page stays left to right."""

        async def steps():
            one = await world.visitor("researcher")
            await one.send("/comments", {"about": "document", "id": str(world.ids["rtl"]), "text": HEBREW, "once": "b"})
            asked = (
                "/", "/documents/{rtl}", "/comments?document={rtl}", "/search?q=2022", "/coi/documents",
                "/coi/documents/{rtl}", "/coi/passages",
            )  # fmt: skip
            return {path: (await one.ask("GET", path.format(**world.ids))).text for path in asked}

        for path, text in run(steps()).items():
            assert bare(text) == [], path


def bare(text: str) -> list[str]:
    """Places where right-to-left words stand without a direction of their own."""
    found = []
    for element in lxml.html.fromstring(text).iter():
        if not isinstance(element.tag, str) or element.tag in ("title", "script", "textarea", "option"):
            continue
        words = (element.text or "") + "".join(child.tail or "" for child in element)
        if not re.search(r"[\u0590-\u08ff]", words):
            continue
        around = [element, *element.iterancestors()]
        if not any(one.tag == "bdi" or one.get("dir") in ("auto", "rtl") for one in around):
            found.append(lxml.html.tostring(element, encoding="unicode")[:160])
    return found


class TestDaysAndIds:
    def test_days_before_anything_and_days_to_come(self, world):
        async def steps():
            one = await world.visitor("reader")
            tomorrow = today() + timedelta(days=1)
            return [
                [
                    (await one.ask("GET", f"{path}?as_of={day}&basis={basis}"))
                    for path in ("/", "/questions/G1.3", "/queue")
                ]
                for day, basis in (("1990-01-01", "public"), ("1990-01-01", "held"), (tomorrow, "public"))
            ]

        public, held, future = run(steps())
        assert {answer.status_code for answer in public + held} == {200}
        assert {answer.status_code for answer in future} == {400}
        assert all("Nothing was known yet on 1 January 1990" in answer.text for answer in public[:2])
        assert all("Nothing was held here on 1 January 1990" in answer.text for answer in held[:2])
        assert all("has not come yet" in answer.text for answer in future)

    @pytest.mark.parametrize("value", ["31-12-2022", "2022-02-30", "", "0000-00-00", "²⁰²²-01-01", "x" * 5000, "\0"])
    def test_days_that_are_none(self, world, value):
        answer = run(_get(world, "/", as_of=value))
        assert answer.status_code == (400 if value else 200)
        assert not value or "2022-06-29" in answer.text

    @pytest.mark.parametrize(
        "path",
        [
            "/documents/99999", "/passages/99999", "/captures/99999", "/questions/G99", "/matrix/ZZ", "/moratoria/XX",
            "/moratoria/XX/newer", "/sources/nobody", "/alerts/99999", "/comments?passage=99999",
            "/comments?question=G99", "/passages/99999/evidence", "/coi/nothing", "/coi/documents/99999", "/nowhere",
            "/documents/" + "9" * 15,
        ],
    )  # fmt: skip
    def test_what_does_not_exist_says_what_to_do(self, world, path):
        answer = run(_get(world, path))
        assert answer.status_code == 404
        assert "Go to the first page" in answer.text and "Search the passages" in answer.text

    @pytest.mark.parametrize("query", ["_through=x", "_through={}", "_sort=x", "_facet=x", "_size=x", "_where=x"])
    def test_filters_of_a_table_that_are_none(self, world, query):
        answer = run(_get(world, f"/coi/documents?{query}"))
        assert answer.status_code == 400
        assert "Go to the first page" in answer.text

    def test_forms_about_what_does_not_exist_keep_nothing(self, world):
        async def steps():
            one = await world.visitor("researcher")
            found = []
            for path, fields, _ in forms(world):
                gone = re.sub(r"/\d+/", "/99999/", path).replace("G1.5", "G99")
                found.append((await one.send(gone, fields | ({"id": "99999"} if "id" in fields else {}))).status_code)
            return found

        assert run(steps()) == [404] * 6
        assert [kept(world, table) for _, _, table in forms(world)] == [0] * 6


async def _get(world: World, path: str, **query: str):
    one: Visitor = await world.visitor("reader")
    return await one.ask("GET", path, **({"params": query} if query else {}))
