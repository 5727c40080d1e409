-- The first schema. What is true of the data is said here, so that SQLite refuses what Python might forget.
-- Days are 'YYYY-MM-DD' (local legal or publication days); instants are 'YYYY-MM-DDTHH:MM:SSZ' (UTC).

create table settings (
  key   text primary key,
  value text not null
) strict;

-- Who publishes -------------------------------------------------------------------------------------------------

create table sources (
  id            text primary key check (id <> '' and instr(id, ':') = 0), -- "doc:<source>:<key>" must be readable
  title         text not null,
  publisher     text not null,
  owner         text not null,
  type          text not null check (type in ('official_country_report', 'eu_agency', 'international_organisation',
                  'ngo', 'expert_body', 'media', 'government_statement', 'party_to_the_conflict', 'court')),
  grade         text not null check (grade in ('A', 'B', 'C', 'D', 'E', 'F')),
  grade_reason  text not null,
  interests     text not null default '',
  language      text not null,
  shape         text not null,
  every_s       integer check (every_s is null or every_s > 0),
  terms         text not null default '',
  homepage      text not null default '',
  declaration   text not null check (json_valid(declaration)),
  declared_at   text not null check (declared_at glob '????-??-??T??:??:??Z')
) strict;

-- Every card a source ever had: a change of grade must stay visible (method section 11).
create table source_cards (
  id          integer primary key,
  source_id   text not null references sources (id),
  grade       text not null,
  type        text not null,
  owner       text not null,
  declaration text not null check (json_valid(declaration)),
  declared_at text not null
) strict;

create trigger sources_keep_card_on_insert after insert on sources begin
  insert into source_cards (source_id, grade, type, owner, declaration, declared_at)
  values (new.id, new.grade, new.type, new.owner, new.declaration, new.declared_at);
end;
create trigger sources_keep_card_on_update after update on sources when new.declaration is not old.declaration begin
  insert into source_cards (source_id, grade, type, owner, declaration, declared_at)
  values (new.id, new.grade, new.type, new.owner, new.declaration, new.declared_at);
end;

-- A better grade than the one in force counts only once a second person approved its card (method section 11).
create table grade_decisions (
  id         integer primary key,
  card_id    integer not null references source_cards (id),
  decision   text not null check (decision in ('approve', 'refuse')),
  graded_by  text not null check (trim(graded_by) <> ''),  -- who gave the grade
  reason     text not null check (trim(reason) <> ''),
  actor      text not null check (trim(actor) <> ''),
  decided_at text not null check (decided_at glob '????-??-??T??:??:??Z')
) strict;

create trigger grade_decisions_second_person before insert on grade_decisions
when coi_person(new.actor) = coi_person(new.graded_by)
begin select raise(abort, 'the person who gave a grade cannot decide on it'); end;

-- What was fetched ----------------------------------------------------------------------------------------------

create table runs (
  id         integer primary key,
  source_id  text not null references sources (id),
  slot       text not null check (slot <> ''),
  moment     text not null check (moment glob '????-??-??T??:??:??Z'), -- when the pages were fetched (replay: back then)
  started_at text not null check (started_at glob '????-??-??T??:??:??Z'),
  ended_at   text check (ended_at is null or ended_at >= started_at),
  status     text not null default 'running' check (status in ('running', 'ok', 'partial', 'failed', 'interrupted')),
  origin     text not null default 'network',
  requests   integer not null default 0,
  rows       integer not null default 0,
  new        integer not null default 0,
  changed    integer not null default 0,
  unchanged  integer not null default 0,
  gone       integer not null default 0,
  failed     integer not null default 0,
  message    text not null default '',
  unique (source_id, slot),
  check ((status = 'running') = (ended_at is null))
) strict;

create table run_problems (
  id      integer primary key,
  run_id  integer not null references runs (id),
  url     text not null,
  problem text not null,
  remedy  text not null,
  seen_at text not null
) strict;
create index run_problems_run on run_problems (run_id);

create index runs_source on runs (source_id);
create index runs_moment on runs (source_id, moment);

-- How a source is doing: every change of state, every recovery, every due run that did not happen.
create table source_events (
  id        integer primary key,
  source_id text not null references sources (id),
  at        text not null check (at glob '????-??-??T??:??:??Z'),
  kind      text not null check (kind in ('run', 'late', 'setting')),
  before    text not null check (before in ('never_run', 'not_configured', 'ok', 'suspect', 'failing', 'broken')),
  after     text not null check (after in ('never_run', 'not_configured', 'ok', 'suspect', 'failing', 'broken')),
  message   text not null check (trim(message) <> ''),
  run_id    integer references runs (id)
) strict;
create index source_events_source on source_events (source_id, id);

-- Publications that are awaited: an official report announced for a quarter. The newest row of a key counts.
create table expectations (
  id          integer primary key,
  key         text not null check (key <> ''),
  act         text not null check (act in ('expect', 'cancel')),
  title       text not null check (trim(title) <> ''),
  country     text not null check (length(country) = 2),
  sources     text not null check (json_valid(sources)),   -- ids; [] is any source
  pattern     text not null check (pattern <> ''),         -- regular expression over titles
  first_day   text not null check (first_day is date(first_day)),
  last_day    text not null check (last_day is date(last_day) and last_day >= first_day),
  came_on     text check (came_on is null or came_on is date(came_on)), -- it is known to have come out, held or not
  reason      text not null check (trim(reason) <> ''),
  reference   text not null default '',
  actor       text not null check (trim(actor) <> ''),
  recorded_at text not null check (recorded_at glob '????-??-??T??:??:??Z')
) strict;
create index expectations_key on expectations (key, id);

