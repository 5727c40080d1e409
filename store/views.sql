-- Named questions. Pages and commands select from these; they do not join on their own.

-- Since when a passage was known: public (anyone), held (we). Ask it for one passage: a join computes it for all.
create view passage_times as
select vp.passage_id, min(v.public_on) as public_on, min(v.recorded_at) as held_at
from version_passages vp join versions v on v.id = vp.version_id
group by vp.passage_id;

-- The newest version of each document, by when its bytes were fetched.
create view current_versions as
select v.* from versions v
where v.id = (select w.id from versions w where w.document_id = v.document_id order by w.seen_at desc, w.id desc limit 1);

-- Passages with what a reader needs beside them.
create view current_passages as
select p.id, p.text, p.language, d.title as document, p.document_id, d.source_id,
       coalesce(nullif(d.publisher, ''), s.publisher) as publisher, s.type as source_type,
       s.grade, v.published_on, v.public_on, vp.page, vp.heading, d.url
from current_versions v
join version_passages vp on vp.version_id = v.id
join passages p on p.id = vp.passage_id
join documents d on d.id = v.document_id
join sources s on s.id = d.source_id;

-- Passages that their publisher has taken out of the document since.
create view withdrawn_passages as
select p.id as passage_id, p.document_id, p.text, v.public_on as withdrawn_on, v.recorded_at as noticed_at
from passages p
join current_versions v on v.document_id = p.document_id
where not exists (select 1 from version_passages vp where vp.version_id = v.id and vp.passage_id = p.id);

-- The newest look at each passage, step by step.
create view current_examinations as
select x.passage_id, x.step, x.id from examinations x
where x.id = (select max(y.id) from examinations y where y.passage_id = x.passage_id and y.step = x.step);

create view last_tag_decisions as
select d.* from tag_decisions d
where d.id = (select max(e.id) from tag_decisions e
              where e.passage_id = d.passage_id and e.kind = d.kind and e.value = d.value);

-- What each passage is about now: a person's word goes before the machine's.
create view current_tags as
select m.passage_id, m.kind, m.value, m.rule, m.score, m.attributes, m.start, m.end,
       coalesce(d.decision, 'proposed') as decision, d.actor, d.decided_at
from current_examinations x
join mentions m on m.examination_id = x.id
left join tag_decisions d on d.id = (select max(y.id) from tag_decisions y
  where y.passage_id = m.passage_id and y.kind = m.kind and y.value = m.value)
  and d.decision <> 'open' -- taken back: nobody has decided
where x.step = 'tag'
union all
select d.passage_id, d.kind, d.value, 'a person', 1.0, '{}', null, null, d.decision, d.actor, d.decided_at
from last_tag_decisions d
where d.decision in ('add', 'accept') and not exists (
  select 1 from current_examinations x join mentions m on m.examination_id = x.id
  where x.step = 'tag' and m.passage_id = d.passage_id and m.kind = d.kind and m.value = d.value);

create view last_evidence_decisions as
select d.* from evidence_decisions d
where d.id = (select max(e.id) from evidence_decisions e where e.evidence_id = d.evidence_id);

-- Evidence in force: what the newest look proposes, what a person wrote, and what a person has decided on (for ever).
create view current_evidence as
select e.*, coalesce(d.decision, 'proposed') as decision, d.actor as decided_by, d.decided_at
from evidence e
-- looked up row by row: neither all decisions nor all examinations are read for one passage
left join evidence_decisions d on d.id = (select max(x.id) from evidence_decisions x where x.evidence_id = e.id)
  and d.decision <> 'open'
where e.examination_id is null or d.id is not null
   or (e.examination_id = (select max(x.id) from examinations x where x.passage_id = e.passage_id and x.step = 'evidence')
       -- newer rules propose anew, but never past a person: not beside an accepted answer, not a rejected one again
       and not exists (
         select 1 from evidence o join last_evidence_decisions od on od.evidence_id = o.id and od.decision <> 'open'
         where o.passage_id = e.passage_id and o.question_id = e.question_id and o.country = e.country
           and o.subgroup = e.subgroup and o.examination_id is not e.examination_id
           and (od.decision = 'accept' or o.answer = e.answer)));

