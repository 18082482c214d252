-- Who leads an incident, by the record that is the incident, as far as its own record does not say. `manager`: assigned in Lockstep, empty
-- for nobody; it applies until the record names somebody else than `record_named`, whom it named at that time. `active`: whether the
-- incident needed a manager at the last check. `without_since`: since when it lacks one of its own; `clash`: with which incident
-- it shares the one it has. `proposed`: who could lead it, and `proposals`: how often that changed; `why`: what led to it.
-- `escalated`: how many steps of the escalation were taken since then. Changed under one lock for all incidents.
create table incident_manager (
  record        text primary key,
  manager       text not null,
  record_named  text not null,
  assigned_at   timestamptz,
  assigned_by   text not null,
  active        boolean not null,
  without_since timestamptz,
  clash         text not null,
  proposed      text not null,
  proposals     integer not null,
  why           text not null,
  escalated     integer not null,
  check ((manager = '') = (assigned_at is null))
);
create index incident_manager_without on incident_manager (without_since) where without_since is not null;

-- Assignments, handovers and releases in Lockstep; rows are never changed. `request_key` is that of the request: repeated requests find
-- this row. `made_by`: empty for Lockstep itself.
create table manager_change (
  id          bigint generated always as identity primary key,
  request_key text not null unique,
  record      text not null,
  kind        text not null check (kind in ('ASSIGNED', 'HANDED_OVER', 'RELEASED')),
  made_at     timestamptz not null,
  made_by     text not null,
  from_person text not null,
  to_person   text not null,
  reason      text not null,
  open_points text not null
);
create index manager_change_record on manager_change (record, id);

-- Who is on call for an incident's service, as a note on its record last said. `number`: how many notes said so; 0 for none.
create table on_call_shown (
  record   text primary key,
  people   text not null,
  number   integer not null,
  shown_at timestamptz not null
);

-- Who is on call, as a system last answered, by what it was asked for. `problem`: why that is not known; empty if it is.
create table on_call_answer (
  source   text primary key,
  people   jsonb not null,
  problem  text not null,
  asked_at timestamptz not null
);
