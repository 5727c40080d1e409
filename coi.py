"""The front door: the `coi` command. Only this file knows crawler, store and review; a command loads only its own."""

import importlib
import re
import sqlite3
import sys
from pathlib import Path
from typing import Any

import click

# command: (module, function). A module is imported only when its command is called, so that --help stays fast.
COMMANDS = {
    "demo": ("coi", "demo"),
    "up": ("coi", "up"),
    "serve": ("review.cli", "serve"),
    "update": ("coi", "update"),
    "crawl": ("crawler.cli", "crawl"),
    "add": ("crawler.cli", "add"),
    "read": ("crawler.cli", "read"),
    "sources": ("crawler.cli", "sources"),
    "capture": ("crawler.cli", "capture"),
    "schedule": ("crawler.schedule_cli", "schedule"),
    "worker": ("crawler.cluster.cli", "worker"),
    "ingest": ("crawler.cluster.cli", "ingest"),
    "expect": ("crawler.schedule_cli", "expect"),
    "archive": ("crawler.archive_cli", "archive"),
    "tag": ("review.cli", "tag"),
    "origins": ("review.origins_cli", "origins"),
    "assess": ("review.cli", "assess"),
    "status": ("review.cli", "status"),
    "backtest": ("review.backtest_cli", "backtest"),
    "newer": ("review.newer_cli", "newer"),
    "alerts": ("review.alerts.cli", "alerts"),
    "deadline": ("review.deadline_cli", "deadline"),
    "moratoria": ("review.moratoria_cli", "moratoria"),
    "explain": ("review.explain_cli", "explain"),
    "signoff": ("review.signoff_cli", "signoff"),
    "resolve": ("review.contradictions_cli", "resolve"),
    "grades": ("review.grades_cli", "grades"),
    "search": ("review.search_cli", "search"),
    "searches": ("review.search_cli", "searches"),
    "queue": ("review.people_cli", "queue"),
    "agreement": ("review.people_cli", "agreement"),
    "searched": ("review.people_cli", "searched"),
    "translate": ("review.translation.cli", "translate"),
    "people": ("review.accounts_cli", "people"),
    "cite": ("review.cite.cli", "cite"),
    "pack": ("review.pack.cli", "pack"),
    "verify": ("store.cli", "verify"),
    "backup": ("store.backup_cli", "backup"),
    "restore": ("store.backup_cli", "restore"),
    "check": ("coi", "check"),
    "doctor": ("coi", "doctor"),
}
HELP = {
    "demo": "Fill the home from the example archive and open the site.",
    "up": "Crawl on schedule and serve the site.",
    "serve": "Open the site of this home in Datasette.",
    "update": "Do every step once: crawl what is due, tag, propose evidence, find origins, assess, alert.",
    "crawl": "Collect from the declared sources, live or from an archive (--from).",
    "add": "Add a document that came by hand: a file, a URL, or a JSONL collection.",
    "read": "Show what reading one file gives. Touches no database.",
    "sources": "List, show or probe the declared sources.",
    "archive": "Export captures as WACZ; take in WARC and WACZ files that others made.",
    "schedule": "Crawl every source when it is due, until stopped; --print shows the next 24 hours.",
    "worker": "Crawl for another machine: take runs from Redis, ship what they bring.",
    "ingest": "Take in, once, what workers on other machines shipped.",
    "expect": "Publications that are awaited: what is due, overdue, arrived.",
    "capture": "Save the live pages of a source as its test case.",
    "tag": "Tag new passages, propose evidence, find origins; or tag a JSONL file to standard output.",
    "origins": "Say where documents come from, also those of a JSONL file; confirm, split and merge.",
    "assess": "Compute and store the verdicts; or judge a scenario file without a database.",
    "status": "Show whether there is enough to decide, and why not.",
    "deadline": "Say by when an application must be decided, with or without a moratorium, step by step.",
    "moratoria": "List the moratoria with the days left of each half; what texts propose, and a person's word on it.",
    "alerts": "Tell people in time, once: deadlines, falls, reports, broken sources; who is told, who has seen it.",
    "backtest": "Replay a moratorium week by week against what the state decided.",
    "explain": "Print the whole reasoning of one verdict, so that every number can be recomputed by hand.",
    "signoff": "Propose, approve or contradict a signed status, with four eyes; list what is in force.",
    "resolve": "List what contradicts on a question; say what it is, with a side and a reason; take that back.",
    "grades": "List better grades of sources that wait for a second person, and approve or refuse one.",
    "newer": "List what became known since a decision and was not dealt with, by what could change the status.",
    "search": "Search the passages: by words in any form, or by meaning across languages (--meaning).",
    "searches": "List the saved searches and what is new to each.",
    "queue": "Say what to read next and why, and how much is left.",
    "agreement": "Show how far two people who code blind agree, per question and group.",
    "searched": "Record and list searches by hand, also those that found nothing.",
    "translate": "Translate passages that no reviewer can read, by a declared command; marked, never quoted.",
    "people": "Say who may sign in to the site: people with a role and a password, scripts with a token.",
    "cite": "Cite a document or a passage: footnote, RIS, BibTeX, CSL-JSON.",
    "pack": "Write an evidence pack (Word, HTML, JSON, WACZ, hashes) of a moratorium, a group or a question.",
    "verify": "Check every hash, chain, reference and capture. Exit code 0: all hold.",
    "backup": "Copy everything that cannot be made again, while everything runs; --check proves a backup.",
    "restore": "Make the home what a backup holds; what is there is moved aside, nothing is deleted.",
    "check": "Check every declaration and generated document. Exit code 0: all hold.",
    "doctor": "Look whether this installation is well; say what to do where it is not. Exit code 0: all well.",
}
LOOK = """
What to look at: add /?as_of=2022-06-29 to the address below, the day on which the moratorium began. Then its days left,
the matrix of groups and questions, and question G1.3 with its evidence. Stop with Ctrl-C."""
EXAMPLE = Path(__file__).parent / "tests" / "web"


