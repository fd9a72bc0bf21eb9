-- Logins for registries. `sealed` opens only with a key outside the database, as this id of this registry.
create table registry_credential (
  id bigint generated always as identity primary key,
  -- null: every team's.
  team_id integer references team (id) on delete cascade,
  name text not null,
  -- HOST[:PORT], lower case.
  registry text not null,
  -- Repositories at and below it; '': the whole registry.
  path text not null,
  type text not null,
  -- Shown: whose login it is.
  username text not null,
  skip_tls boolean not null,
  -- PEM of authorities trusted for this registry.
  ca text,
  key_id text not null,
  sealed bytea not null,
  created_by text not null,
  created_at timestamptz not null,
  updated_by text not null,
  updated_at timestamptz not null
);
create unique index registry_credential_name on registry_credential (coalesce(team_id, 0), name);
create unique index registry_credential_place on registry_credential (registry, coalesce(team_id, 0), path);
create index registry_credential_key on registry_credential (key_id);
