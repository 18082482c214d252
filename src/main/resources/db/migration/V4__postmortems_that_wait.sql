-- Two that name no incident which can be asked for may both have no name: they are known by the incident they name.
drop index postmortem_waiting;
create unique index postmortem_waiting on postmortem (name, names) where incident is null;

-- Why it is not joined to its incident; empty while nothing is wrong.
alter table postmortem add column problem text not null default '';