-- When an awaited publication became due, overdue, or arrived.
create table expectation_events (
  id          integer primary key,
  key         text not null check (key <> ''),
  at          text not null check (at glob '????-??-??T??:??:??Z'),
  before      text not null check (before in ('', 'expected', 'due', 'overdue', 'arrived')),
  after       text not null check (after in ('expected', 'due', 'overdue', 'arrived')),
  message     text not null check (trim(message) <> ''),
  document_id integer references documents (id)
) strict;
create index expectation_events_key on expectation_events (key, id);

create table captures (
  id            integer primary key,
  url           text not null,
  fetched_at    text not null check (fetched_at glob '????-??-??T??:??:??Z'),
  recorded_at   text not null check (recorded_at glob '????-??-??T??:??:??Z' and recorded_at >= fetched_at),
  status        integer not null check (status between 100 and 599),
  media_type    text not null default '',
  etag          text,
  last_modified text,
  sha256        text not null check (length(sha256) = 64),
  bytes         integer not null check (bytes >= 0),
  warc_file     text not null,
  warc_offset   integer not null check (warc_offset >= 0),
  warc_length   integer not null check (warc_length > 0),
  refers_to     integer references captures (id), -- a revisit: the body stands in this earlier capture
  unique (warc_file, warc_offset)
) strict;
create index captures_url on captures (url, fetched_at);
create index captures_sha256 on captures (sha256);
create index captures_fetched on captures (fetched_at);
create index captures_kind on captures (status, media_type);

-- What we hold --------------------------------------------------------------------------------------------------

create table documents (
  id            integer primary key,
  source_id     text not null references sources (id),
  key           text not null check (key <> ''),      -- the publisher's own identifier, or the canonical URL
  external_id   text,                                 -- the id a collection gave it
  url           text not null default '',
  publisher     text not null default '',             -- where a collection names another than its source
  title         text not null default '',             -- of the newest version; a convenience for people
  language      text,
  document_type text not null default '',
  published_on  text check (published_on is null or published_on is date(published_on)),
  period_from   text check (period_from is null or period_from is date(period_from)),
  period_to     text check (period_to is null or period_to is date(period_to)),
  state         text not null default 'live' check (state in ('live', 'gone', 'withdrawn', 'moved')),
  first_seen_at text not null,
  last_seen_at  text not null,                        -- the newest capture that showed it, changed or not
  asked_at      text,                                 -- when it was last asked for though no list showed it
  unique (source_id, key)
) strict;
create index documents_external on documents (external_id);
create index documents_url on documents (url);
-- What the site sorts and counts by: without these it reads every row for one page of fifty.
create index documents_published on documents (published_on);
create index documents_language on documents (language);
create index documents_state on documents (state);

-- What became of a document, as we saw it: withdrawn, gone, back again.
create table document_states (
  id          integer primary key,
  document_id integer not null references documents (id),
  state       text not null check (state in ('live', 'gone', 'withdrawn', 'moved')),
  seen_at     text not null check (seen_at glob '????-??-??T??:??:??Z')
) strict;
create index document_states_document on document_states (document_id, seen_at);

-- Every address at which a document answered: what moves, or changes its canonical address, stays one document.
create table document_addresses (
  source_id   text not null references sources (id),
  address     text not null check (address <> ''),
  document_id integer not null references documents (id),
  since       text not null check (since glob '????-??-??T??:??:??Z'),
  primary key (source_id, address)
) strict, without rowid;
create index document_addresses_document on document_addresses (document_id);

-- A document was asked for and the server said there is none. Twice, a day apart, means gone.
create table absences (
  id          integer primary key,
  document_id integer not null references documents (id),
  seen_at     text not null check (seen_at glob '????-??-??T??:??:??Z'),
  said        text not null check (said <> ''),
  unique (document_id, seen_at)
) strict;

create table versions (
  id                   integer primary key,
  document_id          integer not null references documents (id),
  capture_id           integer references captures (id),     -- null only for what came as ready text
  text_sha256          text not null check (length(text_sha256) = 64),
  extractor            text not null check (extractor <> ''),
  seen_at              text not null check (seen_at glob '????-??-??T??:??:??Z'), -- when these bytes were fetched
  cause                text not null check (cause in ('first', 'edited', 'reread')),
  title                text not null default '',
  language             text,
  text                 text not null,
  published_on         text check (published_on is null or published_on is date(published_on)),
  published_precision  text check (published_precision in ('day', 'month', 'year')),
  published_from       text not null default '',             -- where the date was found
  published_confidence text not null default 'low' check (published_confidence in ('normal', 'low')),
  modified_on          text check (modified_on is null or modified_on is date(modified_on)),
  period_from          text check (period_from is null or period_from is date(period_from)),
  period_to            text check (period_to is null or period_to is date(period_to)),
  public_on            text not null check (public_on is date(public_on)), -- from this day on anyone could know it
  recorded_at          text not null check (recorded_at glob '????-??-??T??:??:??Z'), -- from here on we held it
  authors              text not null default '[]' check (json_valid(authors)),
  pages                text not null default '[]' check (json_valid(pages)), -- characters per page
  needs_ocr            integer not null default 0 check (needs_ocr in (0, 1)),
  warnings             text not null default '[]' check (json_valid(warnings)),
  links                text not null default '[]' check (json_valid(links)),
  check ((published_on is null) = (published_precision is null)),
  check (published_on is not null or published_confidence = 'low'),
  check (period_from is null or period_to is null or period_from <= period_to),
  check (recorded_at >= seen_at),
  unique (document_id, seen_at, text_sha256, extractor)
) strict;
create index versions_capture on versions (capture_id);
-- The times of a document's versions without reading their texts.
create index versions_times on versions (document_id, seen_at, public_on, recorded_at, cause);
create index versions_recorded on versions (recorded_at);
create index versions_public on versions (public_on);
create index versions_seen on versions (seen_at);
create index versions_doubt on versions (published_confidence);
create index versions_cause on versions (cause, seen_at);
-- What becomes public later than we held it (an embargo): the day on which it must be looked at again.
create index versions_later_public on versions (public_on) where public_on > substr(recorded_at, 1, 10);

