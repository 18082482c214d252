-- By which a command from a chat finds the user. In lower case; null for those who have none.
alter table local_user add column email text unique;

-- Users of an identity provider, with the role that their last log-in gave them. `email`: in lower case, and verified by the provider.
create table oidc_user (
  name         text primary key,
  email        text not null unique,
  role         text not null check (role in ('VIEWER', 'OPERATOR', 'ADMIN')),
  logged_in_at timestamptz not null
);

-- What people ask for in a chat. Its entry in `inbox_entry`, `command:<id>`, carries it out. `delivery`: by which a repeated request is
-- recognised. `place`: the record in whose place it was asked. `answer_to`: where the answer is sent; emptied afterwards, since it lets anyone
-- write there. `asked`: that a write to a record was ordered, which the next attempt must not repeat. `answer`: null until it is carried out.
create table command (
  id          uuid primary key,
  system      text not null,
  delivery    text not null,
  sender      text not null,
  place       text,
  text        text not null,
  button      boolean not null,
  answer_to   text not null,
  received_at timestamptz not null,
  asked       boolean not null default false,
  answer      jsonb,
  done_at     timestamptz,
  unique (system, delivery)
);
create index command_received on command (received_at);

-- `ordered`: nobody lost it in a conflict; somebody asked for it, so that what the other side shows does not matter.
alter table chosen_value add column ordered boolean not null default false;

-- When a link was pinned on the record it was sent to; null: not known to be, or not to be pinned.
alter table note_delivery add column pinned_at timestamptz;
