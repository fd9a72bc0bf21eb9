-- A scan goes in by index look-ups alone, in the order that is written here (`offset 0` holds the planner to it), however
-- little the planner knows of a young store. Components that are known are neither sent nor tried to be written again,
-- and none may be missing.

create or replace function add_components(added jsonb) returns void language plpgsql as $$
begin
  insert into component (key, ecosystem, name, via, version, facts)
  select a.key, a.ecosystem, left(a.name, 500), left(a.via, 500), left(a.version, 500), a.facts
  from jsonb_to_recordset(added) as a(key uuid, ecosystem text, name text, via text, version text, facts jsonb)
  where not exists (select from component c where c.key = a.key)
  order by a.key
  on conflict (key) do nothing;
end $$;

-- Open matches of components that have none recorded since they were added; `fresh` are their ids.
create or replace function add_matches(added jsonb, fresh integer[], at_seq integer) returns void language plpgsql as $$
begin
  insert into vulnerability (name)
  select distinct m.vulnerability from jsonb_to_recordset(added) as m(vulnerability text)
  where not exists (select from vulnerability v where v.name = m.vulnerability)
  order by 1
  on conflict (name) do nothing;
  insert into component_match (component_id, vulnerability_id, valid_from, severity, flags)
  select c.id, v.id, at_seq, m.severity, m.flags
  from jsonb_to_recordset(added) as m(component uuid, vulnerability text, severity smallint, flags smallint)
  cross join lateral (select c.id from component c where c.key = m.component offset 0) c
  cross join lateral (select v.id from vulnerability v where v.name = m.vulnerability offset 0) v
  where c.id = any (fresh)
  order by c.id, v.id
  on conflict do nothing;
end $$;

-- Counters of a set from its own edges.
create or replace function count_set(of_set integer, at_seq integer) returns void language plpgsql as $$
begin
  insert into set_counter
  select of_set,
    coalesce(sum(e.n) filter (where m.severity = 5), 0)::integer, coalesce(sum(e.n) filter (where m.severity = 4), 0)::integer,
    coalesce(sum(e.n) filter (where m.severity = 3), 0)::integer, coalesce(sum(e.n) filter (where m.severity = 2), 0)::integer,
    coalesce(sum(e.n) filter (where m.severity = 1), 0)::integer, coalesce(sum(e.n) filter (where m.severity = 0), 0)::integer,
    coalesce(sum(e.n) filter (where m.flags & 2 <> 0), 0)::integer, coalesce(sum(e.n) filter (where m.flags & 1 <> 0), 0)::integer,
    at_seq
  from package_set_edge e
  cross join lateral (
    select m.severity, m.flags from component_match m where m.component_id = e.component_id and m.valid_to = 2147483647 offset 0
  ) m
  where e.set_id = of_set;
end $$;

-- The sets of a path, lowest first; a set that is known needs no edges. Returns the id of the topmost.
create or replace function add_path(path jsonb, at_seq integer) returns integer language plpgsql as $$
declare
  step jsonb;
  below integer;
  deep smallint := 0;
  mine integer;
  added integer;
begin
  for step in select value from jsonb_array_elements(path) loop
    select id into mine from package_set where content_key = (step ->> 'key')::uuid;
    if mine is null then
      insert into package_set (content_key, parent_id, depth) values ((step ->> 'key')::uuid, below, deep)
      on conflict (content_key) do nothing returning id into mine;
      if mine is null then
        select id into strict mine from package_set where content_key = (step ->> 'key')::uuid;
      elsif step -> 'edges' is null then
        raise exception 'SET_UNKNOWN';
      else
        insert into package_set_edge (component_id, set_id, n)
        select c.id, mine, e.n from jsonb_to_recordset(step -> 'edges') as e(component uuid, n smallint)
        cross join lateral (select c.id from component c where c.key = e.component offset 0) c order by c.id;
        get diagnostics added = row_count;
        if added <> jsonb_array_length(step -> 'edges') then raise exception 'COMPONENT_UNKNOWN'; end if;
        insert into set_ancestor (ancestor_id, set_id) select a.ancestor_id, mine from set_ancestor a where a.set_id = below;
        insert into set_ancestor (ancestor_id, set_id) values (mine, mine);
        perform count_set(mine, at_seq);
      end if;
    end if;
    below := mine;
    deep := deep + 1;
  end loop;
  return below;
end $$;

