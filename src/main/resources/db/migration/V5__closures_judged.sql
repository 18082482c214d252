-- Whether it was looked for a postmortem since one was due: time alone tells nothing more of it.
alter table closure add column judged boolean not null default false;