create table passages (
  id          integer primary key,
  document_id integer not null references documents (id),
  text_sha256 text not null check (length(text_sha256) = 64),   -- of the normalised text
  text        text not null check (text <> ''),
  language    text,
  lemmas      text not null default '', -- base forms of its words, marked with their language: nl0deserteur
  unique (document_id, text_sha256)   -- since when it was known: view passage_times
) strict;
create index passages_language on passages (language);

create table version_passages (
  version_id integer not null references versions (id),
  position   integer not null check (position >= 0),
  passage_id integer not null references passages (id),
  page       integer check (page is null or page >= 1),
  heading    text not null default '',
  start      integer not null check (start >= 0),
  end        integer not null check (end > start),
  notes      text not null default '[]' check (json_valid(notes)), -- footnotes it cites: [{number, text, at}]
  primary key (version_id, position)
) strict, without rowid;
create index version_passages_passage on version_passages (passage_id);

create virtual table passages_fts using fts5 (
  text, lemmas, content = 'passages', content_rowid = 'id', tokenize = 'unicode61 remove_diacritics 2'
);
-- What one transaction adds is sorted in 16 MB of memory before it is written: a third less work for a large import.
insert into passages_fts (passages_fts, rank) values ('hashsize', 16777216);
create trigger passages_index after insert on passages begin
  insert into passages_fts (rowid, text, lemmas) values (new.id, new.text, new.lemmas);
end;

-- Meaning: what an encoder made of a passage or a title. Derived; may be thrown away and made again.
create table vectors (
  id          integer primary key,
  passage_id  integer references passages (id),
  document_id integer references documents (id),  -- of its title
  encoder     text not null check (encoder <> ''), -- with its version; vectors of two encoders are never compared
  vector      blob not null,                       -- 4 bytes scale (float32), then a signed byte for each dimension
  check ((passage_id is null) <> (document_id is null)),
  unique (passage_id, encoder),
  unique (document_id, encoder)
) strict;

-- Searches that are run again whenever passages come in. The newest row of a name counts.
create table saved_searches (
  id            integer primary key,
  act           text not null check (act in ('save', 'remove')),
  name          text not null check (trim(name) <> ''),
  query         text not null check (trim(query) <> ''),
  wanted        text not null default '{}' check (json_valid(wanted)), -- what it is limited to
  after_passage integer not null check (after_passage >= 0),           -- what was held by then is not news
  actor         text not null check (trim(actor) <> ''),
  recorded_at   text not null check (recorded_at glob '????-??-??T??:??:??Z')
) strict;
create index saved_searches_name on saved_searches (name, id);
create table search_notices (
  id         integer primary key,
  search_id  integer not null references saved_searches (id),
  passage_id integer not null references passages (id),
  noticed_at text not null check (noticed_at glob '????-??-??T??:??:??Z'),
  unique (search_id, passage_id)
) strict;

-- What a translator that the operator declared made of a text. It belongs to the text, by its hash, so that the same
-- words in another document have it too. An aid to reading: nothing is searched, found, counted or quoted in it.
create table translations (
  id             integer primary key,
  text_sha256    text not null check (length(text_sha256) = 64),  -- of the passages that it translates
  from_language  text not null check (from_language <> ''),
  to_language    text not null check (to_language not in ('', from_language)),
  engine         text not null check (engine <> ''),              -- the id of the declared translator
  engine_version text not null check (engine_version <> ''),
  text           text not null check (trim(text) <> ''),
  actor          text not null check (trim(actor) <> ''),         -- who had it made
  translated_at  text not null check (translated_at glob '????-??-??T??:??:??Z'),
  unique (text_sha256, from_language, to_language, engine, engine_version)
) strict;

-- What passages are about ---------------------------------------------------------------------------------------

create table target_groups (
  id         text primary key,
  title      text not null,
  title_nl   text not null default '',
  definition text not null,
  version    integer not null
) strict;

-- One row says: this step, with these rules, has looked at this passage (also when it found nothing).
create table examinations (
  id            integer primary key,
  passage_id    integer not null references passages (id),
  step          text not null check (step in ('tag', 'evidence')),
  rules_version text not null check (rules_version <> ''),
  examined_at   text not null,
  unique (passage_id, step, rules_version)
) strict;

create table mentions (
  id             integer primary key,
  examination_id integer not null references examinations (id),
  passage_id     integer not null references passages (id),
  kind           text not null check (kind in ('group', 'country', 'topic')),
  value          text not null check (value <> ''),
  start          integer check (start is null or start >= 0),
  end            integer check ((end is null) = (start is null) and (end is null or end > start)),
  rule           text not null,
  score          real not null default 1.0 check (score between 0 and 1),
  attributes     text not null default '{}' check (json_valid(attributes))
) strict;
create index mentions_passage on mentions (passage_id, kind, value);
create index mentions_value on mentions (kind, value, passage_id);
create index mentions_examination on mentions (examination_id);

-- Why people decide as they do: filled from store/reason_codes.py when the database is made; '' where none is given.
create table reason_codes (
  code text primary key
) strict;

create table tag_decisions (
  id          integer primary key,
  passage_id  integer not null references passages (id),
  kind        text not null check (kind in ('group', 'country', 'topic')),
  value       text not null check (value <> ''),
  decision    text not null check (decision in ('accept', 'reject', 'unsure', 'later', 'add', 'open')),
  reason_code text not null default '' references reason_codes (code),
  reason      text not null default '',
  actor       text not null check (trim(actor) <> ''),
  decided_at  text not null check (decided_at glob '????-??-??T??:??:??Z'),
  carried_from integer references tag_decisions (id), -- the passage changed a little: the word of that row, carried over
  undoes      integer references tag_decisions (id),  -- this row restores the state before that one
  check (decision <> 'reject' or trim(reason) <> '' or trim(reason_code) <> '')
) strict;
create index tag_decisions_passage on tag_decisions (passage_id, kind, value);