-- Everything of one scan. Answers `repeated` for one that was sent before, `stale` for one that was matched with other
-- knowledge than the store's, and does nothing then. What runs the image is given it.
create or replace function ingest(scan jsonb, document_keys bytea[], document_types text[], documents bytea[])
returns text language plpgsql as $$
declare
  at_seq integer;
  fresh integer[];
  top integer;
  image_row bigint;
  of_asset bigint := (scan -> 'asset' ->> 'id')::bigint;
  at timestamptz := (scan -> 'asset' ->> 'at')::timestamptz;
  of_scope integer := (scan -> 'image' ->> 'scope')::integer;
  of_sbom bytea := decode(scan -> 'result' ->> 'sbom', 'hex');
  of_report bytea := decode(scan -> 'result' ->> 'report', 'hex');
  manifest bytea := decode(scan -> 'image' ->> 'digest', 'hex');
  running_it bigint[];
begin
  perform pg_advisory_xact_lock_shared(7210);
  select max(seq) into at_seq from knowledge;
  if at_seq <> (scan ->> 'seq')::integer then return 'stale'; end if;
  if scan ->> 'key' is not null then
    insert into scan_submission (actor, key, result_id, at)
    values (scan -> 'result' ->> 'actor', (scan ->> 'key')::uuid, decode(scan -> 'result' ->> 'id', 'hex'), at)
    on conflict do nothing;
    if not found then return 'repeated'; end if;
  end if;
  insert into blob (sha256, media_type, bytes)
  select * from unnest(document_keys, document_types, documents) as d(k, t, b) order by k on conflict (sha256) do nothing;
  perform add_components(scan -> 'components');
  select coalesce(array_agg(c.id), '{}') into fresh
  from jsonb_to_recordset(scan -> 'components') as n(key uuid)
  cross join lateral (select c.id from component c where c.key = n.key offset 0) c
  where not exists (select from component_match m where m.component_id = c.id);
  perform add_matches(scan -> 'matches', fresh, at_seq);
  top := add_path(scan -> 'path', at_seq);
  image_row := add_image(scan -> 'image', top);
  if of_scope is not null then
    insert into image_scope as s (image_id, scope, seen_at, sbom, report) values (image_row, of_scope, at, of_sbom, of_report)
    on conflict (image_id, scope) do update set seen_at = excluded.seen_at, sbom = excluded.sbom, report = excluded.report
      where s.sbom is null or s.seen_at < excluded.seen_at - interval '1 hour';
    if manifest is not null then
      insert into image_manifest as m (digest, scope, image_id) values (manifest, of_scope, image_row)
      on conflict (digest, scope) do update set image_id = excluded.image_id where m.image_id <> excluded.image_id;
    end if;
    select array_agg(distinct a.id) into running_it from (
      select r.asset_id from running r where r.image_id = decode(scan -> 'image' ->> 'imageId', 'hex')
      union all select r.asset_id from running r where r.digest = manifest
    ) r join asset a on a.id = r.asset_id
    where (of_scope = 0 or coalesce(a.team_id, -1) = of_scope)
      and (a.image_id <> image_row or not exists (select from verdict v where v.asset_id = a.id));
    -- In one order, whoever comes at the same time.
    if running_it is not null then
      perform from asset a where a.id = any (running_it || of_asset) order by a.id for no key update;
    end if;
  end if;
  perform add_asset(scan -> 'asset', image_row);
  perform add_result(scan -> 'result', of_asset, at_seq);
  insert into result_origin (asset_id, result_id, knowledge_revision, policy_revision, acceptance_revision)
  values (of_asset, decode(scan -> 'result' ->> 'id', 'hex'), scan -> 'origin' ->> 'knowledge', scan -> 'origin' ->> 'policies',
    scan -> 'origin' ->> 'acceptances')
  on conflict do nothing;
  if running_it is not null then perform link_assets(running_it, at); end if;
  insert into in_use_pending as p (asset_id)
  select distinct r.asset_id from running r where r.asset_id = of_asset and r.loaded is not null
  on conflict (asset_id) do update set n = p.n + 1;
  return 'stored';
end $$;

alter function ingest(jsonb, bytea[], text[], bytea[]) set enable_seqscan = off;
alter function ingest(jsonb, bytea[], text[], bytea[]) set enable_hashjoin = off;
alter function ingest(jsonb, bytea[], text[], bytea[]) set enable_mergejoin = off;
alter function ingest(jsonb, bytea[], text[], bytea[]) set plan_cache_mode = force_generic_plan;
