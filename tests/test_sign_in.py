"""Signing in and out, sessions, limits on tries, what stands in the environment, and who is let in at all."""

import asyncio
import json
import sqlite3

import pytest
from click.testing import CliRunner

from coi import cli
from review.accounts import Account, Accounts, AccountsError
from review.plugin import limits, sessions
from review.plugin.signin import DEVICE, inside
from review.plugin.signlog import NAME as LOG
from review.serve import CannotServe, build, serve
from store.db import connect
from tests.site_people import CSRF, HASH, PASSWORD, TOKEN, World, people

GOOD = {"COI_PERSON_ANNA": f"anna researcher {HASH}", "COI_TOKEN_N": f"nightly reader {TOKEN}"}


@pytest.fixture(scope="module")
def filled(tmp_path_factory) -> World:
    return World(tmp_path_factory.mktemp("world"))


@pytest.fixture
def world(filled) -> World:
    """The same rows, with nobody's tries counted yet."""
    filled.closed.counter.limits = limits.Limits()
    return filled


def run(steps):
    return asyncio.run(steps)


class TestSignIn:
    def test_one_gets_to_where_one_wanted_to_go(self, world):
        async def steps():
            new = world.new()
            asked = await new.ask("GET", "/queue?lang=nl")
            assert (asked.status_code, asked.headers["location"]) == (302, "/-/login?next=%2Fqueue%3Flang%3Dnl&lang=nl")
            page = await new.ask("GET", asked.headers["location"])
            assert 'name="next" value="/queue?lang=nl"' in page.text
            assert "<nav" not in page.text
            answer = await new.sign_in("Reader", next_="/queue?lang=nl")
            assert (answer.status_code, answer.headers["location"]) == (303, "/queue?lang=nl")
            return (await new.ask("GET", "/")).text

        bar = run(steps())
        assert "Signed in as <strong><bdi>reader</bdi></strong> (reader)" in bar
        assert "Sign out" in bar

    @pytest.mark.parametrize(
        "asked",
        ["//elsewhere.example", "https://elsewhere.example/", "/\\elsewhere.example", "/\t/elsewhere.example",
         "javascript:alert(1)", "/-/logout", "/-/login?next=/", ""],
    )  # fmt: skip
    def test_next_never_leads_elsewhere(self, world, asked):
        assert inside(asked) == "/"
        assert run(world.new().sign_in("reader", next_=asked)).headers["location"] == "/"

    def test_the_language_of_the_sign_in_goes_along(self, world):
        for wanted, to in (("", "/?lang=nl"), ("/queue?country=RU#top", "/queue?country=RU&lang=nl#top")):
            fields = {"username": "reader", "password": PASSWORD, "next": wanted}
            assert run(world.new().send("/-/login?lang=nl", fields)).headers["location"] == to

    @pytest.mark.parametrize("name", ["reader", "nobody", "", "' or 1=1 --", "x" * 100_000])
    def test_a_wrong_password_is_told_the_same_way_whoever_it_is(self, world, name):
        answer = run(world.new().sign_in(name, "wrong horse battery"))
        assert answer.status_code == (403 if name else 400)
        assert "wrong horse" not in answer.text
        assert sessions.COOKIE not in str(answer.headers.get_list("set-cookie"))

    @pytest.mark.parametrize(
        "password", ["x" * 2_000_000, "\0", "пароль-пароль", "\ud800".encode("utf-8", "replace").decode()]
    )
    def test_odd_passwords_are_wrong_and_no_fault(self, world, password):
        assert run(world.new().sign_in("reader", password)).status_code == 403

    def test_nobody_is_signed_in_by_another_site(self, world):
        async def steps():
            without = await world.new().ask("POST", "/-/login", data={"username": "reader", "password": PASSWORD})
            forged = world.new()
            await forged.ask("GET", "/-/login")
            sent = {"username": "reader", "password": PASSWORD, "csrftoken": "forged"}
            return without, await forged.ask("POST", "/-/login", data=sent)

        for answer in run(steps()):
            assert answer.status_code == 403
            assert sessions.COOKIE not in str(answer.headers.get_list("set-cookie"))
            assert PASSWORD not in answer.text

    def test_a_password_in_a_header_opens_nothing(self, world):
        for header in ("Basic cmVhZGVyOmNvcnJlY3QgaG9yc2UgYmF0dGVyeQ==", "Basic !!", "Bearer", "Bearer \xe9", "x"):
            answer = world.new().go("GET", "/coi.json", headers={"authorization": header.encode("latin-1")})
            assert answer.status_code == 401

    def test_the_local_link_works_once_and_no_program_that_looks_at_links_uses_it_up(self, world):
        async def steps():
            own = build(world.home, accounts=people())
            world.apps[id(own)] = own.app()
            link = f"/-/auth-token?token={own._root_token}"
            return [
                (await world.new(own).ask(method, path)).status_code
                for method, path in (
                    ("HEAD", link), ("GET", f"{link}0"), ("GET", "/-/auth-token?token=%C3%A9"), ("GET", link),
                    ("GET", link),
                )
            ]  # fmt: skip

        assert run(steps()) == [302, 403, 403, 302, 403]


