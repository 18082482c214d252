-- The compared fields of tickets: one row per ticket, identified by its first known record. `seen_record`: the record
-- whose values are compared; of a pair the left one.
-- Revisions are assigned by one writer at a time, so that reading on from a revision misses no row.
create table ticket (
  record         text primary key,
  mapping        text not null,
  side           text not null check (side in ('LEFT', 'RIGHT')),
  title          text not null,
  description    text not null,
  service        text not null,
  category       text not null,
  opened_at      timestamptz not null,
  closed_at      timestamptz,
  starts         boolean not null,
  seen_record    text not null,
  embedding      bytea,
  due            boolean not null default false,
  deleted        boolean not null default false,
  notified_state text not null default '',
  revision       bigint not null
);
create unique index ticket_revision on ticket (revision);
create index ticket_seen_record on ticket (seen_record);
create index ticket_id on ticket (split_part(record, '/', 3));
create index ticket_closed on ticket (closed_at) where closed_at is not null;
create sequence ticket_revision_seq;

-- Two tickets of which one is, was, or may be the other's duplicate; at most one active row per duplicate.
create table duplicate (
  id              bigint generated always as identity primary key,
  revision        bigint not null,
  duplicate       text not null references ticket (record) on update cascade,
  primary_ticket  text not null references ticket (record) on update cascade,
  state           text not null check
    (state in ('PROPOSED', 'LINKING', 'LINKED', 'UNLINKING', 'UNLINKED', 'SPLIT', 'REJECTED', 'WITHDRAWN')),
  score           double precision,
  reasons         jsonb not null,
  decided_by      text not null,
  unlink_reason   text,
  previous_parent text,
  written         jsonb,
  resolution      text not null check (resolution in ('OPEN', 'PROPAGATING', 'PROPAGATED', 'SKIPPED')),
  restore         jsonb not null,
  created_at      timestamptz not null,
  changed_at      timestamptz not null,
  check (duplicate <> primary_ticket)
);
-- One row per two tickets, whichever of them is the primary.
create unique index duplicate_between
  on duplicate (least(duplicate, primary_ticket), greatest(duplicate, primary_ticket));
create unique index duplicate_active on duplicate (duplicate)
  where state in ('LINKING', 'LINKED', 'UNLINKING');
create index duplicate_duplicate on duplicate (duplicate);
create index duplicate_primary on duplicate (primary_ticket);
create index duplicate_state on duplicate (state, changed_at);
