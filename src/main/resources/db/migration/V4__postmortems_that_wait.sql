-- Two that name no incident which can be asked for may both have no name: they are known by the incident they name.
drop index postmortem_waiting;
create unique index postmortem_waiting on postmortem (name, names) where incident is null;

-- Why it is not joined to its incident; empty while nothing is wrong.
alter table postmortem add column problem text not null default '';

-- What of it could not be read, a line each, and what of that its incident was told.
alter table postmortem add column unread text not null default '';
alter table postmortem add column notified_unread text not null default '';
