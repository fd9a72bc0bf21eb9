-- Who may do what. Secrets are kept as hashes only.

create table role (
  id integer generated always as identity primary key,
  name text not null unique,
  description text not null,
  permissions text[] not null
);
create table team (
  id integer generated always as identity primary key,
  name text not null unique,
  description text not null,
  -- Sees every zone; else those of team_zone.
  all_zones boolean not null,
  is_default boolean not null,
  version integer not null default 1,
  created_at timestamptz not null,
  updated_at timestamptz not null
);
create table person (
  id integer generated always as identity primary key,
  username text not null unique,
  first_name text not null,
  last_name text not null,
  -- argon2id in PHC form; null: may not sign in with a password.
  password text,
  must_change boolean not null,
  is_admin boolean not null,
  is_enabled boolean not null,
  version integer not null default 1,
  created_at timestamptz not null,
  updated_at timestamptz not null
);
-- role: one of the standard ones by its word, or a custom one by `role:ID`.
create table membership (
  person_id integer not null references person (id) on delete cascade,
  team_id integer not null references team (id) on delete cascade,
  role text not null,
  primary key (person_id, team_id)
);
create index membership_team on membership (team_id);
-- API tokens of people (person_id) and of service accounts (none). team_id null: the whole installation.
create table token (
  id integer generated always as identity primary key,
  hash bytea not null unique,
  name text not null,
  person_id integer references person (id) on delete cascade,
  team_id integer references team (id) on delete cascade,
  role text not null,
  created_at timestamptz not null,
  expires_at timestamptz,
  used_at timestamptz
);
create table session (
  hash bytea primary key,
  person_id integer not null references person (id) on delete cascade,
  team_id integer references team (id) on delete cascade,
  created_at timestamptz not null,
  expires_at timestamptz not null
);
create index session_expiry on session (expires_at);
create table zone (
  id integer generated always as identity primary key,
  name text not null unique,
  description text not null,
  is_system boolean not null,
  author text not null,
  -- Scopes ANDed; the expressions of one scope ORed.
  scopes jsonb not null,
  updated_by text not null,
  created_at timestamptz not null,
  updated_at timestamptz not null
);
create table team_zone (
  team_id integer not null references team (id) on delete cascade,
  zone_id integer not null references zone (id) on delete cascade,
  primary key (team_id, zone_id)
);