-- Questions and what answers them ---------------------------------------------------------------------------------

create table questions (
  id          text not null,
  version     integer not null check (version >= 1),
  group_id    text references target_groups (id),    -- null for modifiers and cross-cutting questions
  wording     text not null,
  wording_nl  text not null default '',
  element     text not null default '',
  scale_kind  text not null check (scale_kind in ('extent', 'law', 'number', 'practice')),
  scale       text not null check (json_valid(scale) and json_array_length(scale) >= 2),
  opposite    text not null default '[]' check (json_valid(opposite)),
  window_days integer not null check (window_days > 0),
  decisive    integer not null check (decisive in (0, 1)),
  priority    integer not null default 0,
  declaration text not null check (json_valid(declaration)),
  country     text not null generated always as (json_extract(declaration, '$.country')) stored
              check (length(country) = 2),           -- that the question is asked about
  declared_at text not null,
  primary key (id, version)
) strict;
create index questions_country on questions (country, group_id);

create table watersheds (
  id        text primary key,
  country   text not null check (length(country) = 2),
  title     text not null,
  on_day    text not null check (on_day is date(on_day)),
  announced_on text check (announced_on is null or announced_on is date(announced_on)), -- known from here on
  announced integer not null default 0 check (announced in (0, 1)), -- shown, voids nothing
  confirmed integer not null check (confirmed in (0, 1)),
  source    text not null default ''
) strict;
create table watershed_questions (
  watershed_id text not null references watersheds (id),
  question_id  text not null,
  primary key (watershed_id, question_id)
) strict, without rowid;
create index watersheds_country on watersheds (country);

create table evidence (
  id               integer primary key,
  examination_id   integer references examinations (id),  -- null when a person wrote it
  passage_id       integer not null references passages (id),
  question_id      text not null,
  question_version integer not null,
  country          text not null check (length(country) = 2),
  group_id         text not null references target_groups (id),
  subgroup         text not null default '',
  answer           text not null check (answer <> ''),
  directness       text not null check (directness in ('direct', 'reported', 'general')),
  attributed_to    text not null default '',
  facts_from       text check (facts_from is null or facts_from is date(facts_from)),
  facts_to         text check (facts_to is null or facts_to is date(facts_to)),
  facts_confidence text not null default 'normal' check (facts_confidence in ('normal', 'low')),
  ongoing          integer not null default 0 check (ongoing in (0, 1)),
  whole_period     integer not null default 0 check (whole_period in (0, 1)),
  place            text not null default '',
  against_interest integer not null default 0 check (against_interest in (0, 1)),
  start            integer not null check (start >= 0),
  end              integer not null check (end > start),
  rule             text not null,
  why              text not null default '',
  proposed_by      text not null check (trim(proposed_by) <> ''),
  proposed_at      text not null check (proposed_at glob '????-??-??T??:??:??Z'),
  foreign key (question_id, question_version) references questions (id, version),
  check (facts_from is null or facts_to is null or facts_from <= facts_to)
) strict;
create index evidence_question on evidence (country, question_id);
create index evidence_passage on evidence (passage_id, question_id, country);
create index evidence_examination on evidence (examination_id);
create index evidence_group on evidence (group_id);
create index evidence_said on evidence (question_id, answer, directness);
create trigger evidence_answers_on_the_scale before insert on evidence
when new.answer not in ('unknown', 'unclear', 'mixed') and not exists (
  select 1 from questions q, json_each(q.scale) s
  where q.id = new.question_id and q.version = new.question_version and s.value = new.answer)
begin select raise(abort, 'this answer is not on the scale of its question'); end;

create table evidence_decisions (
  id          integer primary key,
  evidence_id integer not null references evidence (id),
  decision    text not null check (decision in ('accept', 'reject', 'unsure', 'later', 'open')),
  reason_code text not null default '' references reason_codes (code),
  reason      text not null default '',
  actor       text not null check (trim(actor) <> ''),
  decided_at  text not null check (decided_at glob '????-??-??T??:??:??Z'),
  carried_from integer references evidence_decisions (id),
  undoes      integer references evidence_decisions (id),
  read_in     text not null default '' check (read_in in ('', 'original', 'machine')), -- '': there was nothing else to read
  check (decision <> 'reject' or trim(reason) <> '' or trim(reason_code) <> '')
) strict;
create index evidence_decisions_evidence on evidence_decisions (evidence_id);
-- Where a machine translation of the text is held, a decision says which of the two was read (method section 7).
create trigger evidence_decisions_say_what_was_read before insert on evidence_decisions
when new.read_in = '' and exists (
  select 1 from evidence e join passages p on p.id = e.passage_id join translations t on t.text_sha256 = p.text_sha256
  where e.id = new.evidence_id)
begin select raise(abort, 'a machine translation of this passage is held: say which was read, original or machine'); end;

-- What a person says of a passage that no rule found an answer in: does it bear on the question at all?
create table relevance_decisions (
  id          integer primary key,
  passage_id  integer not null references passages (id),
  question_id text not null check (question_id <> ''),
  country     text not null check (length(country) = 2),
  decision    text not null check (decision in ('accept', 'reject', 'unsure', 'later', 'open')),
  reason_code text not null default '' references reason_codes (code),
  reason      text not null default '',
  actor       text not null check (trim(actor) <> ''),
  decided_at  text not null check (decided_at glob '????-??-??T??:??:??Z'),
  carried_from integer references relevance_decisions (id),
  undoes      integer references relevance_decisions (id),
  check (decision <> 'reject' or trim(reason) <> '' or trim(reason_code) <> '')
) strict;
create index relevance_decisions_pair on relevance_decisions (question_id, passage_id);

