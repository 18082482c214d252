-- A text may wait for an operator's approval before it is delivered. `waiting_since`: when it began to wait; null if it never did.
-- While it waits, `mark` names it: an edited text gets a new mark, so that a decision is about the text that was shown.
alter table note_delivery drop constraint note_delivery_state_check;
alter table note_delivery add constraint note_delivery_state_check
  check (state in ('WAITING', 'READY', 'SENDING', 'SENT', 'REFUSED', 'SKIPPED'));
alter table note_delivery add column waiting_since timestamptz;
create index note_delivery_waiting on note_delivery (waiting_since) where state = 'WAITING';