class Lazy(click.Group):
    """A command group that imports a command's module only when that command is called."""

    def list_commands(self, ctx: click.Context) -> list[str]:
        return list(COMMANDS)

    def get_command(self, ctx: click.Context, cmd_name: str) -> click.Command | None:
        if cmd_name not in COMMANDS:
            return None
        module, name = COMMANDS[cmd_name]
        found = globals()[name] if module == "coi" else getattr(importlib.import_module(module), name)
        return found if isinstance(found, click.Command) else None

    def invoke(self, ctx: click.Context) -> Any:  # noqa: ANN401  what the command gives back
        """Run the command; an expected error is one message and exit code 1, never a traceback."""
        from store.failures import in_words
        from store.home import Home
        from store.printable import printable

        try:
            return super().invoke(ctx)
        except Exception as error:
            said = in_words(error, Home.from_environment())
            if said is None:
                raise
            raise click.ClickException(printable(said, keep="\n\t")) from error

    def resolve_command(
        self, ctx: click.Context, args: list[str]
    ) -> tuple[str | None, click.Command | None, list[str]]:
        """As click does it; an unknown command is refused with those that it may have been meant for."""
        from difflib import get_close_matches

        if args and args[0] not in COMMANDS and not args[0].startswith("-"):
            close = get_close_matches(args[0], COMMANDS, n=3)
            hint = f" Did you mean {' or '.join(map(repr, close))}?" if close else " 'coi --help' lists them all."
            ctx.fail(f"no command {args[0]!r}.{hint}")
        return super().resolve_command(ctx, args)

    def format_commands(self, ctx: click.Context, formatter: click.HelpFormatter) -> None:
        with formatter.section("Commands"):
            formatter.write_dl(list(HELP.items()))


@click.group(cls=Lazy, context_settings={"help_option_names": ["-h", "--help"]})
@click.pass_context
def cli(ctx: click.Context) -> None:
    """Country-of-origin information: is there enough to decide, and why not yet?

    All data lies in one folder: $COI_HOME, or ./coi-data where it is not set.
    Exit codes: 0 done, 1 failed, 2 wrong use.
    """
    ctx.obj = (understand, alert)  # what the schedule does after a crawl, and every ten minutes; it knows nothing of it


