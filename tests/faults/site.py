"""The site as a process, people who signed in to it by its own page, and what they sent."""

import re
import threading
from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import dataclass, field
from datetime import UTC, datetime, timedelta
from pathlib import Path

import httpx

from tests.faults.stage import Lost, Stage, rows
from tests.faults.warm import Started
from tests.site_people import HASH, PASSWORD

PEOPLE = {"COI_PERSON_1": f"anna researcher {HASH}", "COI_PERSON_2": f"ben approver {HASH}"}
ADDRESS = re.compile(r"The site: (http://\S+?)/\s")
START_S = 60.0


def soon() -> str:
    """A day on which a sign-off may be looked at again."""
    return (datetime.now(UTC).date() + timedelta(days=30)).isoformat()


def serve(stage: Stage, home: Path, port: int = 0, clock: Path | None = None) -> tuple[Started, str]:
    """Start the site; return its process and its address once it answers."""
    started = stage.coi(home, "serve", "--port", str(port), env=PEOPLE, clock=clock)
    until = START_S
    while not (found := ADDRESS.search(started.said)):
        if not started.alive_after(0.02):
            raise Lost(f"the site ended with {started.status}: {started.said[-800:]}")
        until -= 0.02
        if until < 0:
            raise Lost(f"the site did not start: {started.said[-800:]}")
    with httpx.Client(base_url=found[1], timeout=90) as client:
        for _ in range(200):
            try:
                client.get("/-/login")
                break
            except httpx.TransportError:
                if not started.alive_after(0.05):
                    raise Lost(f"the site ended with {started.status}: {started.said[-800:]}") from None
    return started, found[1]


@dataclass
class Person:
    """Somebody with a browser: a session, and what was sent under a reason of its own, by what came back."""

    name: str
    base: str
    client: httpx.Client = field(init=False)
    acknowledged: set[str] = field(default_factory=set)
    unanswered: dict[str, tuple[str, dict[str, str]]] = field(default_factory=dict)
    refused: dict[str, str] = field(default_factory=dict)

    def __post_init__(self) -> None:
        self.client = httpx.Client(base_url=self.base, timeout=90, headers={"accept": "text/html"})

    def sign_in(self) -> None:
        self.client.get("/-/login")
        answer = self.post("/-/login", {"username": self.name, "password": PASSWORD, "next": ""})
        if answer.status_code != 303:
            raise Lost(f"{self.name} could not sign in: {answer.status_code}")

    def is_in(self) -> bool:
        """Whether the session still holds."""
        return self.name in self.client.get("/-/actor.json").text

    def post(self, path: str, fields: dict[str, str]) -> httpx.Response:
        return self.client.post(path, data=fields | {"csrftoken": self.client.cookies.get("ds_csrftoken", "")})

    def send(self, path: str, fields: dict[str, str]) -> bool:
        """Send a form and note how that ended, by its reason; False where no answer came."""
        reason = fields["reason"]
        try:
            answer = self.post(path, fields)
        except httpx.TransportError:
            self.unanswered[reason] = (path, fields)
            return False
        if answer.status_code in (200, 302, 303):
            self.acknowledged.add(reason)
            self.unanswered.pop(reason, None)
        else:
            self.refused[reason] = f"{answer.status_code} {_alert(answer.text)}"
        return True


def _alert(page: str) -> str:
    said = re.split(r'role="alert"|class="lead"', page)
    return (
        re.sub(r"<[^>]+>|\s+", " ", said[1].partition(">")[2].split("</p>")[0])[:300] if len(said) > 1 else page[-200:]
    )


def kept_once(home: Path, table: str, people: list[Person]) -> None:
    """Raise Lost unless every acknowledged act is there once, and no other twice or without having been sent."""
    held = [reason for (reason,) in rows(home, f"select reason from {table}")]
    wanted = set().union(*(person.acknowledged for person in people))
    sent = wanted.union(*(person.unanswered for person in people))
    if missing := sorted(wanted - set(held)):
        raise Lost(f"{len(missing)} acknowledged and not in {table}: {missing[:3]}")
    mine = [reason for reason in held if reason in sent]
    if len(mine) != len(set(mine)):
        raise Lost(f"twice in {table}: {sorted(reason for reason in mine if mine.count(reason) > 1)[:3]}")


@contextmanager
def busy(*jobs: tuple[Person, Iterator[tuple[str, dict[str, str]]]]) -> Iterator[None]:
    """Let people send one form after the other until the site no longer answers, or the block ends."""
    over = threading.Event()

    def work(person: Person, forms: Iterator[tuple[str, dict[str, str]]]) -> None:
        for path, fields in forms:
            if over.is_set() or not person.send(path, fields):
                return

    threads = [threading.Thread(target=work, args=job) for job in jobs]
    for thread in threads:
        thread.start()
    try:
        yield
    finally:
        over.set()
        for thread in threads:
            thread.join()
