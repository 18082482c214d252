-- Postmortems as they were last received; what names no incident known yet waits. `problem`: why it is not joined to its
-- incident; `unread`: what of it could not be read, a line each, and `notified_unread` what of that its incident was told.
create table postmortem (
  id          bigint generated always as identity primary key,
  name        text not null,
  title       text not null,
  url         text not null,
  names       text not null,
  incident    text unique,
  body        text not null,
  received_at timestamptz not null,
  changed_at  timestamptz not null,
  problem     text not null default '',
  unread      text not null default '',
  notified_unread text not null default ''
);
-- Two that name no incident which can be asked for may both have no name: they are known by the incident they name.
create unique index postmortem_waiting on postmortem (name, names) where incident is null;

-- What was agreed to be done, and how far it is. `notified` is what was last reported to its incident; `earlier` are its
-- change requests that failed and have a successor.
create table action_item (
  id           bigint generated always as identity primary key,
  revision     bigint not null,
  postmortem   bigint references postmortem (id),
  source       text not null,
  source_id    text not null,
  incident     text,
  source_item  jsonb not null,
  title        text not null,
  description  text not null,
  owner        text not null,
  due          date,
  service      text not null,
  work_group   text not null,
  change_type  text not null,
  earlier      jsonb not null default '[]',
  counterpart  text unique,
  follow_up    text unique,
  change       jsonb not null,
  stage        text not null check (stage in ('NEEDS_OWNER', 'NEEDS_DUE_DATE', 'NEEDS_STATUS', 'READY', 'IN_CHANGE',
    'DEPLOYED', 'REOPENED', 'DONE', 'CANCELLED')),
  problems     jsonb not null,
  notified     text not null,
  reported_at  timestamptz not null,
  created_at   timestamptz not null,
  changed_at   timestamptz not null,
  unique (source, source_id)
);
create index action_item_incident on action_item (incident);
create index action_item_earlier on action_item using gin (earlier jsonb_path_ops);
create index action_item_ticket on action_item ((source_item ->> 'ticket'));
create index action_item_changed on action_item (changed_at, id);
create index action_item_stage on action_item (stage);
create index action_item_postmortem on action_item (postmortem);

-- Incidents that were seen closed, and what was said or done about it. `judged`: whether it was looked for a postmortem
-- since one was due: time alone tells nothing more of it.
create table closure (
  incident text primary key,
  closed_at timestamptz not null,
  is_open  boolean not null,
  missing  text not null,
  times    integer not null,
  judged   boolean not null default false,
  -- What is missing of one that is being reopened, until its note is stored.
  reopening text not null default ''
);
create index closure_closed_at on closure (closed_at);
