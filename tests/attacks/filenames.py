"""Names of files that somebody else chose: of members of an archive, and of what came with a mail and was saved.

Each is really imported or added by the command. Nothing may be written but in the home and under our own names, what the
terminal shows may not steer it nor look like a line of ours, and no answer of the site hands the name on.
"""

import asyncio
import json
import stat
import zipfile
from collections.abc import Iterator, Sequence
from email.message import EmailMessage
from functools import partial
from pathlib import Path

from click.testing import CliRunner, Result
from warcio.archiveiterator import ArchiveIterator

from coi import cli
from crawler.warc import Exchange, WarcFile
from store.home import Home
from tests.attacks import Attack
from tests.site_people import Visitor

FORGED = "other.wacz: 5 captures taken, 0 held already, 0 refused or damaged"
NAMES = (
    "../../../outside", "/outside", "/etc/cron.d/outside", "a/../../outside", "./../outside", "....//outside", "..;/outside",
    "C:\\outside", "C:outside", "\\\\host\\share\\outside", "..\\..\\outside", "%2e%2e%2foutside", "．．／outside", "~/outside",
    "~root/.ssh/authorized_keys", "file:///etc/passwd", "coi.db", "site-secret", "archive/../coi.db", "declared/sources/x.toml",
    "CON", "NUL", "aux", "COM1", "LPT9.txt", "a:stream", "a. . .", "a ", ".", "..", "...", " ", "-rf", "--help", "$(touch outside)",
    "`touch outside`", "; touch outside #", "| touch outside", "a\x1b]0;owned\x07", "a\x1b[2J\x1b[32mall is well", "a\x9b31m",
    f"a\n{FORGED}\n", f"a\r{FORGED}", f"a\u2028{FORGED}", f"a\x85{FORGED}", f"a\x0b{FORGED}", "a\u202efdp.exe", "\u2066a\u2069",
    "a\u200b", "\ufeffa", "a\u00ad", "e\u0301", "\u00e9", "ﬁle", "a\x7f", "a\x08\x08b", "report.pdf.exe", "a.html", "a.svg", "a.js",
    "<script>alert(1)</script>", "\"><img src=x onerror=alert(1)>", "{{7*7}}", "=cmd|' /C calc'!A0", "a\"; filename=\"b.exe",
    "a\r\nSet-Cookie: a=b", "utf-8''%0d%0aX-Evil%3a%201", "=?utf-8?q?=0D=0A?=X-Evil: 1", "x" * 200, "x" * 60_000,
)  # fmt: skip
KINDS = {"a link": stat.S_IFLNK, "a device": stat.S_IFCHR, "a pipe": stat.S_IFIFO, "a folder": stat.S_IFDIR}
BYTES = b"\x89PNG\r\n\x1a\n" + bytes(64)  # a picture: it is refused, and the refusal names the file
AT = "2026-01-05T08:00:00Z"
TEXT = "Conscripts of the Russian army were sent across the border and fought near Kharkiv in May 2022. " * 3


