"""Translating passages one by one: each is kept as soon as it is made, so that a run can end at any moment."""

import sqlite3
from collections import Counter
from collections.abc import Callable, Iterable, Mapping
from dataclasses import dataclass, field

from review.translation.declared import Translator, fitting
from review.translation.engine import TranslatorFailed, has_words, translated
from review.translation.wanted import Wanted
from store import translations
from store.clock import utc_now
from store.db import writing
from store.translations import Translation

GIVEN_UP = 5  # failures in a row after which a translator is not asked again in this run

Say = Callable[[str], object]


@dataclass(slots=True)
class Done:
    """What a run did. `unfit`: passages that no declared translator takes, by language ("": not known)."""

    made: int = 0
    held: int = 0  # translated before
    same: int = 0  # in that language already
    wordless: int = 0  # nothing but numbers and signs
    unfit: Counter[str] = field(default_factory=Counter)
    failed: int = 0
    left: int = 0  # not tried: their translator was given up


def run(
    conn: sqlite3.Connection, known: Mapping[str, Translator], wanted: Iterable[Wanted], *, to: str, actor: str,
    complain: Say, limit: int | None = None,
) -> Done:  # fmt: skip
    """Translate what is wanted into one language, at most `limit` new ones. What fails is said, and the rest goes on.

    Raises DeclarationError where a command cannot be started at all.
    """
    done, in_a_row = Done(), Counter[str]()
    tried: set[tuple[str, str]] = set()
    for one in wanted:
        if (one.text_sha256, one.language) in tried:
            continue
        tried.add((one.text_sha256, one.language))
        engine = fitting(known, one.language, to)
        if one.language == to:
            done.same += 1
        elif not has_words(one.text):
            done.wordless += 1
        elif engine is None:
            done.unfit[one.language] += 1
        elif translations.has(conn, one.text_sha256, one.language, to, engine.id, engine.version):
            done.held += 1
        elif in_a_row[engine.id] >= GIVEN_UP:
            done.left += 1
        elif limit is not None and done.made + done.failed >= limit:
            break
        else:
            _translate(conn, engine, one, done, in_a_row, to=to, actor=actor, complain=complain)
    return done


def _translate(
    conn: sqlite3.Connection, engine: Translator, one: Wanted, done: Done, in_a_row: Counter[str],
    *, to: str, actor: str, complain: Say,
) -> None:  # fmt: skip
    try:
        text = translated(engine, one.text, one.language, to)
    except TranslatorFailed as error:
        done.failed += 1
        in_a_row[engine.id] += 1
        complain(f"passage {one.passage_id}: {error}")
        if in_a_row[engine.id] == GIVEN_UP:
            complain(f"translator {engine.id!r} failed {GIVEN_UP} times in a row and is asked no more in this run")
        return
    in_a_row[engine.id] = 0
    made = Translation(
        text_sha256=one.text_sha256, from_language=one.language, to_language=to, engine=engine.id,
        engine_version=engine.version, text=text, actor=actor, translated_at=utc_now(),
    )  # fmt: skip
    with writing(conn):
        done.made += translations.keep(conn, made)
