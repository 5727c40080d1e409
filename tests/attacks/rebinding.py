"""Names that change their address: a DNS server, a public web server and an inside, in a network of their own (Linux).

`python -m tests.attacks.rebinding FOLDER`, started by `names` with unshare, has root's rights over a network that has
nothing but itself: a public address on its own loopback, port 53 for the DNS server that the system's resolver asks,
and the crawl as it is. It prints one line of JSON for each case.
"""

import contextlib
import json
import shutil
import socketserver
import subprocess
import sys
import threading
from collections.abc import Iterator
from functools import partial
from http.server import BaseHTTPRequestHandler, ThreadingHTTPServer
from ipaddress import ip_address
from pathlib import Path
from typing import ClassVar

from store.home import Home
from tests.attacks import Attack, LeftOut

PROJECT = Path(__file__).resolve().parents[2]
PUBLIC = "93.184.216.34"
NAME, OTHER = "changes.example", "other.example"
# For each case what is answered to the queries of each run, the last for all that follow, and whether a page
# is kept; None: as the system's resolver orders the two.
CASES: dict[str, tuple[list[list[list[str]]], bool | None]] = {
    "public, then the inside at the next run": ([[[PUBLIC]], [["127.0.0.1"]]], True),
    "public, then the inside within a run": ([[[PUBLIC], ["127.0.0.1"]]], True),
    "the inside at once": ([[["127.0.0.1"]]], False),
    "the inside, then public": ([[["127.0.0.1"], [PUBLIC]]], False),
    "inside and public in one answer": ([[["127.0.0.1", PUBLIC]]], None),
    "public and inside in one answer": ([[[PUBLIC, "127.0.0.1"]]], None),
    "another address of this machine": ([[["127.8.8.8"]]], False),
    "no address at all, 0.0.0.0": ([[["0.0.0.0"]]], False),
    "a machine of the network": ([[["10.0.0.7"]]], False),
    "the metadata of a cloud": ([[["169.254.169.254"]]], False),
    "IPv6 of this machine": ([[["::1"]]], False),
    "IPv6 that carries the inside": ([[["::ffff:127.0.0.1"]]], False),
    "a redirect to a name of the inside": ([[[PUBLIC]]], True),
}


class Names(socketserver.BaseRequestHandler):
    """Answers A and AAAA of any name from a list that gets shorter; TTL 0."""

    answers: ClassVar[list[list[str]]] = []

    def handle(self) -> None:
        asked, back = self.request
        end = asked.index(b"\0", 12) + 5
        question, kind = asked[12:end], int.from_bytes(asked[end - 4 : end - 2], "big")
        name = ".".join(part.decode() for part in _labels(question))
        if name == OTHER:
            now = ["127.0.0.1"]
        elif kind == 1 and len(self.answers) > 1:
            now = self.answers.pop(0)
        else:
            now = self.answers[0]
        packed = [ip_address(one).packed for one in now]
        fit = [one for one in packed if len(one) == {1: 4, 28: 16}.get(kind)]
        told = b"".join(
            b"\xc0\x0c" + kind.to_bytes(2, "big") + b"\0\1" + bytes(4) + len(one).to_bytes(2, "big") + one
            for one in fit
        )
        back.sendto(asked[:2] + b"\x85\x80\0\1" + len(fit).to_bytes(2, "big") + bytes(4) + question + told,
                    self.client_address)  # fmt: skip


def _labels(question: bytes) -> Iterator[bytes]:
    while question[0]:
        yield question[1 : 1 + question[0]]
        question = question[1 + question[0] :]


