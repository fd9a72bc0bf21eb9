-- Who may see an asset: its team, whether it is a pipeline's, and the zones it lies in, interned as its audience. An
-- asset is put into its audience as it comes in or changes (triggers); a zone that changes moves the assets it gains or
-- loses (apply_zone). Advisory lock 7212 lets one wait for the other, so that no asset is missed.

create table audience (
  id integer generated always as identity primary key,
  -- Hash of the rest, for looking it up. Two that come at once may make one twice: nobody waits for the other.
  key uuid not null,
  team_id integer,
  is_pipeline boolean not null,
  zones integer[] not null
);
create index audience_key on audience (key);

-- matches: the scopes as one condition on what zone_facts gives. of_team: the private scope of a team, shown to nobody.
alter table zone
  add column matches jsonpath not null default 'exists($)',
  add column of_team integer unique references team (id) on delete cascade;
alter table zone alter column matches drop default;
alter table zone drop constraint zone_name_key;
create unique index zone_name on zone (name) where of_team is null;
create index team_zone_zone on team_zone (zone_id);

-- Matches everything; whoever is given it sees all zones.
insert into zone (name, description, is_system, author, scopes, updated_by, created_at, updated_at, matches)
values ('Entire Infrastructure', 'Everything there is', true, 'plimsoll', '[]', 'plimsoll', now(), now(), 'exists($)');

-- "key: value" of the labels that begin so, as zones ask for them.
create function labels_like(scope jsonb, beginning text) returns jsonb language sql immutable as $$
  select coalesce(jsonb_agg(jsonb_build_object('k', regexp_replace(key, beginning, ''), 'v', value,
    't', regexp_replace(key, beginning, '') || ': ' || value) order by key), '[]')
  from jsonb_each_text(scope) where key ~ beginning
$$;

-- What zones judge an asset by. An image that has no labels is judged by its name.
create function zone_facts(kind text, name text, scope jsonb) returns jsonb language plpgsql immutable as $$
declare
  base text;
  head text;
  facts jsonb := jsonb_build_object('scope', scope, 'name', coalesce(scope ->> 'host.hostName', name));
  types jsonb := jsonb_build_array(case kind when 'workload' then 'kubernetes' when 'host' then 'host' else 'image' end);
begin
  if kind in ('workload', 'host') then
    facts := facts || jsonb_build_object(
      'tags', labels_like(scope, '^agent\.tag\.'),
      'labels', labels_like(scope, '^kubernetes\.[a-zA-Z]+\.labels?\.'),
      'cloud', labels_like(scope, '^cloudProvider\.labels?\.'));
    if scope ? 'cloudProvider.name' then types := types || to_jsonb(lower(scope ->> 'cloudProvider.name')); end if;
  else
    base := split_part(name, '@', 1);
    head := split_part(base, '/', 1);
    if base not like '%/%' or head !~ '[.:]|^localhost$' then head := null; end if;
    facts := facts || jsonb_build_object(
      'registry', coalesce(scope ->> 'registry.name', head, 'docker.io'),
      'repository', coalesce(scope ->> 'repository.name',
        regexp_replace(case when head is null then base else substr(base, length(head) + 2) end, ':[^/:]*$', '')));
  end if;
  return facts || jsonb_build_object('type', types);
end $$;

create function audience_id(of_team integer, pipeline boolean, in_zones integer[]) returns integer language plpgsql as $$
declare
  hash uuid := md5(concat_ws(' ', coalesce(of_team::text, '-'), pipeline, in_zones))::uuid;
  mine integer;
begin
  select id into mine from audience where key = hash order by id limit 1;
  if mine is null then
    insert into audience (key, team_id, is_pipeline, zones) values (hash, of_team, pipeline, in_zones) returning id into mine;
  end if;
  return mine;
end $$;

create function audience_of(team integer, kind text, name text, scope jsonb) returns integer language plpgsql as $$
declare
  facts jsonb := zone_facts(kind, name, scope);
  inside integer[];