-- One coder's own answer, given without seeing the rules' proposal or another's (method section 7, double coding).
-- A coder answers once: a change of mind after seeing the others is a decision, and no second coding.
create table codings (
  id               integer primary key,
  passage_id       integer not null references passages (id),
  question_id      text not null,
  question_version integer not null,
  country          text not null check (length(country) = 2),
  answer           text not null check (answer <> ''),   -- on the scale, mixed, unclear, not_relevant; unsure: no answer
  blind            integer not null check (blind in (0, 1)), -- 0: the coder had decided on it before
  reason           text not null default '',
  actor            text not null check (trim(actor) <> ''),
  coded_at         text not null check (coded_at glob '????-??-??T??:??:??Z'),
  foreign key (question_id, question_version) references questions (id, version)
) strict;
create unique index codings_once on codings
  (passage_id, question_id, question_version, country, lower(trim(actor)));
-- The same person under another spelling (store/names.py; a function of ours in an index would lock other tools out).
create trigger codings_once_each before insert on codings when exists (
  select 1 from codings c where c.passage_id = new.passage_id and c.question_id = new.question_id
    and c.question_version = new.question_version and c.country = new.country
    and coi_person(c.actor) = coi_person(new.actor))
begin select raise(ignore); end;
create index codings_question on codings (country, question_id);
create trigger codings_answers_on_the_scale before insert on codings
when new.answer not in ('mixed', 'unclear', 'not_relevant', 'unsure') and not exists (
  select 1 from questions q, json_each(q.scale) s
  where q.id = new.question_id and q.version = new.question_version and s.value = new.answer)
begin select raise(abort, 'this answer is not on the scale of its question'); end;

-- What people write beside a passage, a document or a question. The words of a restricted comment lie apart: here
-- stands a salted hash of them, so that the audit chain proves them and does not tell them.
create table comments (
  id          integer primary key,
  passage_id  integer references passages (id),
  document_id integer references documents (id),
  question_id text check (question_id <> ''),
  restricted  integer not null check (restricted in (0, 1)),
  text        text not null check ((restricted = 1) = (trim(text) = '')),
  seal        text not null check (length(seal) = 64 * restricted),
  once        text not null check (once <> ''),   -- drawn for the form: sent twice it is kept once
  actor       text not null check (trim(actor) <> ''),
  written_at  text not null check (written_at glob '????-??-??T??:??:??Z'),
  unique (actor, once),
  check ((passage_id is not null) + (document_id is not null) + (question_id is not null) = 1)
) strict;
create index comments_passage on comments (passage_id) where passage_id is not null;
create index comments_document on comments (document_id) where document_id is not null;
create index comments_question on comments (question_id) where question_id is not null;
create table restricted_comments (
  comment_id integer primary key references comments (id),
  salt       text not null check (length(salt) = 32),
  text       text not null check (trim(text) <> '')
) strict;

-- How likely a passage bears on a question, by the newest model. Made anew at any time from what stands above.
create table relevance (
  passage_id  integer not null references passages (id),
  question_id text not null,
  country     text not null check (length(country) = 2),
  score       real not null check (score between 0 and 1),
  draw        real not null check (draw >= 0 and draw < 1), -- fixed by the texts: the order of the random sample
  model       text not null check (model <> ''),            -- rules, or learnt from so many decisions
  public_on   text not null check (public_on is date(public_on)), -- since when anyone could know the passage
  held_at     text not null check (held_at glob '????-??-??T??:??:??Z'), -- since when it could be read here
  examination integer not null,                             -- the newest look at the passage when it was scored
  computed_at text not null check (computed_at glob '????-??-??T??:??:??Z'),
  primary key (question_id, country, passage_id)
) strict, without rowid;
create index relevance_score on relevance (question_id, country, score);
create index relevance_draw on relevance (question_id, country, draw);

create table search_log (
  id          integer primary key,
  question_id text not null,
  country     text not null check (length(country) = 2),
  terms       text not null check (trim(terms) <> ''),
  languages   text not null check (trim(languages) <> ''),
  period_from text not null check (period_from is date(period_from)),
  period_to   text not null check (period_to is date(period_to) and period_to >= period_from),
  source_id   text not null references sources (id),
  healthy     integer not null check (healthy in (0, 1)),
  found       integer not null check (found >= 0),
  actor       text not null check (trim(actor) <> ''),
  searched_at text not null check (searched_at glob '????-??-??T??:??:??Z')
) strict;
create index search_log_question on search_log (country, question_id);

-- Where statements come from ----------------------------------------------------------------------------------------

create table origins (
  id            text primary key,             -- doc:12, named:rtl, said:ru-kremlin:2022-04-01
  label         text not null,
  first_seen_at text not null
) strict;

create table origin_links (
  id            integer primary key,
  document_id   integer not null references documents (id),
  passage_id    integer references passages (id),      -- null: the whole document
  start         integer check ((start is null) = (passage_id is null)), -- characters within the passage
  end           integer check ((end is null) = (start is null) and (end is null or end > start)),
  origin_id     text not null references origins (id), -- one step up
  rule          text not null,
  why           text not null,
  certainty     text not null check (certainty in ('merged', 'proposed')),
  strength      real not null,
  via           text not null default '[]' check (json_valid(via)),   -- stations that the text itself names
  rules_version text not null,                         -- 'person': somebody merged what the rules did not
  found_at      text not null
) strict;
create index origin_links_origin on origin_links (origin_id);
create unique index origin_links_once on origin_links
  (document_id, coalesce(passage_id, 0), coalesce(start, -1), coalesce(end, -1), origin_id, rule, rules_version,
   certainty, strength, via, why);

