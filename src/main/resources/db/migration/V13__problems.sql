-- A problem that several incidents have in common, or may have. PROPOSED: an operator decides; ACCEPTED: a record of it is created in the
-- system which its mapping names, once; REJECTED: never. `counterpart`: that record, and how it is shown there. `known_state`: its state
-- as last seen. Revisions count changes.
create table problem (
  id              bigint generated always as identity primary key,
  revision        bigint not null default 1,
  state           text not null check (state in ('PROPOSED', 'ACCEPTED', 'REJECTED')),
  service         text not null,
  title           text not null,
  counterpart     text not null default '',
  counterpart_key text not null default '',
  known_state     text not null default '',
  proposed_at     timestamptz not null,
  decided_at      timestamptz,
  decided_by      text not null default '',
  changed_at      timestamptz not null,
  check ((state = 'PROPOSED') = (decided_at is null))
);
create index problem_changed on problem (changed_at);

-- The incidents of a problem or proposal; an incident is in one at most. `score`: how similar it was to the most similar one before it;
-- null for the first. `link`: what became of writing the problem to its record; OTHER: it names another problem already, which is kept.
create table problem_incident (
  incident text primary key,
  problem  bigint not null references problem (id) on delete cascade,
  score    double precision,
  link     text not null default 'WAITING' check (link in ('WAITING', 'LINKED', 'OTHER', 'REFUSED', 'ABSENT')),
  note     text not null default '',
  added_at timestamptz not null
);
create index problem_incident_problem on problem_incident (problem);