begin
  select coalesce(array_agg(z.id order by z.id), '{}') into inside from zone z where not z.is_system and (facts @@ z.matches);
  return audience_id(team, kind = 'pipeline', inside);
end $$;

alter table asset add column audience integer not null default 0;
update asset set audience = audience_of(team_id, kind, name, scope);
create index asset_audience on asset (audience, kind);

-- Before any row is locked: whoever changes a zone holds this lock while waiting for rows.
create function wait_for_zones() returns trigger language plpgsql as $$
begin
  perform pg_advisory_xact_lock_shared(7212);
  return null;
end $$;
create trigger asset_waits_for_zones before insert or update of team_id, kind, name, scope on asset
  for each statement execute function wait_for_zones();

create function place_asset() returns trigger language plpgsql as $$
begin
  if tg_op = 'UPDATE' and (old.team_id, old.kind, old.name, old.scope) is not distinct from (new.team_id, new.kind, new.name, new.scope)
  then
    return new;
  end if;
  new.audience := audience_of(new.team_id, new.kind, new.name, new.scope);
  return new;
end $$;
create trigger asset_placed before insert or update of team_id, kind, name, scope on asset
  for each row execute function place_asset();

create function audience_with(was integer, zone integer, is_inside boolean) returns integer language plpgsql as $$
declare a audience;
begin
  select * into strict a from audience where id = was;
  a.zones := array_remove(a.zones, zone);
  if is_inside then a.zones := array(select unnest(a.zones || zone) order by 1); end if;
  return audience_id(a.team_id, a.is_pipeline, a.zones);
end $$;

-- Moves the assets that lie in a zone by `condition` and did not, or did and do not (null: none does). Returns how many.
create function apply_zone(zone integer, condition jsonpath) returns integer language plpgsql as $$
declare moved integer;
begin
  perform pg_advisory_xact_lock(7212);
  with judged as materialized (
    select a.id, a.audience, coalesce(zone_facts(a.kind, a.name, a.scope) @@ condition, false) as is_inside
    from asset a
    where condition is not null or a.audience in (select u.id from audience u where zone = any (u.zones))
  ), moves as materialized (
    select j.* from judged j join audience u on u.id = j.audience where j.is_inside <> (zone = any (u.zones))
  ), targets as materialized (
    select d.audience, audience_with(d.audience, zone, d.is_inside) as target
    from (select distinct audience, is_inside from moves) d
  )
  update asset set audience = t.target from moves m join targets t using (audience) where asset.id = m.id;
  get diagnostics moved = row_count;
  delete from audience u where not exists (select from asset a where a.audience = u.id);
  return moved;
end $$;

-- The audiences whose assets a team sees: its own pipelines' results; of its own others and of what belongs to no team,
-- what lies in its zones. Another team's assets it never sees.
create function audiences_of(viewer integer) returns integer[] language sql stable as $$
  select coalesce(array_agg(u.id), '{}')
  from team t
  left join zone own on own.of_team = t.id
  cross join lateral (
    select coalesce(array_agg(tz.zone_id), '{}') as zones, t.all_zones or coalesce(bool_or(z.is_system), false) as is_all
    from team_zone tz join zone z on z.id = tz.zone_id where tz.team_id = t.id
  ) sees
  join audience u on (u.team_id = t.id and u.is_pipeline)
    or ((u.team_id = t.id or u.team_id is null) and (sees.is_all or u.zones && sees.zones)
      and (own.id is null or own.id = any (u.zones)))
  where t.id = viewer
$$;

-- Teams keep what the reference's clients write and read back though nothing here follows from it.
alter table team add column settings jsonb not null default '{}';
-- The role that members get who are added without one.
alter table team add column default_role text not null default 'ROLE_TEAM_STANDARD';
-- Only one is the default.
create unique index team_default on team (is_default) where is_default;
create index token_team on token (team_id);
alter table token add column updated_at timestamptz;