def _web(address: str, asked: list[str]) -> ThreadingHTTPServer:
    """A feed with two articles, one of which redirects to another name; every answer ends its connection."""
    words = (
        "Officers told conscripts that the war would be over by the autumn, and mothers wrote to the prosecutor. " * 4
    )
    entries = "".join(f"<item><title>t</title><link>http://{NAME}{path}</link><pubDate>Wed, 31 Dec 2025 10:00:00 GMT"
                      "</pubDate></item>" for path in ("/a", "/away"))  # fmt: skip
    feed = f"<rss version='2.0'><channel><title>f</title><link>http://{NAME}/</link>{entries}</channel></rss>"

    class Handler(BaseHTTPRequestHandler):
        def do_GET(self) -> None:
            asked.append(self.path)
            found = {"/feed": feed, "/a": f"<html><head><title>A</title></head><body><article><p>{words}</p></article>"}
            self.send_response(302 if self.path == "/away" else 200 if self.path in found else 404)
            self.send_header("Location", f"http://{OTHER}/secret")
            self.send_header("Content-Type", "text/xml" if self.path == "/feed" else "text/html")
            self.end_headers()
            self.wfile.write(found.get(self.path, "").encode())

        def log_message(self, *_: object) -> None:
            """Tests are quiet."""

    server = ThreadingHTTPServer((address, 80), Handler)
    threading.Thread(target=server.serve_forever, daemon=True).start()
    return server


def main(folder: Path, *only: str) -> None:
    """Inside the network of its own: set it up, run the cases."""
    from tests.attacks.inside import allowing
    from tests.local_crawl import declare, go, rows

    for command in ("ip link set lo up", f"ip addr add {PUBLIC}/32 dev lo"):
        subprocess.run(command.split(), check=True)
    mine = folder / "resolv.conf"
    mine.write_text("nameserver 127.0.0.1\noptions timeout:1 attempts:1\n")
    subprocess.run(["mount", "--bind", str(mine), str(Path("/etc/resolv.conf").resolve())], check=True)
    names = socketserver.ThreadingUDPServer(("127.0.0.1", 53), Names)
    threading.Thread(target=names.serve_forever, daemon=True).start()
    outside: list[str] = []
    inside: list[str] = []
    _web(PUBLIC, outside)
    for address in ("127.0.0.1", "127.8.8.8"):
        _web(address, inside)
    for number, case in enumerate(only or CASES):
        runs, keeps = CASES[case]
        home = Home(folder / f"home{number}")
        home.create()
        (home.declared / "sources").mkdir(parents=True, exist_ok=True)
        inside.clear(), outside.clear()
        said = []
        with allowing(), contextlib.redirect_stdout(sys.stderr):
            for turn, answers in enumerate(runs):
                Names.answers = [list(one) for one in answers]
                source = declare(home, "changes", "feed", [f"http://{NAME}/feed"], "delay_s = 1.0")
                said.append(go(home, source, f"2026-01-0{turn + 1}T00:00:00Z").message)
            kept = rows(home, "select count(*) from documents")[0][0]
        print(json.dumps({"case": case, "inside": list(inside), "kept": kept, "outside": len(outside), "said": said,
                          "well": not inside and keeps in (None, bool(kept))}), flush=True)  # fmt: skip


def names(folder: Path, *only: str) -> Iterator[Attack]:
    """One attack for each case; not tried where this machine allows no network of one's own."""
    own = shutil.which("unshare") and shutil.which("ip") and shutil.which("mount")
    folder = folder / "names"
    folder.mkdir(parents=True)
    command = ["unshare", "-rmn", sys.executable, "-m", "tests.attacks.rebinding", str(folder), *only]
    made = subprocess.run(command, cwd=PROJECT, capture_output=True, text=True, timeout=600) if own else None
    told = {one["case"]: one for one in map(json.loads, made.stdout.splitlines())} if made else {}
    why = (made.stderr.strip().splitlines() or ["it said nothing"])[-1] if made else "no unshare, ip or mount here"
    for case in only or CASES:
        yield f"a name is at {case}", partial(_judged, told.get(case), why)


def _judged(told: dict[str, object] | None, why: str) -> str:
    if told is None:
        raise LeftOut(f"needs a network of its own: {why}")
    return "" if told["well"] else str(told)


if __name__ == "__main__":
    main(Path(sys.argv[1]), *sys.argv[2:])
