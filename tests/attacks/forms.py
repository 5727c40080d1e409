"""CSRF: every form of the site as another site would send it, without a token, with a wrong one, in other shapes."""

import asyncio
import json
from collections.abc import Iterator
from functools import partial

from tests.attacks import Attack
from tests.attacks.queries import dump
from tests.site_people import CSRF, Visitor, World
from tests.test_access import ROWS

WORDS = "planted by another site"
ELSEWHERE = {"origin": "https://evil.example", "referer": "https://evil.example/"}


def posts() -> list[str]:
    """Every address of the permission table that takes a form."""
    return [
        path
        for path, row in ROWS.items()
        if len(row) > 1 and row[1] in ("form", "form_404", "out", "sign_in", "message")
    ]


def across(world: World, victim: Visitor, stranger: Visitor) -> Iterator[Attack]:
    """Each form under each of the shapes; at the end the rows are what they were."""
    before = dump(world)
    fields = {"reason": WORDS, "text": WORDS, "decision": "reject", "about": "document", "id": "1", "once": "x",
              "username": "reader", "password": "correct horse battery", "message": WORDS}  # fmt: skip
    for path in posts():
        asked = path.format(**world.ids)
        for name, how in _shapes(victim, stranger, fields).items():
            yield f"{asked}: {name}", partial(_refused, victim, asked, how)
        if path not in ("/-/login", "/-/logout", "/-/messages", "/coding", "/queue/several", "/comments"):
            yield f"{asked}: by GET", partial(_by_get, victim, asked, fields)
    yield "no form of another site changed a row", lambda: "" if dump(world) == before else "rows changed"


def _shapes(victim: Visitor, stranger: Visitor, fields: dict[str, str]) -> dict[str, dict]:
    """How the same fields may be sent; the browser adds the victim's cookies to each."""
    theirs = stranger.jar[CSRF]
    form = {"content-type": "application/x-www-form-urlencoded"}
    return {
        "without a token": {"data": fields},
        "with an empty token": {"data": fields | {"csrftoken": ""}},
        "with the token of somebody else": {"data": fields | {"csrftoken": theirs}},
        "with half of the token": {"data": fields | {"csrftoken": victim.jar[CSRF][:-4]}},
        "with the token of somebody else in a header": {"data": fields, "headers": {"x-csrftoken": theirs}},
        "as JSON": {"content": json.dumps(fields), "headers": {"content-type": "application/json"}},
        "as JSON called plain text": {"content": json.dumps(fields), "headers": {"content-type": "text/plain"}},
        "as a form without a content type": {"content": "reason=x&text=y&decision=reject"},
        "as multipart": {"files": {name: (None, value) for name, value in fields.items()}},
        "from another origin": {"data": fields, "headers": ELSEWHERE},
        "from a sandbox (origin null)": {"data": fields, "headers": {"origin": "null"}},
        "by another method in a field": {"data": fields | {"_method": "PUT"}},
        "by another method in a header": {"data": fields, "headers": {"x-http-method-override": "GET"}},
        "with an empty bearer token": {"data": fields, "headers": {"authorization": "Bearer "}},
        "with a bearer token of nobody": {"data": fields, "headers": {"authorization": "Bearer " + "x" * 40}},
        "with the field twice": {"content": f"csrftoken={theirs}&csrftoken=&reason=x", "headers": form},
        "with the token in the address": {"data": fields, "params": {"csrftoken": victim.jar[CSRF]}},
    }  # fmt: skip


def _refused(victim: Visitor, path: str, how: dict) -> str:
    jar = dict(victim.jar)
    try:
        answer = asyncio.run(victim.ask("POST", path, **how))
        signed_out = victim.jar.get("ds_actor") != jar.get("ds_actor")
    finally:
        victim.jar = jar
    if answer.status_code not in (400, 401, 403, 405, 413, 415, 429):
        return f"{answer.status_code}: {answer.text[:100]!r}"
    if signed_out:
        return "the session was changed"
    return "" if f'value="{WORDS}"' not in answer.text else "the planted words stand in a form of ours"


def _by_get(victim: Visitor, path: str, fields: dict[str, str]) -> str:
    answer = asyncio.run(victim.ask("GET", path, params=fields))
    return "" if answer.status_code in (400, 403, 404, 405) or path.endswith("/evidence") else f"{answer.status_code}"
