-- Whose word counts for what. What scanners say of layers and images is kept under the scope of who said it: 0 for
-- everybody (a trusted scanner or the server itself), -1 for scanners of the whole installation that nobody trusts,
-- else the team. A scan leans on scope 0 and its own, and rows of others are not even looked at.

-- Programs that understand one another's layers, by the hash of what shapes them.
create table analysis_shaping (
  shaping bytea primary key,
  catalogers jsonb not null
);
-- Where an analysis of a layer lies: one value, so that no plan can reach the rows of another scope.
create function layer_place(shaping bytea, scope integer, diff_id bytea) returns bytea language sql immutable as $$
  select sha256(shaping || int4send(scope) || diff_id)
$$;
-- What scanners read in a layer (zstd of JSON); sha256: of what it says, so that two that differ are two rows.
create table layer_analysis (
  place bytea not null,
  shaping bytea not null references analysis_shaping (shaping),
  scope integer not null,
  diff_id bytea not null,
  sha256 bytea not null,
  -- Bytes of the layer's uncompressed tar.
  size bigint not null,
  -- The server read it itself: it settles what others disagree about.
  is_server boolean not null,
  scanner text not null,
  actor text not null,
  made_at timestamptz not null,
  used_at timestamptz not null,
  bytes bytea not null,
  primary key (place, sha256)
);
alter table layer_analysis alter column bytes set storage external;
create index layer_analysis_use on layer_analysis (used_at);
-- Layers joined, by the hash of scope, shaping and what each says: made again whenever it is missing.
create table joined_layers (
  key bytea primary key,
  used_at timestamptz not null,
  bytes bytea not null
);
alter table joined_layers alter column bytes set storage external;
create index joined_layers_use on joined_layers (used_at);
-- Layers of which a scope sees different analyses; settled when the server has read them. `name`: where it was met last.
create table layer_conflict (
  shaping bytea not null,
  diff_id bytea not null,
  scope integer not null,
  name text not null,
  first_at timestamptz not null,
  seen_at timestamptz not null,
  primary key (shaping, diff_id, scope)
);

-- What nobody used since then goes. Returns how many analyses went.
create function forget_layers(unused_since timestamptz) returns integer language plpgsql as $$
declare gone integer;
begin
  delete from joined_layers where used_at < unused_since;
  delete from layer_conflict where seen_at < unused_since;
  delete from scan_submission where at < unused_since;
  delete from layer_analysis where used_at < unused_since;
  get diagnostics gone = row_count;
  return gone;
end $$;

-- An image is all that an analysis says of it: one that says something else of the same digest is another row, so that
-- nobody's analysis stands for what others scanned. content_key: hash of it.
alter table image drop constraint image_image_id_key;
create index image_digest on image (image_id);
alter table image add column content_key uuid not null unique default gen_random_uuid();
alter table image alter column content_key drop default;
-- The set that this image's own analysis says a layer leaves behind; null below the first package.
alter table image_layer add column set_id integer;
drop table chain;
-- Scopes that said it.
create table image_scope (
  image_id bigint not null references image (id) on delete cascade,
  scope integer not null,
  seen_at timestamptz not null,
  primary key (image_id, scope)
);

-- The image of a digest that somebody with that scope may lean on: the newest, everybody's before its own; null: none.
create function image_to_lean_on(digest bytea, of_scope integer) returns bigint language sql stable as $$
  select s.image_id from image i join image_scope s on s.image_id = i.id
  where i.image_id = digest and s.scope in (0, of_scope)
  order by s.scope <> 0, s.seen_at desc, s.image_id desc limit 1
$$;

