-- What hard use adds: runs that crawl on other machines.

-- A run of a source that was handed to a worker. One source has at most one run out. What comes back is its shipment.
create table handed_out (
  id          integer primary key,
  job         text not null unique check (length(job) = 32),      -- random: who ships under it was given it
  source_id   text not null references sources (id),
  slot        text not null check (slot <> ''),
  handed_at   text not null check (handed_at glob '????-??-??T??:??:??Z'),
  lease_until text not null check (lease_until glob '????-??-??T??:??:??Z'), -- later than this it counts as lost
  limit_s     integer not null check (limit_s > 0),                -- how long the crawl itself may take
  memory      text not null check (length(memory) = 64),           -- SHA-256 of what the worker was told of the source
  state       text not null default 'out' check (state in ('out', 'ingested', 'refused', 'lost', 'unsent')),
  ended_at    text check (ended_at is null or ended_at glob '????-??-??T??:??:??Z'),
  shipment    text check (shipment is null or length(shipment) = 64), -- SHA-256 of its list of files
  message     text not null default '',
  check ((state = 'out') = (ended_at is null))
) strict;
create unique index handed_out_one on handed_out (source_id) where state = 'out';
create index handed_out_source on handed_out (source_id, id);

-- Files of the archive that workers can read in the shared store.
create table shared_files (
  warc_file text primary key check (warc_file <> ''),
  sha256    text not null check (length(sha256) = 64),
  shared_at text not null check (shared_at glob '????-??-??T??:??:??Z')
) strict, without rowid;

-- What lay in the inbox and could not be believed; it stands aside in the shared store under refused/.
create table refused_shipments (
  id         integer primary key,
  name       text not null check (name <> ''),
  sha256     text not null check (length(sha256) = 64),
  why        text not null check (trim(why) <> ''),
  refused_at text not null check (refused_at glob '????-??-??T??:??:??Z'),
  unique (name, sha256)
) strict;

-- Which event draws the line for a question: asked of each question on the page of the queue.
create index watershed_questions_question on watershed_questions (question_id);
