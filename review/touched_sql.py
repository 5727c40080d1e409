"""The queries behind review.touched: from new rows to the questions, documents and groups that they bear on."""

# By table: why, and (country, question) of each row after :since. "cross join": the few new rows are read first,
# which SQLite, knowing no sizes, does not guess.
QUESTIONS = {
    "evidence": ("new evidence", "select distinct country, question_id from evidence where id > :since"),
    "evidence_decisions": (
        "people's decisions",
        """select distinct e.country, e.question_id from evidence_decisions d cross join evidence e
           on e.id = d.evidence_id where d.id > :since""",
    ),
    "tag_decisions": (
        "people's decisions",
        """select distinct e.country, e.question_id from tag_decisions d cross join evidence e
           on e.passage_id = d.passage_id where d.id > :since""",
    ),
    "examinations": (
        "passages looked at anew",
        """select distinct e.country, e.question_id from examinations x cross join evidence e
           on e.passage_id = x.passage_id where x.id > :since and x.step = 'evidence'""",
    ),
    "signoffs": (
        "what was signed",
        """select distinct v.country, v.question_id from signoffs s join verdicts v on v.id = s.verdict_id
           where s.id > :since""",
    ),
    "contradictions": (
        "contradictions resolved",
        "select distinct country, question_id from contradictions where id > :since",
    ),
    "contradiction_events": (
        "contradictions resolved",
        """select distinct c.country, c.question_id from contradiction_events x
           join contradictions c on c.id = x.contradiction_id where x.id > :since""",
    ),
    "search_log": ("searches by hand", "select distinct country, question_id from search_log where id > :since"),
    "questions": (
        "new questions",
        "select distinct q.country, q.id as question_id from questions q where q.rowid > :since",
    ),
}
# By table: the documents whose origins, dates or cards each row after :since may change.
DOCUMENTS = {
    "versions": "select document_id from versions where id > :since",
    "document_states": "select document_id from document_states where id > :since",
    "origin_links": "select document_id from origin_links where id > :since",
    "origin_link_events": """select l.document_id from origin_link_events e
                             join origin_links l on l.id = e.origin_link_id where e.id > :since""",
    "origin_decisions": """select l.document_id from origin_decisions d join origin_links l on l.id = d.origin_link_id
                           where d.id > :since""",
    "source_cards": """select d.id from documents d
                       where d.source_id in (select source_id from source_cards where id > :since)""",
    "grade_decisions": """select d.id from documents d where d.source_id in (
                            select c.source_id from grade_decisions g join source_cards c on c.id = g.card_id
                            where g.id > :since)""",
}
# The evidence that springs from documents: their own, and that of all whose links lead to them, in force or not.
OF_DOCUMENTS = """
with recursive below (id) as (
  select value from json_each(:ids)
  union
  select l.document_id from below b join documents d on d.id = b.id
  join origin_links l on l.origin_id = 'doc:' || d.source_id || ':' || d.key
)
select distinct e.country, e.question_id from below b join passages p on p.document_id = b.id
join evidence e on e.passage_id = p.id
"""
# Every question about which anybody signed anything: its verdict says until when, and what ended it.
SIGNED = "select distinct v.country, v.question_id from signoffs s join verdicts v on v.id = s.verdict_id"
# By table: the country and group of each row after :since, where people's work is pooled.
READ_BY_PEOPLE = {
    "evidence_decisions": """
        select distinct e.country, q.group_id from evidence_decisions d cross join evidence e on e.id = d.evidence_id
        join questions q on q.id = e.question_id and q.country = e.country
        where d.id > :since and q.group_id is not null""",
    "relevance_decisions": """
        select distinct d.country, q.group_id from relevance_decisions d
        cross join questions q on q.id = d.question_id and q.country = d.country
        where d.id > :since and q.group_id is not null""",
    "codings": """
        select distinct c.country, q.group_id from codings c
        join questions q on q.id = c.question_id and q.country = c.country
        where c.id > :since and q.group_id is not null""",
    "questions": """
        select distinct q.country, q.group_id from questions q
        where q.rowid > :since and q.group_id is not null""",
}
IN_GROUP = """
select distinct q.country, q.id as question_id from questions q
where q.country = :country and q.group_id = :group
"""
IN_COUNTRY = """
select q.country, q.id as question_id, q.window_days,
  coalesce(json_extract(q.declaration, '$.search_in'), '[]') as search_in
from questions q where q.country = :country
"""
# Groups and countries that passages were ever found or said to be about.
ABOUT = """
select distinct m.passage_id, m.kind, m.value from mentions m
where m.passage_id in (select value from json_each(:ids)) and m.kind in ('group', 'country')
union
select d.passage_id, d.kind, d.value from tag_decisions d
where d.passage_id in (select value from json_each(:ids)) and d.kind in ('group', 'country')
"""
PASSAGES_OF = "select id from passages where document_id in (select value from json_each(:ids))"

# The passage of days: (:last, :day] -----------------------------------------------------------------------------
# Newest verdicts whose day has come; one of a day to come (a clock ran ahead) hides none.
DUE = """
select distinct v.country, v.question_id from verdicts v
where v.basis = :basis and v.next_on > :last and v.next_on <= :day and v.id = (
  select w.id from verdicts w where w.country = v.country and w.question_id = v.question_id and w.basis = v.basis
    and w.reading = v.reading and w.as_of <= :day order by w.as_of desc, w.id desc limit 1)
"""
SEARCHED = "select distinct country, question_id from search_log"
NEWLY_KNOWN = """
select w.country, q.question_id from watersheds w join watershed_questions q on q.watershed_id = w.id
where min(w.on_day, coalesce(w.announced_on, w.on_day)) > :last
  and min(w.on_day, coalesce(w.announced_on, w.on_day)) <= :day
"""
# What was held before it was public; the index versions_later_public knows no others.
LATER_PUBLIC = """
select document_id from versions
where public_on > substr(recorded_at, 1, 10) and public_on > :last and public_on <= :day
"""
STATES_SINCE = """
select document_id from document_states where substr(seen_at, 1, 10) > :last and substr(seen_at, 1, 10) <= :day
"""
