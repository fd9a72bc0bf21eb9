-- One scan into the store, in one transaction (store.md, "Ingest").

-- Adds what is new of the components (names cut to what an index takes, their keys tell them apart); ordered by key, because two at once must take their locks in one order.
create function add_components(added jsonb) returns void language sql as $$
  insert into component (key, ecosystem, name, via, version, facts)
  select key, ecosystem, left(name, 500), left(via, 500), left(version, 500), facts
  from jsonb_to_recordset(added) as c(key uuid, ecosystem text, name text, via text, version text, facts jsonb)
  order by key
  on conflict (key) do nothing
$$;

-- Open matches of components that have none recorded since they were added; `fresh` are their ids.
create function add_matches(added jsonb, fresh integer[], at_seq integer) returns void language plpgsql as $$
begin
  insert into vulnerability (name)
  select distinct m.vulnerability from jsonb_to_recordset(added) as m(vulnerability text)
  where not exists (select from vulnerability v where v.name = m.vulnerability)
  order by 1
  on conflict (name) do nothing;
  insert into component_match (component_id, vulnerability_id, valid_from, severity, flags)
  select c.id, v.id, at_seq, m.severity, m.flags
  from jsonb_to_recordset(added) as m(component uuid, vulnerability text, severity smallint, flags smallint)
  join component c on c.key = m.component and c.id = any (fresh)
  join vulnerability v on v.name = m.vulnerability
  order by c.id, v.id
  on conflict do nothing;
end $$;

-- Counters of a set from its own edges.
create function count_set(of_set integer, at_seq integer) returns void language sql as $$
  insert into set_counter
  select of_set,
    coalesce(sum(e.n) filter (where m.severity = 5), 0)::integer, coalesce(sum(e.n) filter (where m.severity = 4), 0)::integer,
    coalesce(sum(e.n) filter (where m.severity = 3), 0)::integer, coalesce(sum(e.n) filter (where m.severity = 2), 0)::integer,
    coalesce(sum(e.n) filter (where m.severity = 1), 0)::integer, coalesce(sum(e.n) filter (where m.severity = 0), 0)::integer,
    coalesce(sum(e.n) filter (where m.flags & 2 <> 0), 0)::integer, coalesce(sum(e.n) filter (where m.flags & 1 <> 0), 0)::integer,
    at_seq
  from package_set_edge e
  join component_match m on m.component_id = e.component_id and m.valid_to = 2147483647
  where e.set_id = of_set
$$;

-- Counters of an image: the sum over the way down from its set.
create function sum_of_path(of_set integer)
returns table (critical integer, high integer, medium integer, low integer, negligible integer, unknown integer, exploitable integer, fixable integer)
language sql stable as $$
  select sum(s.critical)::integer, sum(s.high)::integer, sum(s.medium)::integer, sum(s.low)::integer,
    sum(s.negligible)::integer, sum(s.unknown)::integer, sum(s.exploitable)::integer, sum(s.fixable)::integer
  from set_ancestor a join set_counter s on s.set_id = a.ancestor_id
  where a.set_id = of_set
$$;

-- The sets of a path, lowest first; a set that is known needs no edges. Returns the id of the topmost.
create function add_path(path jsonb, at_seq integer) returns integer language plpgsql as $$
declare
  step jsonb;
  below integer;
  deep smallint := 0;
  mine integer;
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
        join component c on c.key = e.component order by c.id;
        if not found and jsonb_array_length(step -> 'edges') > 0 then raise exception 'COMPONENT_UNKNOWN'; end if;
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

-- The image with its layers; ids of chains map to the sets of `path` by the layer's `step` (0: the lowest).
create function add_image(scanned jsonb, of_set integer) returns bigint language plpgsql as $$
declare mine bigint;
begin
  select id into mine from image where image_id = decode(scanned ->> 'imageId', 'hex');
  if mine is not null then return mine; end if;
  insert into image (image_id, set_id, top_chain, os, architecture, size, created)
  values (decode(scanned ->> 'imageId', 'hex'), of_set, decode(scanned ->> 'topChain', 'hex'), scanned ->> 'os',
    scanned ->> 'architecture', (scanned ->> 'size')::bigint, (scanned ->> 'created')::timestamptz)
  on conflict (image_id) do nothing returning id into mine;
  if mine is null then
    select id into strict mine from image where image_id = decode(scanned ->> 'imageId', 'hex');
    return mine;
  end if;
  insert into image_layer (image_id, position, chain_id, diff_id, digest, size, command)
  select mine, l.position, decode(l.chain, 'hex'), decode(l.diff, 'hex'), decode(l.digest, 'hex'), l.size, l.command
  from jsonb_to_recordset(scanned -> 'layers')
    as l(position smallint, chain text, diff text, digest text, size bigint, command text);
  insert into chain (chain_id, set_id)
  select distinct decode(l.chain, 'hex'), s.id
  from jsonb_to_recordset(scanned -> 'layers') as l(chain text, set uuid)
  join package_set s on s.content_key = l.set where l.chain is not null
  order by 1 on conflict (chain_id) do nothing;
  insert into image_counter select mine, p.* from sum_of_path(of_set) p;
  return mine;
