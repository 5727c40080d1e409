"""What a search is limited to, and the limits as SQL: one look-up a hit, never one search a row."""

from dataclasses import dataclass

from store.query import SearchError

REVIEWS = ("undecided", "accepted", "rejected")
BASES = ("public", "held")


@dataclass(frozen=True, slots=True, kw_only=True)
class Wanted:
    """What a search is limited to; None does not limit. `newest_first` orders by publication instead of by match.

    published_from, published_to: days, both inclusive. review: one of REVIEWS. known_by: only passages that were
    public, or held (`basis`), by the end of that day.
    """

    language: str | None = None
    source_id: str | None = None
    group_id: str | None = None
    country: str | None = None
    topic: str | None = None
    publisher: str | None = None
    source_type: str | None = None
    published_from: str | None = None
    published_to: str | None = None
    review: str | None = None
    known_by: str | None = None
    basis: str = "public"
    newest_first: bool = False


def filtered(
    wanted: Wanted, table: str = "", first: str = "passages_fts match :query", *, row: str = "f.rowid"
) -> tuple[str, dict[str, object]]:
    """The joins and conditions of a search; the plain one joins nothing and stays fast.

    `cross join` keeps the order: full text first, one look-up a hit (the other way round is one MATCH a row).
    """
    limits = conditions(wanted)
    said = " and ".join([first, *(text.format(row=row) for text in limits)])
    needs = " ".join(limits)
    joins = ""
    if any(name in needs for name in ("p.", "d.", "s.")):
        joins += f" cross join passages p on p.id = {row} cross join documents d on d.id = p.document_id"
    if "s." in needs:
        joins += " cross join sources s on s.id = d.source_id"
    bound = {name: getattr(wanted, name) for name in _FILTERS if getattr(wanted, name) is not None}
    return f"{table}{joins} where {said}", bound


_TAGGED = """exists (select 1 from mentions m where m.passage_id = {{row}} and m.kind = '{kind}' and m.value = :{name}
    and m.examination_id = (select max(x.id) from examinations x where x.passage_id = {{row}} and x.step = 'tag')
    and not exists (select 1 from last_tag_decisions t where t.passage_id = {{row}} and t.kind = '{kind}'
                    and t.value = :{name} and t.decision = 'reject')
  union all
  select 1 from last_tag_decisions t where t.passage_id = {{row}} and t.kind = '{kind}' and t.value = :{name}
    and t.decision in ('add', 'accept'))"""
_DECIDED = """exists (select 1 from last_tag_decisions t where t.passage_id = {{row}} and t.decision in ({said})
  union all
  select 1 from evidence e join last_evidence_decisions t on t.evidence_id = e.id
  where e.passage_id = {{row}} and t.decision in ({said}))"""
ACCEPTED = _DECIDED.format(said="'accept', 'add'")
REJECTED = _DECIDED.format(said="'reject'")
_REVIEWED = {
    "accepted": ACCEPTED,
    "rejected": f"{REJECTED} and not {ACCEPTED}",
    "undecided": f"not {ACCEPTED} and not {REJECTED}",
}
_FILTERS = {
    "language": "p.language = :language",
    "source_id": "d.source_id = :source_id",
    "publisher": "coalesce(nullif(d.publisher, ''), s.publisher) = :publisher",
    "source_type": "s.type = :source_type",
    "published_from": "d.published_on >= :published_from",
    "published_to": "d.published_on <= :published_to",
    "group_id": _TAGGED.format(kind="group", name="group_id"),
    "country": _TAGGED.format(kind="country", name="country"),
    "topic": _TAGGED.format(kind="topic", name="topic"),
    "known_by": """exists (select 1 from version_passages w join versions v on v.id = w.version_id
      where w.passage_id = {{row}} and substr({column}, 1, 10) <= :known_by)""",
}


def conditions(wanted: Wanted) -> list[str]:
    """The conditions of the filters in use. Raises SearchError for a review status or a basis that is none."""
    if wanted.review is not None and wanted.review not in REVIEWS:
        raise SearchError(f"{wanted.review!r} is no review status; choose from {', '.join(REVIEWS)}")
    if wanted.basis not in BASES:
        raise SearchError(f"{wanted.basis!r} is no basis; choose from {', '.join(BASES)}")
    found = [sql for name, sql in _FILTERS.items() if getattr(wanted, name) is not None]
    if wanted.known_by is not None:
        column = "v.public_on" if wanted.basis == "public" else "v.recorded_at"
        found[-1] = _FILTERS["known_by"].format(column=column)
    return found + ([_REVIEWED[wanted.review]] if wanted.review else [])
