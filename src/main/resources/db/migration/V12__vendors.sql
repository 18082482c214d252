-- Until when a vendor is to write its next public comment on `ticket`, its record of an incident, by the record that is the incident and by
-- the vendor's name. `due_at` is null while nothing is expected. `comments`: how many the vendor had written when this row was last changed;
-- `answered_at`: when the last of them was noticed; `escalated`: how many steps of the escalation were taken since the comment became due.
create table vendor_watch (
  record      text not null,
  vendor      text not null,
  ticket      text not null,
  level       text not null,
  due_at      timestamptz,
  comments    integer not null,
  answered_at timestamptz,
  escalated   integer not null,
  primary key (record, vendor)
);
create index vendor_watch_due on vendor_watch (due_at) where due_at is not null;
