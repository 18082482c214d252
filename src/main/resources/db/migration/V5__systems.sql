-- The last webhook of each kind that any process received of a system. `detail`: of a refused one why, of a test webhook its id.
-- `occurred_at` and `sender`: of a test webhook, as it says.
create table webhook_receipt (
  system      text not null,
  kind        text not null check (kind in ('VERIFIED', 'REFUSED', 'TEST')),
  at          timestamptz not null,
  detail      text not null,
  occurred_at timestamptz,
  sender      text not null,
  primary key (system, kind)
);

-- The last answer to each check that is asked while Lockstep runs. `repaired`: ids of what was switched on again last.
create table system_check (
  system      text not null,
  name        text not null,
  status      text not null check (status in ('PASS', 'WARNING', 'FAIL')),
  found       text not null,
  advice      text not null,
  asked_at    timestamptz not null,
  repaired    text[] not null default '{}',
  repaired_at timestamptz,
  primary key (system, name)
);