def members(folder: Path) -> Iterator[Attack]:
    """Archives that others made, with such names inside."""
    home = Home(folder / "imports" / "home")
    home.create()
    good = _warc(folder / "good.warc.gz")
    contents = {"a whole archive": good, "damage": good[:-40] + bytes(40), "no archive": b"root:x:0:0:" * 9}
    for number, name in enumerate(NAMES):
        for what, body in contents.items():
            box = [(f"archive/{name}.warc.gz", body, 0), (f"{name}.warc", body, 0)]
            yield f"{what} named {name[:60]!r}", partial(_imported, home, f"{number}", box)
        box = [(f"{name}.warc.gz", good, 0)]
        yield f"a hash of {name[:60]!r} that differs", partial(_imported, home, f"{number}", box, hashes="sha256:00")
        if _can_be_a_file(f"{name}.wacz"):
            box = [("archive/a.warc.gz", _warc(folder / f"{number}.warc.gz", f"<p>{number}</p>"), 0)]
            yield f"an archive saved as {name[:60]!r}", partial(_imported, home, "", box, saved_as=f"{name}.wacz")
    for what, kind in KINDS.items():
        for target in ("../../../outside", "/etc/passwd", "coi.db", str(home.database)):
            box = [("archive/a.warc.gz", target.encode(), kind | 0o777), ("archive/a.warc.gz/b.warc.gz", good, 0)]
            yield f"{what} to {target}", partial(_imported, home, what.replace(" ", "-"), box)
    twins = (("a.warc.gz", "a.warc.gz"), ("a.warc.gz", "A.WARC.GZ"), ("\u00e9.warc.gz", "e\u0301.warc.gz"),
             ("a.warc.gz", "./a.warc.gz"), ("a.warc.gz", "a.warc.gz\0.png"), ("datapackage.json", "datapackage.json"))  # fmt: skip
    for one, other in twins:
        box = [(f"archive/{one}", good, 0), (f"archive/{other}", b"another", 0)]
        yield f"twins {one!r} and {other!r}", partial(_imported, home, "twins", box)


def saved(folder: Path, reader: Visitor, home: Home) -> Iterator[Attack]:
    """Attachments that were saved under the name that the mail gave them, and the mail itself, added by hand."""
    for number, name in enumerate(NAMES):
        path = folder / "saved" / f"{name}.txt"
        if _can_be_a_file(f"{name}.txt"):
            yield f"a text saved as {name[:60]!r}", partial(_added, home, reader, path, f"{TEXT} {number}".encode())
            yield f"bytes saved as {name[:60]!r}", partial(_added, home, reader, path, BYTES)
        mail = EmailMessage()
        mail["Subject"] = "Report"
        mail.set_content(f"{TEXT} mail {number}")
        raw = mail.as_bytes() + f'\r\n--x\r\nContent-Disposition: attachment; filename="{name}"\r\n\r\nx'.encode()
        yield f"a mail with {name[:60]!r}", partial(_added, home, reader, folder / "saved" / f"{number}.eml", raw)


def _can_be_a_file(name: str) -> bool:
    return "/" not in name and len(name.encode()) <= 255


def _warc(path: Path, page: str = "<p>one</p>") -> bytes:
    """A small whole archive."""
    with WarcFile(path, {"software": "theirs"}) as out:
        out.response(Exchange(url="http://pub.example/1", fetched_at=AT, status=200,
                              headers=(("Content-Type", "text/html"),), body=page.encode()))  # fmt: skip
    return path.read_bytes()


def _imported(home: Home, label: str, box: Sequence[tuple[str, bytes, int]], *, hashes: str = "",
              saved_as: str = "") -> str:  # fmt: skip
    path = home.path.parent / (saved_as or f"theirs-{label}.wacz")
    resources = [{"path": name, "hash": hashes or "sha256:00"} for name, _, _ in box if hashes]
    marks: list[tuple[bytes, bytes]] = []
    with zipfile.ZipFile(path, "w") as out:
        out.writestr("datapackage.json", json.dumps({"resources": resources}))
        for name, body, mode in box:
            info = zipfile.ZipInfo(name.replace("\0", "\x01"))
            info.filename = name.replace("\0", "\x01")  # as it is: the constructor puts separators right
            info.external_attr, info.create_system = mode << 16, 3
            out.writestr(info, body)
            if "\0" in name:
                marks.append((info.filename.encode(), name.encode()))
    for ours, theirs in marks:
        path.write_bytes(path.read_bytes().replace(ours, theirs))
    whole = True if not hashes and any(name.endswith(".gz") and body[:2] == b"\x1f\x8b" and body[-40:] != bytes(40)
                                       for name, body, _ in box) else None  # fmt: skip
    found = _ran(home, home.path.parent, "archive", "import", str(path), taken=whole)
    path.unlink()
    return found or _fields(home)


