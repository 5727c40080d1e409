"""The review layer's work from end to end, as the commands call it: tag, propose, find origins, assess."""

from collections.abc import Callable
from datetime import UTC, date, datetime

from review import assessing, carrying, meaning, register, relevance, steps, wellsprings
from review.evidence_voices import SpeakerIndex
from review.tagging import tagger
from store import searches
from store.clock import utc_now
from store.db import connect, writing
from store.home import Home

Say = Callable[[str], object]


def tag_and_propose(home: Home, *, say: Say) -> None:
    """Tag every passage the present rules have not seen, propose evidence, and link what is new to its origins."""
    conn = connect(home)
    try:
        with writing(conn):
            declared = register.sync(conn, home.declared, at=utc_now())
        tagged = steps.tag_new(conn, tagger([home.declared / "groups"]), at=utc_now())
        say(f"tag: {tagged.examined} passages looked at, {tagged.found} mentions found")
        say(meaning.said_of_new(conn))
        # Origins before evidence: what is a copy must be known before it can count.
        voices = SpeakerIndex.of(declared.speakers.values())
        say(f"origins: {wellsprings.link_new(conn, voices, at=utc_now())} links found")
        proposed = steps.propose_new(conn, declared, at=utc_now())
        say(f"evidence: {proposed.examined} passages looked at, {proposed.found} answers proposed")
        with writing(conn):
            carried = carrying.carry(conn, at=utc_now())
        scored = relevance.score_new(conn, at=utc_now())
        say(f"decisions: {carried} carried to a passage that changed a little; 'coi queue' lists them")
        say(f"relevance: {scored.pairs} scores made, {scored.learnt} questions learnt from decisions")
        say(f"searches: {searches.notice_new(conn, at=utc_now())} passages new to saved searches")
    finally:
        conn.close()


def assess(home: Home, *, as_of: date, basis: str, say: Say, everything: bool = False) -> assessing.Assessed:
    """Judge in both readings what can have changed, and keep the verdicts; a day in the past is judged whole."""
    conn = connect(home)
    try:
        done = assessing.assess(conn, as_of=as_of, basis=basis, at=utc_now(), everything=everything)
    finally:
        conn.close()
    say(f"assess: {done.said}")
    return done


def understand(home: Home, *, say: Say) -> None:
    """Everything between a kept passage and a verdict of today."""
    tag_and_propose(home, say=say)
    assess(home, as_of=datetime.now(UTC).date(), basis="public", say=say)
