-- Signing in: sessions that end by themselves, attempts that are slowed down, and an audit that can be read.

-- Two people whose names differ by case alone could not be told apart where they sign in.
create unique index person_username on person (lower(username));
create index token_person on token (person_id);

drop table session;
create table session (
  id integer generated always as identity primary key,
  -- SHA-256 of the cookie's secret.
  hash bytea not null unique,
  person_id integer not null references person (id) on delete cascade,
  -- The team acted for; null: the first one, or for an administrator the whole installation.
  team_id integer references team (id) on delete set null,
  created_at timestamptz not null,
  seen_at timestamptz not null,
  -- Ends here, however much it is used.
  expires_at timestamptz not null,
  address text not null,
  agent text not null
);
create index session_person on session (person_id);
create index session_expiry on session (expires_at);

-- Attempts to sign in that are not forgiven yet, by account, by address and by both; the next is looked at from open_at on.
create table sign_in_attempt (
  key text primary key,
  attempts integer not null,
  last_at timestamptz not null,
  open_at timestamptz not null
);
create index sign_in_attempt_age on sign_in_attempt (last_at);
-- Where a person has signed in from lately: what strangers try elsewhere does not keep them out there.
create table known_place (
  person_id integer not null references person (id) on delete cascade,
  address text not null,
  at timestamptz not null,
  primary key (person_id, address)
);

-- Counts an attempt under all its keys, before it is looked at: those that come at once all count. Returns 0, or for how
-- many seconds none is looked at. After `free` attempts each one doubles the pause, up to `longest` seconds.
create function take_attempt(keys text[], free integer[], longest integer[], now timestamptz) returns integer language plpgsql as $$
declare pause integer;
begin
  -- In one order, so that two attempts never wait for each other.
  insert into sign_in_attempt (key, attempts, last_at, open_at)
  select k, 0, now, now from unnest(keys) as k order by k on conflict (key) do nothing;
  perform from sign_in_attempt a where a.key = any (keys) order by a.key for update;
  select ceil(extract(epoch from max(a.open_at) - now)) into pause from sign_in_attempt a where a.key = any (keys);
  if pause > 0 then return pause; end if;
  update sign_in_attempt a
  set attempts = case when a.last_at < now - interval '1 hour' then 1 else a.attempts + 1 end, last_at = now,
    open_at = now + make_interval(secs => case
      when a.last_at < now - interval '1 hour' or a.attempts + 1 < r.free then 0
      else least(r.longest, power(2, least(a.attempts + 1 - r.free, 20))) end)
  from unnest(keys, free, longest) as r(key, free, longest)
  where a.key = r.key;
  return 0;
end $$;

-- How often something was done since started_at. A crash forgets it.
create unlogged table rate (
  key text primary key,
  started_at timestamptz not null,
  taken integer not null
);

alter table audit
  add column actor_name text not null default '',
  add column address text;
create index audit_actor on audit (actor, id);
