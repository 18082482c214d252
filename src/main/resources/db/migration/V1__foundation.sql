-- The tables that change with every edit leave room in their pages, and no column that changes is indexed: PostgreSQL
-- then updates a row within its page and leaves the indexes alone (heap-only tuples).

-- How each record last looked, in the fields of every mapping that covers its kind; the only copy. `correlation`: the
-- records that are about one thing; null for a record that is in no pair. `search`: the words by which an operator finds
-- it; their weights say what they are of: A key and title, B service, C assignee, D status. They change less often than
-- the record, so that most updates leave the index alone.
create table record (
  ref         text primary key,
  correlation uuid,
  state       jsonb not null,
  key         text generated always as (state ->> 'key') stored,
  search      tsvector generated always as (
    setweight(to_tsvector('simple', translate((state ->> 'key') || ' '
      || jsonb_path_query_array(state, '$.values.*.title')::text, '#@.-_/:\', '        ')), 'A')
    || setweight(to_tsvector('simple', translate(
      jsonb_path_query_array(state, '$.values.*.service')::text, '#@.-_/:\', '        ')), 'B')
    || setweight(to_tsvector('simple', translate(
      jsonb_path_query_array(state, '$.values.*.assignee')::text, '#@.-_/:\', '        ')), 'C')
    || setweight(to_tsvector('simple', translate(
      jsonb_path_query_array(state, '$.values.*.status')::text, '#@.-_/:\', '        ')), 'D')) stored,
  revision    bigint not null
) with (fillfactor = 70);
create index record_correlation on record (correlation) where correlation is not null;
create index record_key on record (key);
create index record_id on record (split_part(ref, '/', 3));
create index record_search on record using gin (search);

-- Two records of a correlation that a mapping keeps in step, and what they last agreed on. ENDED: the right record was
-- merged into another pair's; UNLINKED: by an operator. Both are kept for their audit, and no longer synced. `notes_since`: older
-- notes are not synced; null: all are.
create table pair (
  id          uuid primary key,
  correlation uuid not null,
  mapping     text not null,
  left_ref    text,
  right_ref   text,
  state       text not null check (state in ('LINKING', 'LINKED', 'BROKEN', 'ENDED', 'UNLINKED')),
  creating    boolean not null,
  linked      boolean not null,
  revision    bigint not null,
  base        jsonb not null,
  gaps        jsonb not null,
  gap_count   integer not null,
  notes_since timestamptz,
  created_at  timestamptz not null,
  changed_at  timestamptz not null
) with (fillfactor = 70);
-- A record is in at most one pair for each mapping.
create unique index pair_left on pair (left_ref, mapping);
create unique index pair_right on pair (right_ref, mapping);
create index pair_correlation on pair (correlation);
create index pair_gaps on pair (id) where gap_count > 0;
create index pair_state on pair (state);
create index pair_created on pair (created_at, id);

-- Values that lost a conflict, which an operator chose and which are not written yet. `expected`: what the side showed when
-- it was chosen; another value is a newer edit, which is kept.
create table chosen_value (
  pair      uuid not null,
  field     text not null,
  side      text not null check (side in ('LEFT', 'RIGHT')),
  value     text not null,
  expected  text not null,
  chosen_by text not null,
  primary key (pair, field)
);

-- What was done and decided, by subject, for example `pair:<id>` or `duplicate:<id>`: rows are never updated, and
-- deleted by retention only. `actor`: a user, an operator, or Lockstep itself (empty, except where an answer shows its name).
create table audit (
  id      bigint generated always as identity primary key,
  subject text not null,
  at      timestamptz not null,
  what    text not null,
  text    text not null,
  details jsonb not null,
  actor   text not null
);
-- Its operator class also serves `like` with the subjects of one kind.
create index audit_subject on audit (subject text_pattern_ops, id);
create index audit_what on audit (what, id);
-- Counts occurrences of a value without reading them; such details hold nothing but what identifies the value, and are short.
create index audit_unmapped on audit (details, at) include (id) where what = 'unmapped';
create index audit_actor on audit (actor, id) where actor <> '';
-- Decisions about dead letters, by the work that they were about.
create index audit_work on audit ((details ->> 'subject') text_pattern_ops) where subject like 'dead-letter:%';

-- An incident, by the record that it is in the system which its mapping's section `incident` names. Times are by that system's
-- clock, but for `seen_at`; null: it did not happen, or before Lockstep first saw the record.
create table incident (
  record          text primary key,
  mapping         text not null,
  level           text not null,
  major           boolean not null,
  stage           text not null check (stage in ('OPEN', 'ACKNOWLEDGED', 'MITIGATED', 'RESOLVED')),
  service         text not null,
  team            text not null,
  manager         text not null,
  opened_at       timestamptz,
  seen_at         timestamptz not null,
  acknowledged_at timestamptz,
  mitigated_at    timestamptz,
  resolved_at     timestamptz,
  changed_at      timestamptz not null,
  reopened        integer not null
);
create index incident_open on incident (level) where stage <> 'RESOLVED';
create index incident_opened on incident (coalesce(opened_at, seen_at), record);
create index incident_resolved on incident (coalesce(resolved_at, changed_at), record) where stage = 'RESOLVED';

-- How many milliseconds a system's clock is ahead of Lockstep's (negative: behind), since when, by Lockstep's clock. The
-- first row of a system is its first measurement.
create table clock_difference (
  system   text not null,
  since    timestamptz not null,
  ahead_ms bigint not null,
  primary key (system, since)
);

-- Notes found on a record, and notes that Lockstep wrote (`own`), which are stored under a record until they are sent.
-- `listed`: the system showed the note when its notes were listed, which proves that they can be read.
create table note (
  record     text not null,
  id         text not null,
  author     text not null,
  created_at timestamptz not null,
  text       text not null,
  visibility text not null check (visibility in ('INTERNAL', 'PUBLIC')),
  state      text not null check (state in ('OPEN', 'SETTLED', 'ECHO')),
  own        boolean not null,
  listed     boolean not null default false,
  primary key (record, id)
);
create index note_open on note (record) where state = 'OPEN';
create index note_listed on note (record) where listed;

-- A note on its way to one record, to each at most once. While it is being sent, `owner` holds it until `leased_until`;
-- `mark` is Lockstep's mark in the text. `retried`: an operator decided that it is to be sent, whatever became of its pair.
create table note_delivery (
  record       text not null,
  note         text not null,
  target       text not null,
  state        text not null check (state in ('READY', 'SENDING', 'SENT', 'REFUSED', 'SKIPPED')),
  sent_as      text not null check (sent_as in ('INTERNAL', 'PUBLIC')),
  text         text not null,
  mark         text not null,
  sent_at      timestamptz,
  owner        text,
  leased_until timestamptz,
  sent_id      text,
  retried      boolean not null default false,
  primary key (record, note, target),
  foreign key (record, note) references note (record, id) on update cascade on delete cascade
);
create index note_delivery_target on note_delivery (target);
create index note_delivery_mark on note_delivery (mark) where mark <> '';
create index note_delivery_sent on note_delivery (sent_at) where state = 'SENT';
create index note_delivery_refused on note_delivery (state) where state = 'REFUSED';

-- How much work waited, once a minute; kept for a day.
create table backlog (
  at             timestamptz primary key,
  waiting        bigint not null,
  oldest_seconds bigint not null
);

-- What was received and is not processed yet: one row a correlation (or a record without one). `states_only`: nothing but
-- states of records was received since processing began, which may all be echoes of what it wrote. `rejected`: the steps
-- that a system refused, by name, while the rest is retried; `rejected_count` of them wait for an operator. `waits_for`: pauses, until one of
-- them ends; `priority`: in which order what waited is processed then. `resumed_at`: when it last stopped waiting.
-- `traces`: what it is part of, as W3C traceparents, the first of which goes on when it is processed; null while tracing is off.
create table inbox_entry (
  id          bigint generated always as identity,
  subject     text primary key,
  generation  bigint not null,
  state       text not null check (state in ('RECEIVED', 'PROCESSING', 'FAILED', 'DEAD_LETTER')),
  attempts    integer not null,
  faults      integer not null default 0,
  crashes     integer not null default 0,
  outcome_unknown boolean not null,
  states_only boolean not null default false,
  hints       jsonb not null,
  payload     jsonb,
  problem     jsonb,
  rejected    jsonb not null default '{}',
  rejected_count integer not null default 0,
  waits_for   text[] not null default '{}',
  priority    smallint not null default 0,
  traces      text[],
  received_at timestamptz not null,
  resumed_at  timestamptz,
  changed_at  timestamptz not null
) with (fillfactor = 50);
create unique index inbox_entry_id on inbox_entry (id);
create index inbox_entry_waits on inbox_entry (id) where waits_for <> '{}';

-- Up to when each feed was read, by the clock of its system; and how reading it goes.
create table watermark (
  feed          text primary key,
  since         timestamptz,
  page          text,
  newest        timestamptz,
  skipped       text,
  succeeded_at  timestamptz,
  problem       text,
  problem_since timestamptz
);

-- What operators have paused, by scope: `all`, `system:<name>` or `mapping:<name>`. `until`: null for no end.
create table pause (
  scope  text primary key,
  reason text not null,
  by     text not null,
  since  timestamptz not null,
  until  timestamptz
);

-- The work queue, as db-scheduler 16 documents it for PostgreSQL, but for the index of heartbeats: few rows have one.
create table scheduled_tasks (
  task_name            text not null,
  task_instance        text not null,
  task_data            bytea,
  execution_time       timestamptz not null,
  picked               boolean not null,
  picked_by            text,
  last_success         timestamptz,
  last_failure         timestamptz,
  consecutive_failures int,
  last_heartbeat       timestamptz,
  version              bigint not null,
  priority             smallint,
  primary key (task_name, task_instance)
) with (fillfactor = 50);
create index execution_time_idx on scheduled_tasks (execution_time);

-- Routines such as polls, which must not stand in line with the work above.
create table recurring_task (like scheduled_tasks including all);

-- A run that compares what the systems show with the stored records, correlation by correlation. `position`: the last
-- correlation compared; a run continues there after a restart.
create table reconciliation (
  id          bigint generated always as identity primary key,
  mode        text not null check (mode in ('REPAIR', 'REPORT')),
  started_by  text not null,
  started_at  timestamptz not null,
  finished_at timestamptz,
  position    uuid,
  total       bigint not null,
  checked     bigint not null,
  postponed   bigint not null
);
create unique index reconciliation_running on reconciliation ((finished_at is null)) where finished_at is null;

-- What a run found. `fields`: by mapping and field, the stored value and the one its system shows.
create table drift (
  reconciliation bigint not null references reconciliation (id) on delete cascade,
  record   text not null,
  key      text not null,
  problem  text not null check (problem in ('CHANGED', 'DELETED', 'RESTORED', 'UNREADABLE')),
  fields   jsonb not null,
  reason   text not null,
  found_at timestamptz not null,
  primary key (reconciliation, record)
);

-- A run that starts syncing what is open already, or carries out a saved plan. Feeds are read in a fixed order, `feed` and
-- `page` are where a run continues after a restart. `next_at`: not before then, so that it keeps its call budget.
create table backfill (
  id          bigint generated always as identity primary key,
  source      text not null check (source in ('CHANGED', 'PLAN')),
  since       timestamptz,
  system      text not null,
  kind        text not null,
  query       text not null,
  notes       text not null check (notes in ('NONE', 'SINCE_LINK', 'ALL')),
  adopt_by    text not null,
  started_by  text not null,
  started_at  timestamptz not null,
  finished_at timestamptz,
  stopped_by  text,
  feeds       integer not null,
  feed        integer not null default 0,
  page        text,
  newest      timestamptz,
  next_at     timestamptz not null,
  problem     text
);
create unique index backfill_running on backfill ((finished_at is null)) where finished_at is null;

-- A record that a run looks at. WAITING: its plan is to be compared with the systems. `basis`: by record, the version that
-- its plan is based on; empty for a record found by reading a feed.
create table backfill_record (
  backfill bigint not null references backfill (id) on delete cascade,
  record   text not null,
  state    text not null check (state in ('WAITING', 'QUEUED', 'REFUSED')),
  basis    jsonb not null,
  reason   text not null,
  primary key (backfill, record)
);
create index backfill_record_record on backfill_record (record, backfill);
create index backfill_record_waiting on backfill_record (backfill, record) where state = 'WAITING';

-- A plan that an operator had made in the console, by a process of its own. `seen_at`: when that process was last known to
-- run; after a minute it counts as ended. `summary`: the plan without its records; null until it is made. `backfill`: the
-- run that carries it out.
create table saved_plan (
  id          bigint generated always as identity primary key,
  since       date,
  system      text not null,
  kind        text not null,
  query       text not null,
  most        integer not null,
  notes       text not null check (notes in ('NONE', 'SINCE_LINK', 'ALL')),
  adopt_by    text not null,
  started_by  text not null,
  started_at  timestamptz not null,
  seen_at     timestamptz not null,
  open        bigint not null default 0,
  writes      integer not null default 0,
  finished_at timestamptz,
  stopped_by  text,
  problem     text,
  records     integer not null default 0,
  summary     jsonb,
  backfill    bigint references backfill (id) on delete set null
);
create unique index saved_plan_running on saved_plan ((finished_at is null)) where finished_at is null;

-- A record that would be written to, as `dev.lockstep.dryrun.ChangePlan.PlannedRecord`.
create table planned_record (
  plan      bigint not null references saved_plan (id) on delete cascade,
  position  integer not null,
  system    text not null,
  operation text not null,
  record    jsonb not null,
  primary key (plan, position)
);