@click.command()
@click.option("--serve/--no-serve", "serving", default=True, help="Open the site at the end (default), or not.")
@click.option("--port", type=click.IntRange(0, 65535), help="Port of the site (default: 8001, or a free one).")
def demo(serving: bool, port: int | None) -> None:
    """Fill the home from the example archive and open the site.

    The example is a reconstruction in own words after dated public facts; it needs no network. Running it again
    changes nothing.
    """
    from crawler import steps as crawling
    from store.db import connect, writing
    from store.home import Home

    home = Home.from_environment()
    archive = EXAMPLE / "example.warc.gz"
    if not archive.exists():
        raise click.ClickException(f"{archive} is missing; run this from a checkout of the project")
    conn = connect(home)
    held = conn.execute("select count(*) from documents").fetchone()[0]
    marked = conn.execute("select 1 from settings where key = 'example'").fetchone()
    if held and not marked:
        raise click.ClickException(
            f"{home.path} already holds documents of yours; the example would mix with them. "
            "Set COI_HOME to another folder, e.g. COI_HOME=./coi-example coi demo"
        )
    with writing(conn):
        conn.execute("insert or replace into settings (key, value) values ('example', '1')")
    conn.close()
    crawling.install_example(home, EXAMPLE / "sources")
    crawling.replay(home, [archive], sorted(path.stem for path in (EXAMPLE / "sources").glob("*.toml")))
    click.echo("(Two pages of the example carry no date on purpose: they are kept and make no question current.)")
    understand(home)
    if serving:
        click.echo(LOOK)
        from review.serve import serve

        serve(home, host="127.0.0.1", port=port)


@click.command()
def update() -> None:
    """Do every step once: crawl what is due, tag, propose evidence, find origins, assess, alert."""
    from crawler import steps as crawling
    from review.alongside import tagging
    from store.home import Home

    home = Home.from_environment()
    with tagging(home):
        failed = crawling.crawl_due(home)
    understand(home)
    alert(home)
    if failed:
        raise click.ClickException(f"{failed} source(s) failed; see 'coi sources list'")


@click.command()
@click.option("--host", default="127.0.0.1", show_default=True, help="Address to listen on.")
@click.option("--port", type=click.IntRange(0, 65535), help="Port of the site (default: 8001, or a free one).")
def up(host: str, port: int | None) -> None:
    """Crawl on schedule and serve the site, until stopped."""
    from crawler.cluster.handing import away
    from crawler.schedule import scheduler
    from review.serve import serve
    from store.home import Home

    home = Home.from_environment()
    with scheduler(home, after=lambda: understand(home), tick=lambda: alert(home), away=away(home)):
        serve(home, host=host, port=port)


def understand(home: Any) -> None:  # noqa: ANN401  a Home; its module is loaded only by commands that need it
    """Tag what is new, propose evidence, find origins, and compute the verdicts."""
    from review import work
    from store.logs import say, timed

    with timed("understand"):
        work.understand(home, say=say)


def alert(home: Any) -> None:  # noqa: ANN401  a Home
    """Tell people what they must know; what must be set right is said on standard error, and the rest goes on."""
    from datetime import UTC, datetime

    from review.alerts.desk import Busy, run
    from store.errors import ForPeople
    from store.logs import say

    try:
        report = run(home, now=datetime.now(UTC))
    except Busy:
        return  # another run does it
    except (ForPeople, sqlite3.Error, OSError) as error:  # the schedule goes on, and the next turn tries again
        say(f"alerts: {error}", err=True, name="alerts")
        return
    if report.alerts or report.sent:
        say(f"alerts: {report.alerts} new, {report.sent} messages sent", name="alerts")
    for problem in report.problems:
        say(f"alerts: {problem}", err=True, name="alerts")