-- A link that the same rules no longer find (an earlier original came in, a text was edited) has ended; it may come again.
create table origin_link_events (
  id             integer primary key,
  origin_link_id integer not null references origin_links (id),
  event          text not null check (event in ('ended', 'again')),
  at             text not null check (at glob '????-??-??T??:??:??Z')
) strict;
create index origin_link_events_link on origin_link_events (origin_link_id);

-- Which rules looked for origins, and from when: the links of the newest are in force, with those that people made.
create table origin_rules (
  id            integer primary key,
  rules_version text not null,
  at            text not null check (at glob '????-??-??T??:??:??Z')
) strict;

-- What each document offers for comparison (store/origin_keys.py). Derived, and made again when the rules change.
create table origin_prints (
  document_id   integer primary key references documents (id),
  digest        text not null,                -- of everything that the rules read of it
  publisher     text not null,
  bucket        integer not null,             -- of time: what is compared only within two weeks
  fingerprints  integer not null
) strict;
create table origin_keys (
  kind        integer not null,               -- sentence, fingerprint, whole text, fact, person, held, cited, place
  key         integer not null,               -- the first 63 bits of a hash
  publisher   integer not null,               -- likewise; a publisher's stock text does not compare its own documents
  document_id integer not null references documents (id),
  primary key (kind, key, publisher, document_id)
) strict, without rowid;
create index origin_keys_document on origin_keys (document_id);
create table origin_stock (                   -- sentences and fingerprints in more than three documents of one publisher
  kind      integer not null,
  key       integer not null,
  publisher integer not null,
  primary key (kind, key, publisher)
) strict, without rowid;

-- One row says: these rules have looked for the well-springs of this version (also when they found none). Evidence of a
-- version that no rules have looked at keeps its question at emerging: its copies are not known yet.
create table linkings (
  version_id    integer not null references versions (id),
  rules_version text not null,
  linked_at     text not null,
  primary key (version_id, rules_version)
) strict, without rowid;

create table origin_decisions (
  id             integer primary key,
  origin_link_id integer not null references origin_links (id),
  decision       text not null check (decision in ('confirm', 'split')),
  reason         text not null check (trim(reason) <> ''),
  actor          text not null check (trim(actor) <> ''),
  decided_at     text not null check (decided_at glob '????-??-??T??:??:??Z')
) strict;
create index origin_decisions_link on origin_decisions (origin_link_id);

-- Resolutions of contradictions (which are computed, never stored).
create table contradictions (
  id          integer primary key,
  question_id text not null,
  country     text not null check (length(country) = 2),
  side_a      text not null check (json_valid(side_a) and json_array_length(side_a) >= 1), -- evidence ids
  side_b      text not null check (json_valid(side_b) and json_array_length(side_b) >= 1),
  resolution  text not null check (resolution in ('other_time', 'other_place', 'other_subgroup', 'other_definition',
                'party_interest', 'error_corrected', 'genuine')),
  side        text check (side in ('a', 'b')),       -- the side set aside
  reason      text not null check (trim(reason) <> ''),
  actor       text not null check (trim(actor) <> ''),
  decided_at  text not null check (decided_at glob '????-??-??T??:??:??Z'),
  check ((resolution = 'genuine') = (side is null))
) strict;
create index contradictions_question on contradictions (country, question_id);

-- A resolution that a person took back: from then on its sides count again.
create table contradiction_events (
  id               integer primary key,
  contradiction_id integer not null unique references contradictions (id),
  event            text not null check (event = 'undone'),
  reason           text not null check (trim(reason) <> ''),
  actor            text not null check (trim(actor) <> ''),
  at               text not null check (at glob '????-??-??T??:??:??Z')
) strict;

-- Moratoria, verdicts, sign-off -----------------------------------------------------------------------------------

create table moratoria (
  id          text primary key,
  state       text not null check (length(state) = 2),
  country     text not null check (length(country) = 2),
  title       text not null,
  title_nl    text not null default '', -- '': only the English title was declared
  deciding    text not null check (json_valid(deciding)),
  declaration text not null check (json_valid(declaration)),
  declared_at text not null
) strict;

-- Who is in and who is out, as the decisions say it; one group may be in for one kind of service and out for another.
create table moratorium_scopes (
  moratorium_id text not null references moratoria (id),
  position      integer not null,
  side          text not null check (side in ('in', 'out')),
  group_id      text not null references target_groups (id),
  services      text not null default '[]' check (json_valid(services)), -- contract, conscript, mobilised; [] = all
  valid_from    text check (valid_from is null or valid_from is date(valid_from)),
  reason        text not null,
  passage       text not null,
  primary key (moratorium_id, position)
) strict, without rowid;

-- on_day is when it happened, known_on (null: the same day) from when anyone could know it: a decision published with
-- retroactive effect counts from its publication. A row that a corrected declaration no longer states is answered by a
-- 'retracted' row that names it; nothing is changed or removed.
create table moratorium_events (
  id            integer primary key,
  moratorium_id text not null references moratoria (id),
  kind          text not null check (kind in ('announced', 'decided', 'published', 'in_force', 'paused', 'extended',
                'extension_published', 'policy_letter', 'judgment', 'ended', 'annulled', 'revived', 'retracted')),
  on_day        text not null check (on_day is date(on_day)),
  day_precision text not null default 'day' check (day_precision in ('day', 'month', 'by')), -- by: at the latest
  known_on      text check (known_on is null or known_on is date(known_on)),
  half          text check (half in ('decisions', 'departures')),   -- null: both
  first_day     text check (first_day is null or first_day is date(first_day)),
  last_day      text check (last_day is null or last_day is date(last_day)),  -- inclusive
  stated_end    text check (stated_end is null or stated_end is date(stated_end)), -- as the publication names it
  wording       text not null default '',
  reference     text not null default '',
  url           text not null default '',
  confidence    text not null check (confidence in ('verified', 'inferred', 'unverified')),
  end_confidence text check (end_confidence in ('verified', 'inferred', 'unverified')), -- of last_day; null: the same
  retracts      integer references moratorium_events (id),
  actor         text not null check (trim(actor) <> ''),
  recorded_at   text not null,
  check (first_day is null or last_day is null or first_day <= last_day),
  check ((kind = 'retracted') = (retracts is not null))
) strict;
create unique index moratorium_events_once on moratorium_events
  (moratorium_id, kind, on_day, coalesce(half, ''), coalesce(last_day, ''), coalesce(retracts, 0), recorded_at);

