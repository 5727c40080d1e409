"""The review layer's work from end to end, as the commands call it: tag, propose, find origins, assess."""

import logging
from collections.abc import Callable
from datetime import UTC, date, datetime

from review import assessing, carrying, meaning, proposals_steps, register, relevance, steps, wellsprings
from review.evidence_voices import SpeakerIndex
from review.tagging import tagger
from store import health, searches
from store.clock import utc_now
from store.db import connect, wants_disk, writing
from store.errors import ForPeople
from store.home import Home

Say = Callable[[str], object]


class Unfinished(ForPeople, RuntimeError):
    """A side step failed; what verdicts rest on was done. The message names each step and why."""


def tag_and_propose(home: Home, *, say: Say, progress: steps.Progress = lambda n: None) -> None:
    """Tag every passage the present rules have not seen, propose evidence, and link what is new to its origins.

    Raises Unfinished at the end where a side step (vectors, scores for the queue, saved searches) failed.
    """
    _finish(_tag_and_propose(home, say, progress))


def _tag_and_propose(home: Home, say: Say, progress: steps.Progress = lambda n: None) -> list[str]:
    """The steps in their order; what went wrong in those on which no verdict rests."""
    conn = connect(home)
    failed: list[str] = []

    def aside(name: str, step: Callable[[], str]) -> None:
        try:
            say(step())
        except Exception as error:  # whatever it is, a verdict must not wait for it
            if not isinstance(error, ForPeople) and not wants_disk(error):
                logging.getLogger(__name__).exception("a fault of the tracker in the step %r", name)
            failed.append(f"{name}: {error if isinstance(error, ForPeople) else repr(error)}")
            say(f"{name}: FAILED, and the other steps go on")

    try:
        with writing(conn):
            refused: list[str] = []
            declared = register.sync(conn, home.declared, at=utc_now(), refused=refused)
        for problem in refused:
            say(f"refused, the rest goes on: {problem}")
        tagged = steps.tag_new(conn, tagger([home.declared / "groups"]), at=utc_now(), progress=progress)
        say(f"tag: {tagged.examined} passages looked at, {tagged.found} mentions found")
        aside("meaning", lambda: meaning.said_of_new(conn))
        # Origins before evidence: what is a copy must be known before it can count.
        voices = SpeakerIndex.of(declared.speakers.values())
        say(f"origins: {wellsprings.link_new(conn, voices, at=utc_now())} links found")
        proposed = steps.propose_new(conn, declared, at=utc_now(), progress=progress)
        say(f"evidence: {proposed.examined} passages looked at, {proposed.found} answers proposed")
        with writing(conn):
            carried = carrying.carry(conn, at=utc_now())
        say(f"decisions: {carried} carried to a passage that changed a little; 'coi queue' lists them")
        aside("relevance", lambda: _scored(relevance.score_new(conn, at=utc_now())))
        aside("moratoria", lambda: _proposed(proposals_steps.propose_moratoria(conn, at=utc_now())))
        with writing(conn):
            health.note_step(conn, "tag", at=utc_now())
        aside("searches", lambda: f"searches: {searches.notice_new(conn, at=utc_now())} passages new to saved searches")
    finally:
        conn.close()
    return failed


def _scored(done: relevance.Scored) -> str:
    return f"relevance: {done.pairs} scores made, {done.learnt} questions learnt from decisions"


def _proposed(done: proposals_steps.Done) -> str:
    return f"moratoria: {done.read} texts of states read, {done.proposed} acts proposed; 'coi moratoria proposed'"


def _finish(failed: list[str]) -> None:
    if failed:
        raise Unfinished(
            "not everything was done, but nothing that a verdict rests on is missing:\n" + "\n".join(failed)
        )


def assess(home: Home, *, as_of: date, basis: str, say: Say, everything: bool = False) -> assessing.Assessed:
    """Judge in both readings what can have changed, and keep the verdicts; a day in the past is judged whole."""
    conn = connect(home)
    try:
        for problem in register.fresh(conn, home.declared, at=utc_now()):
            say(f"refused, the rest goes on: {problem}")
        done = assessing.assess(conn, as_of=as_of, basis=basis, at=utc_now(), everything=everything)
        if basis == "held" and as_of >= datetime.now(UTC).date():
            with writing(conn):
                health.note_step(conn, "assess", at=utc_now())
    finally:
        conn.close()
    say(f"assess ({basis} basis, {as_of}): {done.said}")
    return done


def understand(home: Home, *, say: Say) -> None:
    """Everything between a kept passage and a verdict of today. Raises Unfinished at the end, as tag_and_propose."""
    failed = _tag_and_propose(home, say)
    assess(home, as_of=datetime.now(UTC).date(), basis="held", say=say)
    _finish(failed)
