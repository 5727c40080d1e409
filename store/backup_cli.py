"""coi backup, coi restore: a home elsewhere, and back."""

import sys
from pathlib import Path

import click

from store.clock import utc_now
from store.home import Home
from store.printable import printable

HOLD = "all hashes, chains, references and captures hold"


@click.command()
@click.option("--check", is_flag=True, help="Make none: check the backup (or the newest in the folder) where it lies.")
@click.option("--keep", type=click.IntRange(1), metavar="N", help="Remove all but the N newest backups afterwards.")
@click.argument("to", metavar="FOLDER", type=click.Path(file_okay=False, path_type=Path))
def backup(check: bool, keep: int | None, to: Path) -> None:
    """Copy everything that cannot be made again to a dated folder in FOLDER, while crawls and the site go on.

    The database by SQLite's backup API, the archive as far as the database refers to it, your declarations, the log of
    sign-ins; each file with its SHA-256 in manifest.json. Archive files that an earlier backup there holds are linked,
    not copied again. Keys that cookies and links are signed with stay out. Exit code 1: none was made, or what was
    copied is damaged (then it says what).
    """
    if check:
        if keep:
            raise click.UsageError("--keep goes with making a backup, not with --check")
        _check(to)
        return
    from store.backup import back_up

    home = Home.from_environment()
    made, manifest, written = back_up(home, to, keep=keep)
    whole = sum(one.bytes for one in manifest.files)
    click.echo(f"{made}: {len(manifest.files)} files, {whole:,} bytes, of which {written:,} were copied anew")
    click.echo(
        f"Audit chain: {manifest.acts:,} acts of people, head {manifest.head or '(none yet)'}. Note it elsewhere."
    )
    if made.stat().st_dev == home.path.stat().st_dev:
        click.echo("It lies on the same disk as the home; take it to another one as well.")
    for problem in manifest.problems:
        click.echo(problem, err=True)
    if manifest.problems:
        click.echo(f"The home itself is damaged ({len(manifest.problems)}); it was copied as it is. Run 'coi verify'.",
                   err=True)  # fmt: skip
        sys.exit(1)


def _check(folder: Path) -> None:
    from store.manifest import Manifest
    from store.restore import backup_problems

    folder = _chosen(folder)
    problems = 0
    for problem in backup_problems(folder):
        click.echo(problem, err=True)
        problems += 1
    if problems:
        raise click.ClickException(f"{folder}: {problems} problem(s); do not rely on this backup")
    manifest = Manifest.read(folder)
    click.echo(f"{folder}: {len(manifest.files)} files of {manifest.made_at} are whole; {HOLD}")
    click.echo(f"Audit chain: {manifest.acts:,} acts of people, head {manifest.head or '(none yet)'}.")


@click.command()
@click.option("--aside", type=click.Path(path_type=Path), metavar="FOLDER",
              help="Where to move the home that is there now (same file system).")  # fmt: skip
@click.option("--damaged", is_flag=True, help="Restore also a backup that does not pass the checks.")
@click.argument("origin", metavar="FROM", type=click.Path(exists=True, path_type=Path))
def restore(aside: Path | None, damaged: bool, origin: Path) -> None:
    """Make $COI_HOME what a backup holds. Nothing is deleted, every hash is checked first.

    FROM is a backup, a folder of backups (the newest is taken), or a file: one that was kept before an upgrade
    (coi.db.before-...), or a copy that is to become the original. Then only the database is exchanged. Says what the
    restored home lacks of the one it replaces.
    Exit code 1: nothing was restored, the home is as it was.
    """
    from store.restore import restore as bring
    from store.restore import restore_database

    home = Home.from_environment()
    if origin.is_file():
        if aside:
            raise click.UsageError("--aside goes with a backup; a database that is replaced stays in the home")
        done = restore_database(origin, home, utc_now(), damaged=damaged)
    else:
        origin = _chosen(origin)
        done = bring(origin, home, aside=aside.absolute() if aside else None, damaged=damaged)
    click.echo(f"{home.path}: restored from {origin}" + ("" if done.problems else f"; {HOLD}"))
    for problem in done.problems:
        click.echo(problem, err=True)
    for lacks in done.lacks:
        click.echo(f"Not in it: {lacks}")
    if done.aside:
        click.echo(f"What was there before: {done.aside}")
    if not origin.is_file():
        click.echo("Everybody signs in anew: the keys of the site are not part of a backup.")
        for path in _acts(home, done.aside):
            click.echo(f"Read {printable(str(path))} before you start anything: it came with the backup and says which "
                       "program is run or where messages go", err=True)  # fmt: skip


def _acts(home: Home, before: Path | None) -> list[Path]:
    """Restored declarations that make this machine do something, other than those of the home that was replaced.

    Nobody signs a backup: whoever could alter it could name a program of his own in one of these.
    """
    found = [path for folder in ("translators", "channels") for path in (home.declared / folder).rglob("*")]
    there = Home(before).declared if before else None
    return sorted(
        path for path in found
        if path.is_file() and not (there and (old := there / path.relative_to(home.declared)).is_file()
                                   and old.read_bytes() == path.read_bytes())
    )  # fmt: skip


def _chosen(folder: Path) -> Path:
    """A backup itself, or the newest one in a folder of them."""
    from store.manifest import NAME, BadBackup, backups

    if (folder / NAME).exists() or not (found := backups(folder)):
        if not folder.is_dir():
            raise BadBackup(f"{folder} is no folder; give a backup, or a folder of backups")
        return folder
    return found[-1]