class TestSessions:
    def test_the_cookie_is_for_this_site_only_and_ends(self, world):
        for https in (False, True):
            answer = run(world.new(https=https).sign_in("reader"))
            session = next(line for line in answer.headers.get_list("set-cookie") if line.startswith(sessions.COOKIE))
            assert "HttpOnly" in session and "SameSite=lax" in session and "Max-Age=43200" in session
            assert ("Secure" in session) == https

    def test_signing_in_draws_a_new_session_and_ends_the_one_that_was_brought(self, world):
        async def steps():
            one = world.new()
            await one.sign_in("reader")
            before = dict(one.jar)
            await one.sign_in("researcher")
            assert one.jar[sessions.COOKIE] != before[sessions.COOKIE]
            old = world.new()
            old.jar = before
            return (await old.ask("GET", "/")).status_code, (await one.ask("GET", "/")).status_code

        assert run(steps()) == (302, 200)

    def test_signing_out_ends_it_wherever_its_cookie_went_also_after_a_restart(self, world):
        async def steps():
            one, thief = world.new(), world.new()
            await one.sign_in("reader")
            thief.jar = dict(one.jar)
            assert (await one.ask("GET", "/-/logout")).status_code == 200  # a link signs nobody out
            assert (await thief.ask("GET", "/")).status_code == 200
            assert (await one.send("/-/logout")).status_code == 303
            assert sessions.COOKIE not in one.jar
            again = build(world.home, accounts=people())
            world.apps[id(again)] = again.app()
            later = world.new(again)
            later.jar = dict(thief.jar)
            return [(await visitor.ask("GET", "/")).status_code for visitor in (one, thief, later)]

        assert run(steps()) == [302, 302, 302]

    @pytest.mark.parametrize(
        "change", [{"role": "operator"}, {"secret": HASH.replace("salt", "tlas")}, {"name": "reader2"}]
    )
    def test_a_session_ends_with_its_password_role_or_person(self, world, change):
        facts = {"name": "reader", "role": "reader", "secret": HASH} | change
        changed = Account(**facts)

        async def steps():
            one = world.new()
            await one.sign_in("reader")
            site = build(world.home, accounts=Accounts(people={changed.name: changed}))
            world.apps[id(site)] = site.app()
            other = world.new(site)
            other.jar = dict(one.jar)
            return (await other.ask("GET", "/")).status_code

        assert run(steps()) == 302

    @pytest.mark.parametrize("cookie", ["", "x", "e30.x", '"; ds_actor=x', "\xe9", "a" * 9000, "ds_actor=\x01; =; ;;"])
    def test_forged_and_odd_cookies_sign_nobody_in(self, world, cookie):
        for sent in (f"{sessions.COOKIE}={cookie}", f'x="{cookie}', cookie):
            answer = world.new().go("GET", "/", headers={"cookie": sent.encode("latin-1")})
            assert answer.status_code == 302

    def test_a_signed_cookie_that_never_ends_is_not_one_of_ours(self, world):
        visitor = world.new()
        visitor.jar = {sessions.COOKIE: world.closed.sign({"a": {"id": "reader", "role": "approver"}}, "actor")}
        assert visitor.go("GET", "/").status_code == 302


