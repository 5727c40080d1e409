"""Lines of JSON in, tags as lines of JSON out (coi tag --jsonl). No database; a bad line stops no other."""

import json
from collections.abc import Iterable, Iterator
from datetime import date
from itertools import islice
from typing import TYPE_CHECKING, Any

from review.origins_lines import LineError
from store.clock import modern_day

if TYPE_CHECKING:
    from review.tagging import Tags

TOGETHER = 64  # lines that are tagged at once: the encoder is faster on many
HALF = dict.fromkeys(range(0xD800, 0xE000), "\ufffd")  # half a character, which no text can hold


def tagged_lines(lines: Iterable[bytes | str], name: str, faults: list[str]) -> Iterator[dict[str, Any]]:
    """The tags of each line that can be read, in order; what is wrong with each other one goes into `faults`."""
    from review.tagging import ToTag, tagger

    rules = tagger()
    rows = _rows(lines, name, faults)
    while batch := list(islice(rows, TOGETHER)):
        tagged = rules.tag_all([ToTag(text=row["text"], lang=row["lang"]) for row in batch])
        yield from (_tagged(row, tags) for row, tags in zip(batch, tagged, strict=True))


def as_line(answer: dict[str, Any]) -> str:
    """One line of JSON in UTF-8; half a character in an id stays an escape."""
    text = json.dumps(answer, ensure_ascii=False, allow_nan=False)
    return text if text.isascii() or not any("\ud800" <= letter <= "\udfff" for letter in text) else json.dumps(answer)


def _tagged(row: dict[str, Any], tags: "Tags") -> dict[str, Any]:
    """One answer: every tag, and which words and which rule (or the trained head: `...:learned`) gave it."""
    from review.evidence import stance
    from review.facts import facts_of

    groups = [mention.value for mention in tags.groups]
    country = tags.country.value if tags.country else None
    mentions = (*tags.groups, *([tags.country] if tags.country else ()), tags.topic)
    facts = facts_of(row["text"], tags.lang, published_on=row["published_on"], country=country)
    return {
        "id": row["id"],
        "lang": tags.lang,
        "country": country,
        "groups": groups,
        "topic": tags.topic.value,
        "deployment": str(stance(row["text"], tags.lang or "en", frozenset(groups), country)),
        "spans": [
            {mention.kind: mention.value, "start": span.start, "end": span.end, "rule": mention.rule,
             "score": mention.score}
            for mention in mentions
            for span in mention.spans
        ],
        "facts": [fact.as_json() for fact in facts],
    }  # fmt: skip


def _rows(lines: Iterable[bytes | str], name: str, faults: list[str]) -> Iterator[dict[str, Any]]:
    seen: dict[str, int] = {}
    for number, line in enumerate(lines, 1):
        if not line.strip():
            continue
        try:
            row = _row(line, first=number == 1)
            if (key := repr(row["id"])) in seen:
                raise LineError(f"id {key[:60]} stands in line {seen[key]} already; give each text its own")
        except LineError as error:
            faults.append(f"{name}, line {number}: {error}")
            continue
        seen[key] = number
        yield row


def _row(line: bytes | str, *, first: bool) -> dict[str, Any]:
    """The object of one line: id, text, lang (or None), published_on (a date or None). Raises LineError."""
    try:
        text = line.decode() if isinstance(line, bytes) else line
        row = json.loads(text.removeprefix("\ufeff") if first else text)
    except UnicodeDecodeError as error:
        raise LineError(f"not UTF-8 ({error.reason} at byte {error.start}); save the file as UTF-8") from error
    except RecursionError as error:
        raise LineError("nested too deeply; write one flat object per line") from error
    except ValueError as error:
        raise LineError(f"not JSON ({error}); write one object per line") from error
    if not isinstance(row, dict):
        raise LineError(f'{type(row).__name__} instead of an object; write {{"id": ..., "text": ...}}')
    given = row.get("id")
    if not isinstance(given, (str, int)) or isinstance(given, bool) or not str(given).strip():
        raise LineError(f"'id' is {given!r:.40}; each line needs an 'id' of its own, a string or a whole number")
    if not isinstance(row.get("text"), str):
        raise LineError(f"'text' is {row.get('text')!r:.40}; each line needs a 'text' that is a string")
    if row.get("lang") is not None and not isinstance(row["lang"], str):
        raise LineError(f"'lang' is {row['lang']!r:.40}; write two letters, e.g. ru, or null where it is not known")
    lang = (row.get("lang") or "").strip().lower().replace("_", "-").split("-")[0] or None
    # A letter for half a letter: every place in the text stays the same.
    return {
        "id": given,
        "text": row["text"].translate(HALF),
        "lang": lang,
        "published_on": _day(row.get("published_on")),
    }


def _day(value: object) -> date | None:
    if value is None or value == "":
        return None
    try:
        if not isinstance(value, str):
            raise ValueError(f"{value!r:.40} is not a day; write it as YYYY-MM-DD, e.g. 2022-06-29")
        return modern_day(value.strip()[:10])
    except ValueError as error:
        raise LineError(f"'published_on': {error}") from error
