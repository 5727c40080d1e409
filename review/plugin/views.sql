-- What the pages select from. Temporary views of the site's own connections; the shared ones are store/views.sql.

create temp view site_documents as
select d.id, d.title, d.url, d.language, d.external_id, d.document_type, d.state, d.first_seen_at, d.source_id,
       s.publisher, s.owner, s.type as source_type, s.grade, s.grade_reason, s.interests, s.homepage, s.terms
from documents d join sources s on s.id = d.source_id;

create temp view site_versions as
select v.id, v.document_id, v.seen_at, v.cause, v.title, v.language, v.published_on, v.published_precision,
       v.published_from, v.published_confidence, v.modified_on, v.period_from, v.period_to, v.public_on, v.recorded_at,
       v.extractor, v.needs_ocr, v.warnings, v.capture_id
from versions v;

create temp view site_passages as
select vp.version_id, vp.position, vp.passage_id, vp.page, vp.heading, p.text, p.language, p.document_id, vp.notes
from version_passages vp join passages p on p.id = vp.passage_id;

-- No join, so that a condition on passage_id reaches the index: with one, SQLite reads the tags of all passages.
create temp view site_tags as
select t.passage_id, t.kind, t.value, t.rule, t.start, t.end, t.decision, t.actor, t.decided_at,
       coalesce((select max(l.id) from tag_decisions l
                 where l.passage_id = t.passage_id and l.kind = t.kind and l.value = t.value), 0) as last_id,
       coalesce((select l.reason from tag_decisions l
                 where l.passage_id = t.passage_id and l.kind = t.kind and l.value = t.value
                 order by l.id desc limit 1), '') as reason
from current_tags t;

create temp view site_evidence as
select p.document_id, e.id, e.passage_id, e.question_id, e.country, e.answer, e.start, e.end, e.decision, e.decided_by,
       e.decided_at, e.why, q.wording, q.wording_nl, coalesce(l.id, 0) as last_id
from passages p join current_evidence e on e.passage_id = p.id
join questions q on q.id = e.question_id and q.version = e.question_version
left join last_evidence_decisions l on l.evidence_id = e.id;

create temp view site_new as
select v.id, v.recorded_at, v.public_on, v.cause, d.id as document_id, v.title, s.publisher, s.type as source_type,
       v.published_on, v.published_precision, v.language
from versions v join documents d on d.id = v.document_id join sources s on s.id = d.source_id
where v.cause <> 'reread';

create temp view site_first_known as
select (select min(public_on) from versions) as public, (select substr(min(recorded_at), 1, 10) from versions) as held;

create temp view site_questions as
select q.id, q.group_id, g.title as group_title, g.title_nl as group_title_nl, q.wording, q.wording_nl, q.element,
       q.scale_kind, q.scale, q.window_days, q.decisive, q.version, q.country,
       coalesce(json_extract(q.declaration, '$.examples_in'), '[]') as examples_in,
       coalesce(json_extract(q.declaration, '$.examples_out'), '[]') as examples_out
from current_questions q left join target_groups g on g.id = q.group_id;


-- What the rules propose and what was decided on it, of passages that still stand in their documents.
create temp view site_proposals as
select e.id, e.passage_id, e.question_id, e.country, e.group_id, e.answer, e.directness, e.start, e.end, e.attributed_to,
       e.facts_to, e.decision, q.wording, q.wording_nl, p.text, p.language, p.document_id, s.publisher, s.grade,
       v.published_on, v.published_precision, coalesce(l.id, 0) as last_id, coalesce(r.score, 0) as score
from current_evidence e join passages p on p.id = e.passage_id join documents d on d.id = p.document_id
join sources s on s.id = d.source_id join current_versions v on v.document_id = d.id
join questions q on q.id = e.question_id and q.version = e.question_version
left join last_evidence_decisions l on l.evidence_id = e.id
left join relevance r on r.passage_id = e.passage_id and r.question_id = e.question_id and r.country = e.country
where exists (select 1 from version_passages vp where vp.version_id = v.id and vp.passage_id = p.id)
  and not exists (select 1 from last_tag_decisions t where t.passage_id = p.id and t.decision = 'reject'
                    and ((t.kind = 'group' and t.value = e.group_id) or (t.kind = 'country' and t.value = e.country)));

-- Steps to where something comes from, as the newest rules found them and people left them.
create temp view site_links as
select l.id, l.document_id as child_id, c.title as child_title, cs.publisher as child_publisher,
       c.language as child_language,
       (select min(v.public_on) from versions v where v.document_id = c.id) as child_public_on,
       l.passage_id, substr(p.text, l.start + 1, l.end - l.start) as quote, p.language as quote_language,
       l.origin_id, o.label, l.rule, l.why, l.strength, l.via,
       case x.decision when 'confirm' then 'merged' else l.certainty end as certainty,
       x.id as decision_id, x.decision, x.actor, x.reason, x.decided_at,
       u.id as parent_id, u.title as parent_title, us.publisher as parent_publisher, u.language as parent_language,
       (select min(v.public_on) from versions v where v.document_id = u.id) as parent_public_on
from current_origin_links l
join origins o on o.id = l.origin_id
join documents c on c.id = l.document_id join sources cs on cs.id = c.source_id
left join passages p on p.id = l.passage_id
-- an origin that is held is called doc:<source>:<key>; no source id has a colon
left join documents u on l.origin_id like 'doc:%:%'
  and u.source_id = substr(l.origin_id, 5, instr(substr(l.origin_id, 5), ':') - 1)
  and u.key = substr(l.origin_id, 5 + instr(substr(l.origin_id, 5), ':'))
left join sources us on us.id = u.source_id
-- the newest word of a person on this very step (child, parent and words), whichever rules found it then
left join origin_decisions x on x.id = (
  select max(y.id) from origin_decisions y cross join origin_links k on k.id = y.origin_link_id
  left join passages kp on kp.id = k.passage_id
  where k.document_id = l.document_id and k.origin_id = l.origin_id and (
    (k.passage_id is null and l.passage_id is null)
    or (k.passage_id = l.passage_id and k.start < l.end and l.start < k.end)
    or substr(kp.text, k.start + 1, k.end - k.start) = substr(p.text, l.start + 1, l.end - l.start)));