class TestLimits:
    def test_tries_wait_longer_and_longer_and_the_password_is_not_looked_at(self, world):
        async def steps():
            said = []
            for n in range(8):
                one = world.new(address="198.51.100.7")
                said.append(await one.sign_in("researcher", PASSWORD if n > 5 else f"wrong battery {n}"))
            return said

        answers = run(steps())
        assert [answer.status_code for answer in answers] == [403] * 5 + [429] * 3
        assert int(answers[-1].headers["retry-after"]) >= 1
        assert "Too many tries" in answers[-1].text

    def test_nobody_can_lock_a_colleague_out(self, world):
        async def steps():
            mine = world.new(address="203.0.113.1")
            await mine.sign_in("researcher")
            assert DEVICE in mine.jar
            mine.jar.pop(sessions.COOKIE)
            for n in range(12):
                await world.new(address=f"198.51.100.{n}").sign_in("researcher", "wrong battery")
            refused = await world.new(address="203.0.113.2").sign_in("researcher")
            assert int(refused.headers["retry-after"]) <= limits.NAME_WAIT_S + 1
            return (await mine.sign_in("researcher")).status_code

        assert run(steps()) == 303

    def test_the_waits_grow_are_bounded_and_forgotten(self):
        now = [0.0]
        counted = limits.Limits(clock=lambda: now[0])
        waits = []
        for _ in range(30):
            while wait := counted.wait_s("192.0.2.1", "anna"):
                waits.append(wait)
                now[0] += wait
        assert waits[:3] == [2, 3, 5]
        assert max(waits) <= limits.ADDRESS_WAIT_S + 1
        assert counted.wait_s("192.0.2.9", "ben") == 0
        now[0] += limits.FORGET_S + 1
        assert counted.wait_s("192.0.2.1", "anna") == 0

    def test_memory_is_bounded_whoever_knocks(self):
        counted = limits.Limits()
        for n in range(limits.MOST_KEPT):
            counted.wait_s(f"2001:db8:{n:x}::1", f"name {n}")
        assert len(counted._tries) == limits.MOST_KEPT

    def test_addresses_of_one_network_of_ipv6_are_one(self):
        counted = limits.Limits(clock=lambda: 0.0)
        for n in range(limits.FREE):
            assert counted.wait_s(f"2001:db8::{n}", f"{n}") == 0
        assert counted.wait_s("2001:db8::ffff", "another") > 0