-- Evidence beside its passage, document and source.
create view evidence_matrix as
select e.id, e.country, e.group_id, e.question_id, e.answer, e.decision, e.directness, e.attributed_to,
       e.facts_from, e.facts_to, e.place, e.why, p.text, e.start, e.end, vp.page, d.title as document,
       d.id as document_id, e.passage_id, coalesce(nullif(d.publisher, ''), s.publisher) as publisher,
       s.type as source_type, s.grade, s.id as source_id,
       v.published_on,
       (select min(w.public_on) from version_passages wp join versions w on w.id = wp.version_id
        where wp.passage_id = e.passage_id) as public_on, p.language
from current_evidence e
join passages p on p.id = e.passage_id
join documents d on d.id = p.document_id
join sources s on s.id = d.source_id
left join current_versions v on v.document_id = d.id
left join version_passages vp on vp.version_id = v.id and vp.passage_id = p.id;

create view current_questions as
select q.* from questions q where q.version = (select max(r.version) from questions r where r.id = q.id);

-- The newest live verdict of each question (held basis, method §8), by reading. One of a day to come (a clock ran
-- ahead) does not count yet.
create view current_verdicts as
select v.* from verdicts v
where v.basis = 'held' and v.id = (
  select w.id from verdicts w where w.country = v.country and w.question_id = v.question_id and w.basis = 'held'
    and w.reading = v.reading and w.as_of <= date('now') order by w.as_of desc, w.id desc limit 1);

-- The events of moratoria that stand: not taken back by a later row, with the day from which each could be known.
create view standing_events as
select e.*, coalesce(e.known_on, e.on_day) as known_day
from moratorium_events e
where e.kind <> 'retracted' and not exists (select 1 from moratorium_events r where r.retracts = e.id);

-- Where each half of a moratorium stands: the last day that its events name.
create view moratorium_status as
select m.id, m.title, m.country, m.state, json_extract(h.value, '$.half') as half,
  (select max(e.last_day) from standing_events e
   where e.moratorium_id = m.id and (e.half = json_extract(h.value, '$.half') or e.half is null)) as last_day,
  (select min(e.first_day) from standing_events e
   where e.moratorium_id = m.id and (e.half = json_extract(h.value, '$.half') or e.half is null)) as first_day,
  (select group_concat(e.kind || ' ' || e.on_day, ', ') from standing_events e
   where e.moratorium_id = m.id and e.kind in ('ended', 'annulled')
     and (e.half = json_extract(h.value, '$.half') or e.half is null)) as ended
from moratoria m, json_each(m.declaration, '$.halves') h;

-- What the rules propose of moratoria and nobody has decided yet, of the newest rules that read the version.
create view open_moratorium_proposals as
select p.*, v.document_id, v.title as document_title, v.public_on, v.language, d.url, s.publisher, s.id as source_id
-- from the few proposals to their versions: else SQLite reads every version that was public by then
from moratorium_proposals p cross join versions v on v.id = p.version_id join documents d on d.id = v.document_id
join sources s on s.id = d.source_id
where not exists (select 1 from moratorium_decisions x where x.proposal_id = p.id)
  and p.id = (select max(q.id) from moratorium_proposals q where q.version_id = p.version_id and q.act = p.act
              and q.country is p.country);

-- Live runs of what a source declares: no replays of archives, no single pages that a person had fetched.
create view rounds as
select * from runs where origin = 'network' and substr(slot, 1, 5) <> 'page:';

