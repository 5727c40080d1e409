"""What declared voices say through publishers that hand it on: one statement, one origin, called by its speaker."""

from collections import defaultdict
from collections.abc import Mapping, Sequence
from dataclasses import replace
from datetime import date

from review.declarations import Speaker
from review.rows import Held, Row
from review.wellsprings import Origins, Spring


def spring(row: Row, origins: Origins, speakers: Mapping[str, Speaker]) -> Spring:
    """The origin of a piece of evidence. An official statement that no link has placed yet is one origin a day.

    One statement reported by several outlets is one origin, the statement (method section 3, rule 3).
    """
    found = origins.of(row)
    speaker = speakers.get(row["attributed_to"])
    if speaker is None or found.key.startswith("said:") or found.key != origins.documents[row["document_id"]]:
        return found
    day = row["facts_to"] or row["published_on"] or row["public_on"]
    return Spring(key=f"said:{speaker.id}:{day}", label=f"{speaker.title}, {day}", proposed=found.proposed)


def springs(rows: Sequence[Row], origins: Origins, speakers: Mapping[str, Speaker]) -> list[Spring]:
    """The origin of each row; an outlet that copies another's report of a statement reports that same statement."""
    found = [spring(row, origins, speakers) for row in rows]
    said = {
        (origins.documents[row["document_id"]], row["question_id"], row["attributed_to"], row["answer"]): origin
        for row, origin in zip(rows, found, strict=True)
        if origin.key.startswith("said:")
    }
    return [
        said.get((one.key, row["question_id"], row["attributed_to"], row["answer"]), one)
        for row, one in zip(rows, found, strict=True)
    ]


def spoken(rows: Sequence[Held], as_of: date) -> list[Held]:
    """An origin of which only the words of one declared voice are held is called by that voice, not by an outlet.

    The outlets that had reported it by the day follow.
    """
    members: dict[str | None, list[Held]] = defaultdict(list)
    for held in rows:
        if held.item.known_on and held.item.known_on <= as_of:
            members[held.item.origin].append(held)
    labels = {}
    for origin, of in members.items():
        who = {held.speaker for held in of}
        if len(who) == 1 and (name := who.pop()):
            outlets = ", ".join(dict.fromkeys(str(held.row["publisher"]) for held in of))
            labels[origin] = f"{name}, as reported by {outlets}"
    return [replace(held, origin_label=labels.get(held.item.origin, held.origin_label)) for held in rows]