class TestSecrets:
    def test_no_secret_stands_in_database_log_or_page(self, world):
        async def steps():
            one = await world.visitor("operator")
            await world.new().sign_in(PASSWORD, PASSWORD)  # typed into the wrong field
            paths = ("/-/metadata", "/-/metadata.json", "/-/settings", "/-/plugins.json", "/-/actor.json", "/", "/coi")
            return "".join([(await one.ask("GET", path)).text for path in paths])

        text = run(steps())
        conn = sqlite3.connect(world.home.database)
        text += "\n".join(conn.iterdump())
        conn.close()
        log = (world.home.logs / LOG).read_text("utf-8")
        for secret in (PASSWORD, HASH, HASH.rpartition("$")[2], TOKEN):
            assert secret not in text + log
        assert {"what": "unknown name", "name": ""}.items() <= json.loads(log.splitlines()[-1]).items()

    def test_the_log_says_who_came_and_who_tried(self, world):
        async def steps():
            one = world.new(address="203.0.113.9")
            await one.sign_in("approver", "wrong battery")
            await one.sign_in("approver")
            await one.send("/-/logout")

        run(steps())
        lines = [json.loads(line) for line in (world.home.logs / LOG).read_text("utf-8").splitlines()[-3:]]
        assert [line["what"] for line in lines] == ["wrong password", "signed in", "signed out"]
        assert {(line["name"], line["address"]) for line in lines} == {("approver", "203.0.113.9")}
        assert oct((world.home.logs / LOG).stat().st_mode)[-3:] == "600"

    @pytest.mark.parametrize(
        ("variable", "value", "said"),
        [
            ("COI_PERSON_A", "anna researcher", "has 2 words, not three"),
            ("COI_PERSON_A", "anna chief S3CRET", "the role is not one of reader"),
            ("COI_PERSON_A", "root reader S3CRET", "is no name"),
            ("COI_PERSON_A", "anna reader S3CRET", "between single quotes"),
            ("COI_PERSON_A", "anna reader pbkdf2_sha256$1$s$" + "A" * 43 + "=", "is no hash"),
            ("COI_TOKEN_A", "nightly approver " + TOKEN, "not one of reader, operator"),
            ("COI_TOKEN_A", "nightly reader S3CRET", "has 32 characters or more"),
            ("COI_PERSON_B", f"Anna reader {HASH}", "is also in COI_PERSON_ANNA"),
            ("COI_TOKEN_B", f"ANNA reader {TOKEN}", "is also in COI_PERSON_ANNA"),
        ],
    )
    def test_a_wrong_variable_is_named_and_its_secret_is_not(self, variable, value, said):
        with pytest.raises(AccountsError, match=variable) as caught:
            Accounts.from_environment(GOOD | {variable: value})
        assert said in str(caught.value)
        assert not any(secret in str(caught.value) for secret in ("S3CRET", HASH, TOKEN))

    def test_the_quotes_of_the_line_may_come_along(self):
        assert Accounts.from_environment({"COI_PERSON_A": f"'anna reader {HASH}'"}).person("anna")

    def test_what_the_command_prints_lets_somebody_in(self):
        run_ = CliRunner(env={"COI_PERSON_X": ""})
        made = run_.invoke(cli, ["people", "add", "anna.de-vries", "--role", "approver"], input=f"{PASSWORD}\n")
        variable, _, value = made.stdout.strip().partition("=")
        token = run_.invoke(cli, ["people", "token", "nightly"]).stdout.strip().partition("=")
        read = Accounts.from_environment({variable: value.strip("'"), token[0]: token[2].strip("'")})
        person = read.person("ANNA.de-vries")
        assert (variable, person.role, read.scripts[0].role) == ("COI_PERSON_ANNA_DE_VRIES", "approver", "reader")
        assert PASSWORD not in made.stdout
        assert repr(person).count("pbkdf2") == 0

    @pytest.mark.parametrize(
        ("arguments", "typed", "said"),
        [
            (["add", "anna", "--role", "reader"], "short\n", "12 characters or more"),
            (["add", "root", "--role", "reader"], "", "is no name"),
            (["add", "a b", "--role", "reader"], "", "is no name"),
            (["token", "n", "--role", "approver"], "", "Invalid value for '--role'"),
        ],
    )
    def test_what_cannot_be_an_account_is_told(self, arguments, typed, said):
        done = CliRunner().invoke(cli, ["people", *arguments], input=typed)
        assert done.exit_code in (1, 2)
        assert said in done.output