@click.command()
def check() -> None:
    """Check every declaration and generated document. Exit code 0: all hold."""
    from crawler import sources_doc
    from crawler.expected import load_expected
    from crawler.source import load_sources
    from review import deadline_answer, method_doc
    from review.alerts.people import check as check_people
    from review.declarations import load
    from review.evidence_questions import check_question_cues
    from review.translation import declared as translators
    from review.vocabulary import check_vocabulary, load_groups, load_vocabulary
    from store import schema_doc
    from store.declared import DeclarationError, unread
    from store.home import Home

    extra = Home.from_environment().declared
    docs = Path(__file__).parent / "docs"
    problems: list[str] = []

    def known_sources() -> Any:  # noqa: ANN401  sources by id
        return load_sources([extra / "sources", EXAMPLE / "sources"])

    for name, loaded in (
        ("sources", known_sources),
        ("expected publications", lambda: load_expected([extra / "expected"], known_sources())),
        ("groups", lambda: load_groups([extra / "groups"])),
        ("vocabulary", lambda: check_vocabulary(load_vocabulary([extra / "groups"]))),
        ("questions, watersheds, moratoria, speakers", lambda: load(extra)),
        ("regimes", lambda: deadline_answer.check(extra)),
        ("people and channels", lambda: check_people(extra)),
        ("translators", lambda: translators.load(extra)),
        ("evidence cues", lambda: check_question_cues(load(extra).questions)),
        ("folders of the operator", lambda: unread(extra)),
        ("docs/method.md", lambda: method_doc.stale(docs)),
        ("docs/schema.md", lambda: schema_doc.stale(docs)),
        ("docs/sources.md", lambda: sources_doc.stale(docs)),
    ):
        try:
            found = loaded()
        except DeclarationError as error:
            problems.append(str(error))
            continue
        if isinstance(found, str):  # what is out of date
            problems.append(found)
        else:
            click.echo(f"ok  {name}" + (f": {len(found)}" if isinstance(found, dict) else ""))
    if problems:  # one broken file breaks several: each is said once, a line that is indented with the one above it
        blocks = [block for problem in problems for block in re.split(r"\n(?!\s)", problem)]
        raise click.ClickException("\n".join(dict.fromkeys(blocks)))


@click.command()
@click.option("--deep", is_flag=True, help="Check also a large database page by page (some minutes).")
@click.option("--json", "as_json", is_flag=True, help="One JSON object instead of lines for people.")
def doctor(deep: bool, as_json: bool) -> None:
    """Look whether this installation is well, and say what to do where it is not. Asks no network, changes nothing.

    Exit code 0: all well, 1: something to do. No secret is printed, only whether it is there: run it with the
    environment of the service.
    """
    import json
    from datetime import UTC, datetime

    from crawler.doctor import of_sources
    from review.doctor import of_people
    from store import doctor as looking
    from store.doctor_home import of_home
    from store.doctor_versions import programs, versions
    from store.home import Home

    home, now = Home.from_environment(), datetime.now(UTC)
    parts = (looking.machine(home), versions(), programs(), of_home(home, now, deep=deep), of_sources(home, now),
             of_people(home))  # fmt: skip
    found = [one for part in parts for one in looking.safely(part)]
    todo = [one for one in found if one.level in looking.ASKS]
    if as_json:
        click.echo(json.dumps({"well": not todo, "findings": looking.as_json(found)}, ensure_ascii=False))
    else:
        for one in found:
            click.echo(looking.line(one))
        notes = sum(one.level is looking.Level.NOTE for one in found)
        known = f", {notes} to know of (note)" if notes else ""
        click.echo(
            f"{len(found)} looked at, {len(todo)} to do{known}" + (":" if todo else "." if notes else ": all well.")
        )
        for one in todo:
            click.echo(f"  {one.name}: {one.value}\n    -> {one.remedy}")
    if todo:
        sys.exit(1)


def main() -> None:
    """Run the command line; what runs, how long and how it ended goes to the log (never its arguments)."""
    named = [word for word in sys.argv[1:2] if word in COMMANDS]
    if not named or {"--help", "-h"} & set(sys.argv):
        cli(prog_name="coi")
    from store.home import Home
    from store.logs import COMMANDS as FILE
    from store.logs import SITE, begin, timed

    begin(Home.from_environment(), f"coi {named[0]}", file=SITE if named[0] in ("serve", "up") else FILE)
    with timed("command"):
        cli(prog_name="coi")


if __name__ == "__main__":
    main()