-- What the rules read in a document: that it opens, extends or ends a moratorium. A person confirms or rejects it.
create table moratorium_proposals (
  id            integer primary key,
  version_id    integer not null references versions (id),
  rules_version text not null,
  act           text not null check (act in ('opens', 'extends', 'ends')),
  state         text not null check (length(state) = 2),
  country       text check (country is null or length(country) = 2),   -- null: not read
  group_said    text not null default '',
  halves        text not null check (json_valid(halves)),
  decided_on    text check (decided_on is null or decided_on is date(decided_on)),
  first_day     text check (first_day is null or first_day is date(first_day)),
  last_day      text check (last_day is null or last_day is date(last_day)),   -- inclusive
  legal_basis   text not null default '',
  moratorium_id text references moratoria (id),                         -- the one it seems to extend or end
  spans         text not null check (json_valid(spans)),                -- field, start, end, words in the version's text
  proposed_at   text not null check (proposed_at glob '????-??-??T??:??:??Z'),
  check (first_day is null or last_day is null or first_day <= last_day)
) strict;
create unique index moratorium_proposals_once on moratorium_proposals
  (version_id, rules_version, act, coalesce(country, ''));

create table moratorium_decisions (
  id            integer primary key,
  proposal_id   integer not null unique references moratorium_proposals (id),   -- decided once
  decision      text not null check (decision in ('confirm', 'reject')),
  moratorium_id text,                                                    -- the one it opened, extended or ended
  reason        text not null default '',
  actor         text not null check (trim(actor) <> ''),
  decided_at    text not null check (decided_at glob '????-??-??T??:??:??Z'),
  check ((decision = 'confirm') = (moratorium_id is not null))
) strict;

create table verdicts (
  id            integer primary key,
  as_of         text not null check (as_of is date(as_of)),
  basis         text not null check (basis in ('public', 'held')),
  reading       text not null check (reading in ('reviewed', 'provisional')),
  rules_version text not null,
  country       text not null check (length(country) = 2),
  group_id      text references target_groups (id),
  question_id   text not null,
  inputs_digest text not null check (length(inputs_digest) = 64),
  status        text not null check (status in ('insufficient', 'emerging', 'sufficient')),
  effective     text not null check (effective in ('insufficient', 'emerging', 'sufficient')),
  certainty     text not null check (certainty in ('high', 'moderate', 'low', 'very low')),
  fragile       integer not null check (fragile in (0, 1)),
  stale_on      text check (stale_on is null or stale_on is date(stale_on)),
  falls_on      text check (falls_on is null or falls_on is date(falls_on)),
  origins       integer not null check (origins >= 0),
  items         integer not null check (items >= 0),
  outcome       text not null check (json_valid(outcome)),   -- tests, gates, reasons in words (en, nl), passages used
  next_on       text check (next_on is null or next_on > as_of), -- with nothing new it stands until this day; null: ever
  computed_at   text not null check (computed_at glob '????-??-??T??:??:??Z')
) strict;
create index verdicts_question on verdicts (country, question_id, basis, reading, as_of);
create index verdicts_next on verdicts (basis, next_on);
create index verdicts_day on verdicts (as_of);
create index verdicts_said on verdicts (effective, reading, question_id);
-- The newest row of a day counts. What only says it again is not kept; what returns to an earlier one of that day is.
create trigger verdicts_once before insert on verdicts when exists (
  select 1 from verdicts v where v.id = (
      select max(w.id) from verdicts w where w.country = new.country and w.question_id = new.question_id
        and w.basis = new.basis and w.reading = new.reading and w.as_of = new.as_of)
    and (v.rules_version, v.inputs_digest, v.status, v.effective, v.certainty, v.fragile, v.stale_on,
      v.falls_on, v.next_on, v.outcome)
    is (new.rules_version, new.inputs_digest, new.status, new.effective, new.certainty,
      new.fragile, new.stale_on, new.falls_on, new.next_on, new.outcome))
begin select raise(ignore); end;

-- Of each verdict a hash of its whole row and of the hash before: made by a trigger, checked by `coi verify`.
create table verdict_seals (
  verdict_id integer primary key references verdicts (id),
  hash       text not null check (length(hash) = 64)
) strict;

create table signoffs (
  id          integer primary key,
  verdict_id  integer not null references verdicts (id),
  act         text not null check (act in ('propose', 'approve', 'dissent', 'withdraw')),
  proposal_id integer references signoffs (id),
  status      text not null check (status in ('insufficient', 'emerging', 'sufficient')),
  reason      text not null check (trim(reason) <> ''),
  expires_on  text check (expires_on is null or expires_on is date(expires_on)),
  actor       text not null check (trim(actor) <> ''),
  signed_at   text not null check (signed_at glob '????-??-??T??:??:??Z'),
  check ((act = 'propose') = (proposal_id is null))
) strict;
create trigger signoffs_four_eyes before insert on signoffs
when new.act = 'approve' and exists (
  select 1 from signoffs p where p.id = new.proposal_id and coi_person(p.actor) = coi_person(new.actor))