-- How each source is doing: the verdict beside every status looks here.
create view source_health as
select s.id, s.title, s.publisher, s.type, s.grade, s.shape, s.every_s,
  -- by its events; a source nobody crawled live is by_hand, replayed (an archive was) or never_run
  coalesce((select e.after from source_events e where e.source_id = s.id order by e.id desc limit 1),
    case when s.shape = 'manual' then 'by_hand'
         when exists (select 1 from rounds r where r.source_id = s.id and r.status = 'failed') then 'suspect'
         when exists (select 1 from rounds r where r.source_id = s.id and r.status in ('ok', 'partial')) then 'ok'
         when exists (select 1 from runs r where r.source_id = s.id and r.origin = 'archive') then 'replayed'
         else 'never_run' end) as state,
  (select e.at from source_events e where e.source_id = s.id and e.before <> e.after order by e.id desc limit 1)
    as since,
  (select e.message from source_events e where e.source_id = s.id order by e.id desc limit 1) as state_message,
  -- when pages were last fetched in good health; what an archive replays was fetched back then
  (select r.moment from runs r where r.source_id = s.id and r.status in ('ok', 'partial')
     and substr(r.slot, 1, 5) <> 'page:' order by r.moment desc limit 1) as last_success_at,
  (select max(v.recorded_at) from versions v join documents d on d.id = v.document_id where d.source_id = s.id)
    as last_new_at,
  (select r.status from runs r where r.source_id = s.id and substr(r.slot, 1, 5) <> 'page:'
     order by r.id desc limit 1) as last_status,
  (select r.message from runs r where r.source_id = s.id and substr(r.slot, 1, 5) <> 'page:'
     order by r.id desc limit 1) as last_message,
  (select count(*) from runs r where r.source_id = s.id and r.status = 'failed' and substr(r.slot, 1, 5) <> 'page:'
     and r.id > coalesce((select o.id from runs o where o.source_id = s.id and o.status in ('ok', 'partial')
       and substr(o.slot, 1, 5) <> 'page:' order by o.id desc limit 1), 0)) as failures_in_a_row,
  (select count(*) from documents d where d.source_id = s.id) as documents
from sources s;

-- Each day of each source: how many rounds, the worst of them, and what they brought.
create view source_days as
select source_id, substr(moment, 1, 10) as day, count(*) as runs,
  case max(case status when 'failed' then 3 when 'interrupted' then 2 when 'partial' then 1 else 0 end)
    when 3 then 'failed' when 2 then 'interrupted' when 1 then 'partial' else 'ok' end as worst,
  sum(new) as new, sum(changed) as changed
from rounds where status <> 'running' group by source_id, substr(moment, 1, 10);

-- Publications that are awaited: the newest word on each, unless that takes it back.
create view current_expectations as
select x.*, (select min(f.recorded_at) from expectations f where f.key = x.key) as since
from expectations x
where x.act = 'expect' and x.id = (select max(y.id) from expectations y where y.key = x.key);

-- What nobody has decided on yet: evidence first that bears on decisive questions.
create view review_queue as
select e.id as evidence_id, e.passage_id, e.country, e.group_id, e.question_id, q.wording, e.answer, p.text,
       q.decisive, q.priority
from current_evidence e
join current_questions q on q.id = e.question_id
join passages p on p.id = e.passage_id
where e.decision in ('proposed', 'later', 'unsure')
order by q.priority desc, q.decisive desc, e.id desc;

-- Saved searches in force: the newest row of a name, unless that removes it.
create view current_searches as
select s.* from saved_searches s
where s.act = 'save' and s.id = (select max(t.id) from saved_searches t where t.name = s.name);

create view what_is_new as
select v.recorded_at, v.cause, d.id as document_id, v.title, coalesce(nullif(d.publisher, ''), s.publisher) as publisher,
       s.type as source_type, v.published_on,
       v.language, d.url
from versions v join documents d on d.id = v.document_id join sources s on s.id = d.source_id
order by v.recorded_at desc, v.id desc;

create view last_relevance_decisions as
select d.* from relevance_decisions d
where d.id = (select max(e.id) from relevance_decisions e
              where e.passage_id = d.passage_id and e.question_id = d.question_id and e.country = d.country);

-- What people have said of a passage and a question, each act with whether it settles that the passage was read.
create view answered as
select e.passage_id, e.question_id, e.country, d.decision, d.reason_code, d.actor, d.decided_at, d.id as decision_id,
       'evidence' as about
