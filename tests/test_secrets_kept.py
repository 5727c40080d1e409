"""Secrets that an operator sets stay in the environment: real commands, then files, output, pages are searched."""

import gzip
import os
import re
import signal
import subprocess
import sys
from base64 import b64encode
from collections.abc import Iterator
from pathlib import Path
from urllib.parse import quote, unquote

import httpx
import pytest
from datasette_auth_passwords.utils import hash_password

from store.home import Home
from tests.alerts_world import HOOK, Hook, Mailbox, declare, hook_server, mail_server
from tests.conftest import PROJECT
from tests.local_crawl import declare as source
from tests.local_site import Page, Site
from tests.site_home import make

PASSWORD = "sw0rdfish-of-anna"
HASH = hash_password(PASSWORD, "sa1t0fanna", 100_000)
PLANTED = {
    "password of a person": PASSWORD, "hash of a person": HASH.rpartition("$")[2], "token": "t0ken-3n-" + "n1ght" * 8,
    "cookies": "c00kies" * 9, "mail": "ma1l p@ss/word", "webhook": "h00k-s3cr3t-path", "hook_password": "h00k-passw0rd",
    "redis": "r3dis-passw0rd", "api": "ap1-k3y-of-a-source",
}  # fmt: skip


def forms(secret: str) -> set[bytes]:
    """A secret as it may stand in a file: as it is, in an address, in base64."""
    raw = secret.encode()
    return {raw, quote(secret).encode(), quote(secret, safe="").encode(), unquote(secret).encode(), b64encode(raw)}


def told(where: str, body: bytes) -> list[str]:
    """The secrets that stand in these bytes."""
    unpacked = gzip.decompress(body) if body[:2] == b"\x1f\x8b" else b""
    return [
        f"{what} in {where}" for what, secret in PLANTED.items() for form in forms(secret) if form in body + unpacked
    ]


@pytest.fixture
def environment(tmp_path: Path, site: Site) -> Iterator[dict[str, str]]:
    """A home, and the settings of an operator who uses everything; the mail server and the hook refuse."""
    home = Home(tmp_path / "home")
    make(home)
    with mail_server() as box, hook_server() as hook:
        yield settings(home, site, box, hook)


def settings(home: Home, site: Site, box: Mailbox, hook: Hook) -> dict[str, str]:
    declare(home, box)
    with (home.declared / "channels" / "mail.toml").open("a") as channel:
        channel.write('user_env = "MAIL_USER"\npassword_env = "MAIL_PASSWORD"\n')
    hook.status = 500
    (home.declared / "sources").mkdir(exist_ok=True)
    site.feed("/feed", "/a")
    site.article("/a")
    site.pages["/down"] = Page("down", status=500, headers={"Retry-After": "0"})
    source(home, "well", "feed", [f"{site.url}/feed"])
    source(home, "ill", "feed", [f"{site.url}/down"])
    where = hook.url.removeprefix("json://").partition("/")[0]
    kept = {name: os.environ[name] for name in ("PATH", "HOME", "LANG") if name in os.environ}
    return kept | {
        "COI_HOME": str(home.path), "COI_CONTACT": "tests@example.org", "COI_ALLOW_HOSTS": site.host,
        "COI_PERSON_ANNA": f"anna operator {HASH}", "COI_TOKEN_NIGHT": f"night reader {PLANTED['token']}",
        "DATASETTE_SECRET": PLANTED["cookies"], "MAIL_USER": "coi", "MAIL_PASSWORD": PLANTED["mail"],
        HOOK: f"json://bob:{PLANTED['hook_password']}@{where}/{PLANTED['webhook']}",
        "COI_REDIS": f"redis://:{PLANTED['redis']}@127.0.0.1:9/0", "COI_SHARED": (home.path / "shared").as_uri(),
        "RELIEFWEB_APPNAME": PLANTED["api"], "PYTHONPATH": str(PROJECT), "PYTHONUNBUFFERED": "1",
    }  # fmt: skip


COMMANDS = (
    "people list", "doctor --json", "schedule --print", "crawl --source well --source ill", "alerts",
    "alerts test mail --to anna", "alerts test hook --to anna", "worker",
    "pack --question G1.3 --country RU --out {out}",
    "pack --moratorium none --out {out}", "no-such-command",
)  # fmt: skip


def coi(*words: str) -> list[str]:
    return [sys.executable, "-c", "from coi import main; main()", *words]


def test_no_command_tells_a_secret(environment: dict[str, str], tmp_path: Path) -> None:
    found: list[str] = []
    for number, command in enumerate(COMMANDS):
        words = command.format(out=tmp_path / f"out{number}").split()
        mine = environment if number % 2 else environment | {"COI_LOG": "json"}
        done = subprocess.run(coi(*words), env=mine, cwd=tmp_path, capture_output=True, timeout=120)
        assert done.stdout or done.stderr, command
        found += told(f"output of {command}", done.stdout + done.stderr)
    assert found == []
    found += served(environment, tmp_path)
    files = [path for path in tmp_path.rglob("*") if path.is_file()]
    assert any(path.name == "coi.db" for path in files) and any("logs" in path.parts for path in files)
    for path in files:
        found += told(str(path.relative_to(tmp_path)), path.read_bytes())
    assert found == []


def served(environment: dict[str, str], tmp_path: Path) -> list[str]:
    """Serve, sign in wrongly and rightly, look at pages that tell of the machine and at errors; stop."""
    found: list[str] = []
    with subprocess.Popen(coi("serve", "--port", "0"), env=environment, cwd=tmp_path, stdout=subprocess.PIPE,
                          stderr=subprocess.PIPE) as server:  # fmt: skip
        said = b""
        while not (where := re.search(rb"http://127\.0\.0\.1:\d+", said)):
            line = server.stdout.readline()
            assert line, server.stderr.read()
            said += line
        with httpx.Client(base_url=where[0].decode(), headers={"accept": "text/html"}, timeout=60) as browser:
            answers = [browser.get("/-/login")]
            for name, typed in (("anna", "wrong"), (PASSWORD, PASSWORD), ("anna", PASSWORD)):
                fields = {"username": name, "password": typed, "csrftoken": browser.cookies["ds_csrftoken"]}
                answers.append(browser.post("/-/login", data=fields))
            assert answers[-1].status_code == 303
            answers += [
                browser.get(path)
                for path in (
                    "/", "/sources", "/nowhere", "/coi.json?sql=select+x", "/-/metadata.json", "/-/settings.json",
                    "/-/plugins.json", "/-/actor.json", "/-/versions.json", "/-/health", "/-/metrics",
                    "/documents/999999",
                    f"/?token={PLANTED['token']}x", "/-/threads.json", "/-/databases.json", "/alerts/RU.atom",
                )
            ]  # fmt: skip
            bearer = {"authorization": f"Bearer {PLANTED['token']}"}
            answers += [
                httpx.get(f"{where[0].decode()}{path}", headers=bearer) for path in ("/coi.json", "/-/metrics", "/x")
            ]
        server.send_signal(signal.SIGTERM)
        out, err = server.communicate(timeout=60)
    for answer in answers:
        shown = answer.content.replace(f"{PLANTED['token']}x".encode(), b"")  # what the visitor sent stands in his page
        shown = shown.replace(f'value="{PASSWORD}"'.encode(), b"")  # so does what he typed as his name
        found += told(f"page {answer.url.path} ({answer.status_code})", shown + str(answer.headers).encode())
    return found + told("output of serve", said + out + err)