create or replace function add_image(scanned jsonb, of_set integer) returns bigint language plpgsql as $$
declare mine bigint;
begin
  select id into mine from image where content_key = (scanned ->> 'key')::uuid;
  if mine is not null then return mine; end if;
  insert into image (image_id, content_key, set_id, top_chain, os, architecture, size, created)
  values (decode(scanned ->> 'imageId', 'hex'), (scanned ->> 'key')::uuid, of_set, decode(scanned ->> 'topChain', 'hex'),
    scanned ->> 'os', scanned ->> 'architecture', (scanned ->> 'size')::bigint, (scanned ->> 'created')::timestamptz)
  on conflict (content_key) do nothing returning id into mine;
  if mine is null then
    select id into strict mine from image where content_key = (scanned ->> 'key')::uuid;
    return mine;
  end if;
  insert into image_layer (image_id, position, chain_id, diff_id, digest, size, command, set_id)
  select mine, l.position, decode(l.chain, 'hex'), decode(l.diff, 'hex'), decode(l.digest, 'hex'), l.size, l.command, s.id
  from jsonb_to_recordset(scanned -> 'layers')
    as l(position smallint, chain text, diff text, digest text, size bigint, command text, set uuid)
  left join package_set s on s.content_key = l.set;
  insert into image_counter select mine, p.* from sum_of_path(of_set) p;
  return mine;
end $$;

-- What a frozen answer was made with, besides its documents.
create table result_origin (
  asset_id bigint not null,
  result_id bytea not null,
  knowledge_revision text not null,
  policy_revision text not null,
  acceptance_revision text not null,
  primary key (asset_id, result_id),
  foreign key (asset_id, result_id) references result (asset_id, id) on delete cascade
);

-- Scans by the key that their sender gave them: sent again (an answer was lost) they are answered, not done again.
create table scan_submission (
  actor text not null,
  key uuid not null,
  result_id bytea not null,
  at timestamptz not null,
  primary key (actor, key)
);
create index scan_submission_age on scan_submission (at);

-- Everything of one scan. Answers `repeated` for one that was sent before, `stale` for one that was matched with other
-- knowledge than the store's, and does nothing then.
create or replace function ingest(scan jsonb, document_keys bytea[], document_types text[], documents bytea[])
returns text language plpgsql as $$
declare
  at_seq integer;
  fresh integer[];
  top integer;
  image_row bigint;
  of_asset bigint := (scan -> 'asset' ->> 'id')::bigint;
begin
  perform pg_advisory_xact_lock_shared(7210);
  select max(seq) into at_seq from knowledge;
  if at_seq <> (scan ->> 'seq')::integer then return 'stale'; end if;
  if scan ->> 'key' is not null then
    insert into scan_submission (actor, key, result_id, at)
    values (scan -> 'result' ->> 'actor', (scan ->> 'key')::uuid, decode(scan -> 'result' ->> 'id', 'hex'),
      (scan -> 'asset' ->> 'at')::timestamptz)
    on conflict do nothing;
    if not found then return 'repeated'; end if;
  end if;
  insert into blob (sha256, media_type, bytes)
  select * from unnest(document_keys, document_types, documents) as d(k, t, b) order by k on conflict (sha256) do nothing;
  perform add_components(scan -> 'components');
  select coalesce(array_agg(c.id), '{}') into fresh
  from component c
  join jsonb_to_recordset(scan -> 'components') as n(key uuid) on n.key = c.key
  where not exists (select from component_match m where m.component_id = c.id);
  perform add_matches(scan -> 'matches', fresh, at_seq);
  top := add_path(scan -> 'path', at_seq);
  image_row := add_image(scan -> 'image', top);
  if scan -> 'image' ->> 'scope' is not null then
    insert into image_scope as s (image_id, scope, seen_at)
    values (image_row, (scan -> 'image' ->> 'scope')::integer, (scan -> 'asset' ->> 'at')::timestamptz)
    on conflict (image_id, scope) do update set seen_at = excluded.seen_at
      where s.seen_at < excluded.seen_at - interval '1 hour';
  end if;
  perform add_asset(scan -> 'asset', image_row);
  perform add_result(scan -> 'result', of_asset, at_seq);
  insert into result_origin (asset_id, result_id, knowledge_revision, policy_revision, acceptance_revision)
  values (of_asset, decode(scan -> 'result' ->> 'id', 'hex'), scan -> 'origin' ->> 'knowledge', scan -> 'origin' ->> 'policies',
    scan -> 'origin' ->> 'acceptances')
  on conflict do nothing;
  return 'stored';
end $$;