from evidence e join last_evidence_decisions d on d.evidence_id = e.id and d.decision <> 'open'
union all
select passage_id, question_id, country, decision, reason_code, actor, decided_at, id, 'relevance'
from last_relevance_decisions where decision <> 'open'
union all
select passage_id, question_id, country,
       case answer when 'not_relevant' then 'reject' when 'unsure' then 'unsure' else 'accept' end,
       case answer when 'not_relevant' then 'out_of_scope' else '' end, actor, coded_at, id, 'coding'
from codings;

-- Decisions that came along when a passage changed a little, until somebody confirms or changes them.
create view carried_decisions as
select 'tag' as about, d.id as decision_id, d.passage_id, d.kind || ' ' || d.value as what, null as evidence_id,
       d.kind, d.value, null as question_id, d.decision, d.reason_code, d.reason, d.actor, d.decided_at,
       o.passage_id as from_passage_id
from last_tag_decisions d join tag_decisions o on o.id = d.carried_from
union all
select 'evidence', d.id, e.passage_id, e.question_id || ' ' || e.answer, e.id, null, null, e.question_id,
       d.decision, d.reason_code, d.reason, d.actor, d.decided_at, x.passage_id
from last_evidence_decisions d join evidence e on e.id = d.evidence_id
join evidence_decisions o on o.id = d.carried_from join evidence x on x.id = o.evidence_id
union all
select 'relevance', d.id, d.passage_id, d.question_id, null, null, null, d.question_id,
       d.decision, d.reason_code, d.reason, d.actor, d.decided_at, o.passage_id
from last_relevance_decisions d join relevance_decisions o on o.id = d.carried_from;

-- Passages predicted relevant that nobody has settled, where one more origin would raise the status.
create view could_change_the_status as
select r.passage_id, r.question_id, r.country, c.origins, r.score, p.text
from current_verdicts c
join relevance r on r.question_id = c.question_id and r.country = c.country and r.score >= 0.5
join passages p on p.id = r.passage_id
where c.reading = 'provisional' and c.status <> 'sufficient'
  and (json_extract(c.outcome, '$.one_origin_short') or c.origins in (1, 2))
  and not exists (select 1 from answered a where a.passage_id = r.passage_id and a.question_id = r.question_id
                  and a.country = r.country and a.decision in ('accept', 'reject'));

-- Links in force: those of the rules that were run last and have not ended, and what people merged.
create view current_origin_links as
select l.* from origin_links l
where l.rules_version in ('person', coalesce(
    (select rules_version from origin_rules order by id desc limit 1),
    (select rules_version from origin_links where rules_version <> 'person' order by id desc limit 1)))
  and coalesce((select e.event from origin_link_events e where e.origin_link_id = l.id order by e.id desc limit 1), '')
    <> 'ended';

-- Documents that were public before we held them: what was missed in between.
create view known_late as
select d.id as document_id, d.source_id, s.title as source, d.title, d.url, min(v.public_on) as public_on,
       substr(min(v.recorded_at), 1, 10) as held_on
from documents d join versions v on v.document_id = d.id join sources s on s.id = d.source_id
group by d.id having min(v.public_on) < substr(min(v.recorded_at), 1, 10);

-- Who is told what, where: the newest word on each row.
create view current_subscriptions as
select s.* from subscriptions s
where s.act = 'subscribe' and s.id = (
  select max(t.id) from subscriptions t where t.person = s.person and t.country = s.country
    and t.group_id = s.group_id and t.event = s.event and t.channel = s.channel);

-- Each letter with what became of it last; waiting where nobody has tried yet.
create view letter_states as
select l.*, coalesce(d.outcome, 'waiting') as state, coalesce(d.attempt, 0) as attempt, coalesce(d.error, '') as error,
       d.next_at, d.at as state_at
from letters l
left join deliveries d on d.id = (select max(e.id) from deliveries e where e.letter_id = l.id);

-- Alerts that escalate until somebody has seen them: the alert itself or a later one of its thread.
create view unacknowledged_alerts as
select a.* from alerts a
where a.at_once = 1
  and not exists (select 1 from alerts b join acknowledgements k on k.alert_id = b.id
                  where b.thread = a.thread and b.id >= a.id)
  and not exists (select 1 from alerts b where b.thread = a.thread and b.id > a.id and b.event = 'source_recovered');
