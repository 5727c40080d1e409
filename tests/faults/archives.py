"""Archive files that lost their end: named by `coi verify`, and the crawl goes on and fetches anew what it can.

The rows of lost captures stay (nothing is ever taken out), so verify goes on naming them: the operator restores the
file from a backup. What a publisher still has is fetched in full, whatever its server says of "not modified".
"""

import shutil
from pathlib import Path

from tests.faults.stage import T3, Lost, Stage, Tally, holds, problems, rows, same

KINDS = ("damaged", "left by a killed process", "given with --from")


def truncated(stage: Stage, times: int) -> Tally:
    """Cut at random offsets: a file of ours, one that a killed process left behind, one that is given to replay."""
    tally = Tally("truncated WARC", "verify names each, the crawl goes on, fetches anew, nothing whole is lost")
    _ = stage.archives
    does = (_damaged, _left, _given)
    for number in range(times):
        tally.one(lambda number=number: does[number % 3](stage))  # type: ignore[misc]
    tally.note = ", ".join(KINDS)
    return tally


def _archive(home: Path) -> Path:
    return max((home / "archive").glob("*.warc.gz"), key=lambda path: path.stat().st_size)


def _damaged(stage: Stage) -> None:
    home = stage.copy(stage.crawled)
    file = _archive(home)
    at = stage.chance.choice((1300, stage.chance.randrange(200, file.stat().st_size)))  # the list itself, or any
    with file.open("r+b") as out:
        out.truncate(at)
    lost = {url for (url,) in rows(home, "select url from captures where warc_offset + warc_length > ?", at)}
    said = problems(home)
    if len(said) != len(lost) or not all(file.name in line for line in said):
        raise Lost(f"{len(lost)} captures lost at {at}, verify names {len(said)}: {said[:2]}")
    asked = len(stage.site.asked)
    stage.done(stage.crawl(home, T3, "t"))
    asked_again = {path for path, *_ in stage.site.asked[asked:]}
    if problems(home) != said:
        raise Lost(f"after the next crawl: {problems(home)[:3]}")
    again = """select count(*) from captures where url = ? and fetched_at >= ? and refers_to is null"""
    for url in lost:
        if url.removeprefix(stage.site.url) in asked_again - {"/robots.txt"} and not rows(home, again, url, T3)[0][0]:
            raise Lost(f"{url} was lost and not fetched in full again")
    if rows(home, "select count(*) from versions") != rows(stage.crawled, "select count(*) from versions"):
        raise Lost("a version more or less than before")


def _left(stage: Stage) -> None:
    """As a kill leaves it: the mark of an open file, and bytes behind the last record that a row points to."""
    home = stage.copy(stage.crawled)
    file = _archive(home)
    before = file.stat().st_size
    member = (stage.archives[-1]).read_bytes()
    with file.open("ab") as out:
        out.write(member[: stage.chance.randrange(1, len(member))])
    if stage.chance.random() < 0.5:
        file.with_name(file.name + ".open").touch()
        stage.done(stage.crawl(home, T3, "t"))
        aside = list((home / "archive").glob("*.truncated-*"))
        if file.stat().st_size < before or (aside and file.stat().st_size + aside[0].stat().st_size <= before):
            raise Lost("bytes are gone that nobody set aside")
    else:  # the mark itself did not reach the disk
        stage.done(stage.crawl(home, T3, "t"))
    holds(home)


def _given(stage: Stage) -> None:
    """A broken download of an archive: what is whole comes in, the rest is named; then the whole file."""
    whole, cut = stage.archives, stage.path("cut.warc.gz")
    data = whole[0].read_bytes()
    cut.write_bytes(data[: stage.chance.randrange(len(data) // 3, len(data) - 1)])
    calm, home = stage.copy(stage.declared), stage.copy(stage.declared)
    files = [part for path in whole for part in ("--from", str(path))]
    stage.done(stage.coi(calm, "crawl", "--source", "paper", *files))
    taken = stage.coi(home, "crawl", "--source", "paper", "--from", str(cut))
    taken.wait()
    if "Traceback" in taken.said or cut.name not in taken.said:
        raise Lost(f"the broken file was not named: {taken.said[-600:]!r}")
    holds(home)
    stage.done(stage.coi(home, "crawl", "--source", "paper", *files))
    holds(home)
    same(calm, home, ("documents",))
    urls = "select distinct url from captures order by 1"
    if rows(home, urls) != rows(calm, urls):
        raise Lost("captures are missing")
    shutil.rmtree(calm)