class TestTheGate:
    @pytest.mark.parametrize("host", ["0.0.0.0", "::", "192.0.2.1", "example.org"])
    def test_other_machines_are_served_only_where_people_are_declared(self, world, host):
        with pytest.raises(CannotServe, match="coi people add"):
            serve(world.home, host=host, port=0)

    @pytest.mark.parametrize(
        ("host", "status"),
        [("localhost:8001", 200), ("127.0.0.1:8001", 200), ("[::1]:8001", 200), ("coi.example.org", 403),
         ("127.0.0.1.elsewhere.example", 403), ("[", 403), ("", 403)],
    )  # fmt: skip
    def test_a_site_without_people_answers_under_names_of_this_machine_only(self, world, host, status):
        answer = world.new(world.here).go("GET", "/method", headers={"host": host})
        assert answer.status_code == status
        assert status == 200 or "coi people add" in answer.text

    @pytest.mark.parametrize("name", ["x-forwarded-for", "X-Forwarded-Proto", "forwarded", "via", "x-real-ip"])
    def test_a_site_without_people_answers_nobody_through_a_proxy(self, world, name):
        """Whoever asks a proxy can say that he asks for localhost."""
        answer = world.new(world.here).go("GET", "/method", headers={"host": "localhost", name: "192.0.2.1"})
        assert answer.status_code == 403

    @pytest.mark.parametrize(
        "path",
        ["/%2D/login", "/-/login/", "//-/login", "/-/static-plugins/coi-tracker/..%2f..%2fcoi.json", "/robots.txt/..",
         "/-/login.json", "/coi.json?x=/-/login", "/-/static-plugins/coi-tracker/../../coi", "/\x2d/loginx"],
    )  # fmt: skip
    def test_no_spelling_of_a_public_address_opens_another(self, world, path):
        assert world.new().go("GET", path).status_code in (302, 401)

    @pytest.mark.parametrize("method", ["PUT", "DELETE", "PATCH", "OPTIONS", "PROPFIND"])
    def test_no_other_method_opens_anything(self, world, method):
        for path in ("/", "/coi.json", "/comments", "/-/metadata.json"):
            assert world.new().go(method, path).status_code == 401

    def test_programs_are_told_and_not_sent_to_a_form(self, world):
        answer = world.new().go("GET", "/coi/documents.json")
        assert answer.status_code == 401
        assert answer.headers["www-authenticate"].startswith("Bearer")
        assert answer.json()["status"] == 401

    def test_a_token_speaks_for_its_script_and_a_wrong_one_for_nobody(self, world):
        assert world.new(token=TOKEN).go("GET", "/coi/documents.json").status_code == 200
        assert world.new(token=TOKEN[:-1]).go("GET", "/coi/documents.json").status_code == 401
        assert world.new().go("GET", f"/coi/documents.json?token={TOKEN}").status_code == 401

    def test_what_one_may_see_is_kept_by_no_cache(self, world):
        async def steps():
            one = await world.visitor("reader")
            return [(await one.ask("GET", path)).headers["cache-control"] for path in ("/", "/-/login")]

        kept, login = run(steps())
        assert "private" in kept and "no-store" in login


def test_a_form_sent_after_the_session_ended_keeps_what_was_written(filled):
    async def steps():
        one = await filled.visitor("researcher")
        fields = {"about": "document", "id": "1", "text": "an hour of work", "once": "a1"}
        session = one.jar.pop(sessions.COOKIE)
        refused = await one.send("/comments", fields)
        assert (refused.status_code, CSRF in one.jar) == (401, True)
        assert "an hour of work" in refused.text and 'target="_blank"' in refused.text
        one.jar[sessions.COOKIE] = session
        return (await one.send("/comments", fields)).status_code

    assert run(steps()) == 303


def test_words_from_another_site_are_never_offered_as_a_form_of_ours(filled):
    answer = filled.new().go("GET", "/method")
    assert answer.status_code == 302
    sent = filled.new()
    forged = run(sent.ask("POST", "/comments", data={"about": "document", "id": "1", "text": "planted"}))
    assert forged.status_code == 401
    assert "planted" not in forged.text


def test_a_key_file_that_a_power_cut_left_empty_is_made_anew(home):
    connect(home).close()
    (home.path / "site-secret").touch()
    first = build(home, accounts=people())
    assert len((home.path / "site-secret").read_text()) == 64
    assert build(home, accounts=people())._secret == first._secret
    assert list(home.path.glob("*.new")) == []
