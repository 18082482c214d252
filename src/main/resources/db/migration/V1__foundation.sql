-- Two records kept in step, what they last agreed on and how each last looked.
create table pair (
  id         uuid primary key,
  mapping    text not null,
  left_ref   text unique,
  right_ref  text unique,
  state      text not null check (state in ('LINKING', 'LINKED', 'BROKEN')),
  creating   boolean not null,
  linked     boolean not null,
  revision   bigint not null,
  base       jsonb not null,
  left_seen  jsonb,
  right_seen jsonb,
  gaps       jsonb not null,
  gap_count  integer not null,
  created_at timestamptz not null,
  changed_at timestamptz not null
);
create index pair_changed_at on pair (changed_at desc);
create index pair_left_key on pair ((left_seen ->> 'key'));
create index pair_right_key on pair ((right_seen ->> 'key'));
create index pair_gaps on pair (id) where gap_count > 0;

-- The audit: never updated, never deleted.
create table pair_history (
  id      bigint generated always as identity primary key,
  pair_id uuid not null references pair (id),
  at      timestamptz not null,
  what    text not null,
  text    text not null,
  details jsonb not null
);
create index pair_history_pair on pair_history (pair_id, id);

-- Notes found on a record, and notes Lockstep itself has to send; each is sent on at most once. `target` is
-- the record a note is or was sent to; while it is being sent, `owner` holds it until `leased_until`. `listed`:
-- the system showed the note when its notes were listed, which proves that they can be read.
create table note (
  record     text not null,
  id         text not null,
  author     text not null,
  created_at timestamptz not null,
  text       text not null,
  visibility text not null check (visibility in ('INTERNAL', 'PUBLIC')),
  state      text not null check (state in ('SEEN', 'READY', 'SENDING', 'SYNCED', 'REFUSED', 'ECHO', 'SKIPPED')),
  listed     boolean not null default false,
  target     text,
  sent_as    text check (sent_as in ('INTERNAL', 'PUBLIC')),
  sent_text  text,
  mark       text,
  sent_at    timestamptz,
  owner      text,
  leased_until timestamptz,
  synced_id text,
  -- An operator decided that it is to be sent, whatever became of its pair.
  retried    boolean not null default false,
  primary key (record, id)
);
create index note_open on note (record) where state in ('SEEN', 'READY', 'SENDING', 'REFUSED');
create index note_target on note (target) where target is not null;
create index note_synced on note (sent_at) where state = 'SYNCED';
create index note_refused on note (state) where state = 'REFUSED';
create index note_listed on note (record) where listed;

-- What was heard and is not dealt with yet: one row a pair (or a record without one).
create table inbox_entry (
  id          bigint generated always as identity,
  subject     text primary key,
  generation  bigint not null,
  state       text not null check (state in ('RECEIVED', 'PROCESSING', 'FAILED', 'DEAD_LETTER')),
  attempts    integer not null,
  faults      integer not null default 0,
  crashes     integer not null default 0,
  outcome_unknown boolean not null,
  hints       jsonb not null,
  payload     jsonb,
  problem     jsonb,
  received_at timestamptz not null,
  changed_at  timestamptz not null
);
create index inbox_entry_state on inbox_entry (state, received_at);
create unique index inbox_entry_id on inbox_entry (id);

-- What operators decided about dead letters: never updated, never deleted.
create table dead_letter_history (
  id         bigint generated always as identity primary key,
  entry      bigint not null,
  subject    text not null,
  at         timestamptz not null,
  what       text not null check (what in ('retried', 'discarded')),
  decided_by text not null,
  problem    text not null
);

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

-- The work queue, as db-scheduler 16 documents it for PostgreSQL.
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
);
create index execution_time_idx on scheduled_tasks (execution_time);
create index last_heartbeat_idx on scheduled_tasks (last_heartbeat);

-- Routines such as polls, which must not stand in line with the work above.
create table recurring_task (like scheduled_tasks including all);
