-- Messages to people by channels that keep no records, such as e-mail. Its entry in `inbox_entry`, `message:<id>`, says whether an unsent
-- one will be sent: without one it was discarded. `about`: the record it is about.
create table message (
  id         uuid primary key,
  channel    text not null,
  kind       text not null,
  recipient  text not null,
  title      text not null,
  text       text not null,
  link       text not null,
  about      text not null,
  created_at timestamptz not null,
  sent_at    timestamptz
);
create index message_about on message (about);

-- When the stakeholders of an incident are next informed, by the record that is the incident, and by audience. OPEN: again and again;
-- LAST: once more, since it is resolved or of a level that needs no updates; CLOSED: no more (`due_at` is null). `escalated`: how many
-- steps of the escalation were taken since the update became due.
create table cadence (
  record        text not null,
  audience      text not null,
  level         text not null,
  state         text not null check (state in ('OPEN', 'LAST', 'CLOSED')),
  due_at        timestamptz,
  reminded      boolean not null,
  escalated     integer not null,
  snoozed_until timestamptz,
  snooze_reason text not null,
  snoozed_by    text not null,
  last_sent_at  timestamptz,
  primary key (record, audience),
  check ((state = 'CLOSED') = (due_at is null))
);
create index cadence_due on cadence (due_at) where due_at is not null;

-- What was sent to an audience. `request_key` is that of the request to send it: repeated requests find this row. `facts`: the incident as it
-- was then; `targets`: where it went.
create table incident_update (
  id          bigint generated always as identity primary key,
  request_key text not null unique,
  record      text not null,
  audience    text not null,
  number      integer not null,
  sent_at     timestamptz not null,
  sent_by     text not null,
  subject     text not null,
  text        text not null,
  due_at      timestamptz,
  late        boolean not null,
  facts       jsonb not null,
  targets     jsonb not null,
  unique (record, audience, number)
);
