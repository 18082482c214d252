-- Users who log in with a password. `password`: hashed, after the name of the algorithm in braces. A session ends when
-- `changed_at` is no longer what it was at the log-in.
create table local_user (
  name       text primary key,
  password   text not null,
  role       text not null check (role in ('VIEWER', 'OPERATOR', 'ADMIN')),
  created_by text not null,
  created_at timestamptz not null,
  changed_at timestamptz not null
);

-- Tokens of programs. `hash`: the SHA-256 hash of the token, which is not stored.
create table api_token (
  name         text primary key,
  hash         bytea not null unique,
  role         text not null check (role in ('VIEWER', 'OPERATOR', 'ADMIN')),
  created_by   text not null,
  created_at   timestamptz not null,
  expires_at   timestamptz not null,
  last_used_at timestamptz
);