begin select raise(abort, 'four eyes: the person who proposed cannot approve'); end;
create trigger signoffs_answer_a_proposal before insert on signoffs
when new.proposal_id is not null and not exists (
  select 1 from signoffs p where p.id = new.proposal_id and p.act = 'propose' and p.verdict_id = new.verdict_id
    and (new.act <> 'approve' or p.status = new.status))
begin select raise(abort, 'this is not an answer to a proposal on the same verdict and status'); end;

-- Who must know -----------------------------------------------------------------------------------------------------

-- One thing that somebody must know, told once: its key says what happened, so that finding it again adds nothing.
create table alerts (
  id          integer primary key,
  event_key   text not null unique check (event_key <> ''),
  event       text not null check (event in ('deadline', 'review_due', 'status_fell', 'status_rose', 'reopened',
                'fragile', 'stale_before_end', 'official_report', 'contradiction', 'evidence_withdrawn',
                'publication_due', 'publication_overdue', 'publication_arrived', 'moratorium_proposed',
                'source_broken', 'source_recovered', 'register_broken', 'scheduler_silent', 'dead_letter')),
  thread      text not null check (thread <> ''),      -- stages of one deadline: seen the later, seen the earlier
  at_once     integer not null check (at_once in (0, 1)), -- may go at once, and escalates until somebody has seen it
  country     text check (country is null or length(country) = 2),
  group_id    text references target_groups (id),
  state       text check (state is null or length(state) = 2), -- whose day and holidays count; null: the reader's own
  subject     text not null check (trim(subject) <> ''),       -- in English; `details` carries what any language needs
  details     text not null check (json_valid(details)),  -- before, after, reasons, passages, what is missing, links
  raised_at   text not null check (raised_at glob '????-??-??T??:??:??Z')
) strict;
create index alerts_thread on alerts (thread, id);
create index alerts_country on alerts (country, group_id, id);

-- How far each finder of events has looked; moves in the transaction that keeps what it found.
create table alert_marks (
  finder text primary key,
  mark   text not null check (json_valid(mark)),
  at     text not null check (at glob '????-??-??T??:??:??Z')
) strict, without rowid;

-- Who is told what, where. Every row stands for itself: nothing is inherited. '*' is any, and none. The newest counts.
create table subscriptions (
  id          integer primary key,
  act         text not null check (act in ('subscribe', 'unsubscribe')),
  person      text not null check (trim(person) <> ''),
  country     text not null check (country = '*' or length(country) = 2),
  group_id    text not null check (group_id <> ''),
  event       text not null check (event <> ''),
  channel     text not null check (trim(channel) <> ''),
  rhythm      text not null check (rhythm in ('immediate', 'digest')),
  actor       text not null check (trim(actor) <> ''),
  recorded_at text not null check (recorded_at glob '????-??-??T??:??:??Z')
) strict;
create index subscriptions_row on subscriptions (person, country, group_id, event, channel, id);

-- Who has to be told of which alert: made with the alert, in one transaction. Nobody twice by the same channel.
create table outbox (
  id        integer primary key,
  alert_id  integer not null references alerts (id),
  person    text not null check (trim(person) <> ''),
  channel   text not null check (trim(channel) <> ''),
  kind      text not null check (kind in ('owner', 'deputy', 'head')),
  owner     text not null check (trim(owner) <> ''),   -- in whose stead a deputy or head is told
  rhythm    text not null check (rhythm in ('immediate', 'digest')),
  queued_at text not null check (queued_at glob '????-??-??T??:??:??Z'),
  unique (alert_id, person, channel, kind)
) strict;

-- A message as it was written: one alert at once, or a digest of several. Its key is also its Message-ID.
create table letters (
  id       integer primary key,
  key      text not null unique check (key <> ''),
  person   text not null,
  channel  text not null,
  rhythm   text not null check (rhythm in ('immediate', 'digest')),
  language text not null,
  subject  text not null check (trim(subject) <> ''),
  body     text not null check (body <> ''),
  html     text not null check (html <> ''),
  made_at  text not null check (made_at glob '????-??-??T??:??:??Z')
) strict;
create table letter_alerts (
  id        integer primary key,
  letter_id integer not null references letters (id),
  outbox_id integer not null unique references outbox (id)  -- each in one letter only
) strict;
create index letter_alerts_letter on letter_alerts (letter_id);

-- What became of each letter, row by row. Claimed before it is sent; claimed and nothing after: a crash in between.
create table deliveries (
  id        integer primary key,
  letter_id integer not null references letters (id),
  attempt   integer not null check (attempt >= 1),
  outcome   text not null check (outcome in ('claimed', 'sent', 'failed', 'dead', 'retry')),
  error     text not null default '',
  next_at   text check (next_at is null or next_at glob '????-??-??T??:??:??Z'), -- not before
  at        text not null check (at glob '????-??-??T??:??:??Z'),
  check ((outcome in ('failed', 'dead')) = (error <> '')),
  check ((outcome = 'failed') = (next_at is not null)),
  unique (letter_id, attempt, outcome)
) strict;

create table acknowledgements (
  id              integer primary key,
  alert_id        integer not null references alerts (id),
  note            text not null default '',
  actor           text not null check (trim(actor) <> ''),
  acknowledged_at text not null check (acknowledged_at glob '????-??-??T??:??:??Z'),
  unique (alert_id, actor)
) strict;

-- The chain: every act of a person, each link carrying the hash of the one before -----------------------------------

create table audit (
  id         integer primary key,
  table_name text not null,
  row_id     integer not null,
  row_json   text not null check (json_valid(row_json)),
  previous   text not null,
  hash       text not null unique check (length(hash) = 64),
  unique (table_name, row_id)
) strict;