end $$;

-- An asset is known by its identity; seen again it may stand for another image.
create function add_asset(seen jsonb, of_image bigint) returns void language plpgsql as $$
begin
  insert into asset (id, identity, kind, name, image_id, team_id, scope, created_at, updated_at)
  values ((seen ->> 'id')::bigint, (seen ->> 'identity')::uuid, seen ->> 'kind', seen ->> 'name', of_image,
    (seen ->> 'team')::integer, seen -> 'scope', (seen ->> 'at')::timestamptz, (seen ->> 'at')::timestamptz)
  on conflict (id) do update
    set image_id = excluded.image_id, scope = excluded.scope, updated_at = greatest(asset.updated_at, excluded.updated_at)
    where asset.identity = excluded.identity;
  if not found then raise exception 'ASSET_COLLISION'; end if;
end $$;

-- A result is written once; sent again (by its id) it changes nothing.
create function add_result(made jsonb, of_asset bigint, at_seq integer) returns void language plpgsql as $$
begin
  insert into result (asset_id, id, created_at, sbom, report, knowledge_seq, policy, critical, high, medium, low, negligible, unknown)
  values (of_asset, decode(made ->> 'id', 'hex'), (made ->> 'at')::timestamptz, decode(made ->> 'sbom', 'hex'),
    decode(made ->> 'report', 'hex'), at_seq, made ->> 'policy', (made -> 'counts' ->> 'critical')::integer,
    (made -> 'counts' ->> 'high')::integer, (made -> 'counts' ->> 'medium')::integer, (made -> 'counts' ->> 'low')::integer,
    (made -> 'counts' ->> 'negligible')::integer, (made -> 'counts' ->> 'unknown')::integer)
  on conflict (asset_id, id) do nothing;
  if not found then return; end if;
  insert into verdict (asset_id, result_id, status, complete, evaluated_at, valid_until)
  values (of_asset, decode(made ->> 'id', 'hex'), made ->> 'status', (made ->> 'complete')::boolean,
    (made ->> 'at')::timestamptz, (made ->> 'validUntil')::timestamptz)
  on conflict (asset_id) do update
    set result_id = excluded.result_id, status = excluded.status, complete = excluded.complete,
      evaluated_at = excluded.evaluated_at, valid_until = excluded.valid_until
    where excluded.evaluated_at >= verdict.evaluated_at;
  insert into audit (at, actor, action, subject, detail)
  values ((made ->> 'at')::timestamptz, made ->> 'actor', 'result.create', made ->> 'id', '{}');
end $$;

-- Everything of one scan. Answers `stale` and does nothing when the scan was matched with other knowledge than the store's.
create function ingest(scan jsonb, document_keys bytea[], document_types text[], documents bytea[]) returns text language plpgsql as $$
declare
  at_seq integer;
  newest integer;
  fresh integer[];
  top integer;
  image_row bigint;
begin
  perform pg_advisory_xact_lock_shared(7210);
  select max(seq) into at_seq from knowledge;
  if at_seq <> (scan ->> 'seq')::integer then return 'stale'; end if;
  insert into blob (sha256, media_type, bytes)
  select * from unnest(document_keys, document_types, documents) as d(k, t, b) order by k on conflict (sha256) do nothing;
  select coalesce(max(id), 0) into newest from component;
  perform add_components(scan -> 'components');
  select coalesce(array_agg(c.id), '{}') into fresh
  from component c
  join jsonb_to_recordset(scan -> 'components') as n(key uuid) on n.key = c.key
  where not exists (select from component_match m where m.component_id = c.id);
  perform add_matches(scan -> 'matches', fresh, at_seq);
  top := add_path(scan -> 'path', at_seq);
  image_row := add_image(scan -> 'image', top);
  perform add_asset(scan -> 'asset', image_row);
  perform add_result(scan -> 'result', (scan -> 'asset' ->> 'id')::bigint, at_seq);
  return 'stored';
end $$;