def _added(home: Home, reader: Visitor, path: Path, body: bytes) -> str:
    path.parent.mkdir(exist_ok=True)
    path.write_bytes(body)
    found = _ran(home, home.path.parent, "add", str(path), taken=body != BYTES)
    path.unlink()
    return found or ("" if path.suffix != ".eml" and body == BYTES else asyncio.run(_handed_on(reader)))


def _fields(home: Home) -> str:
    """'' where what our archive says of itself is what we wrote: three fields, each on a line of its own."""
    newest = max(home.archive.glob("import-*.warc.gz"), key=lambda path: path.stat().st_mtime_ns, default=None)
    if newest is None:
        return ""
    with newest.open("rb") as file:
        info = next(iter(ArchiveIterator(file))).content_stream().read().decode()
    names = [line.partition(":")[0] for line in info.splitlines()]
    return "" if set(names) <= {"software", "imported-from", "format", "made", "conformsTo"} else f"warcinfo {names}"


def _ran(home: Home, around: Path, *words: str, taken: bool | None = None) -> str:
    """'' where the command ended with words that a terminal can show, and wrote nothing but in its home.

    `taken`: whether it must have taken what it was given: an odd name is no reason to lose a good document.
    """
    before = _outside(around, home)
    ran = CliRunner().invoke(cli, list(words), env={"COI_HOME": str(home.path)})
    if not isinstance(ran.exception, SystemExit | None):
        return f"{type(ran.exception).__name__}: {ran.exception}"[:300]
    if more := {str(one) for one in _outside(around, home) - before}:
        return f"wrote {sorted(more)[:3]}"
    if taken is not None and taken != (ran.exit_code == 0):
        return f"exit code {ran.exit_code}: {ran.output[:200]}"
    strange = [path.name for path in home.archive.iterdir() if not path.name.isascii() or "outside" in path.name]
    return f"the archive holds {strange[:3]}" if strange else _shown(ran)


def _outside(around: Path, home: Home) -> set[Path]:
    ours = {home.path / name for name in ("coi.db", "coi.db-wal", "coi.db-shm", "home-id")}
    kept = (home.archive, home.locks, home.logs)
    places = (
        *around.rglob("*"),
        *Path.cwd().glob("outside*"),
        *Path("/").glob("outside*"),
        *Path("/etc/cron.d").glob("o*"),
    )
    return {one for one in places if one not in ours and not any(one.is_relative_to(folder) for folder in kept)}


def _shown(ran: Result) -> str:
    """'' where no character steers the terminal, and no line is one that the name wrote."""
    odd = sorted({one for one in ran.output if not one.isprintable() and one != "\n"})
    if odd:
        return f"the terminal is sent {odd[:5]}"
    if any(line.startswith(FORGED) for line in ran.output.splitlines()):
        return "a line of ours is forged"
    long = max(map(len, ran.output.splitlines()), default=0)
    return f"a line of {long} characters" if long > 5000 else ""


async def _handed_on(reader: Visitor) -> str:
    """'' where the newest document is shown as text, and its downloads bear names of ours."""
    (row,) = (await reader.ask("GET", "/coi/documents.json?_sort_desc=id&_size=1&_shape=array")).json()
    page = await reader.ask("GET", f"/documents/{row['id']}")
    if page.status_code != 200 or "<script>alert" in page.text or "<img src=x" in page.text:
        return f"the page of the document: {page.status_code}"
    for form in ("ris", "bib", "json"):
        answer = await reader.ask("GET", f"/documents/{row['id']}/cite.{form}")
        named = answer.headers.get_list("content-disposition")
        if answer.status_code != 200 or len(named) != 1 or not named[0].endswith(f'-{row["id"]}.{form}"'):
            return f"cite.{form}: {answer.status_code} {named}"
        if "x-evil" in answer.headers or "set-cookie" in answer.headers:
            return "a header of the name's"
    return ""
