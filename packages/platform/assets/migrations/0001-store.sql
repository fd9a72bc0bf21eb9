-- The store: what is there, interned, and what is known of it. Severities are 0 unknown, 1 negligible … 5 critical.

-- Revisions of the vulndb that matched what is stored; seq grows by one with each.
create table knowledge (
  seq integer primary key,
  revision text not null,
  built_at timestamptz not null,
  since timestamptz not null
);
insert into knowledge values (0, '', 'epoch', 'epoch');

-- A distinct (ecosystem key, name, version, build, owned by an OS package or not). `name` is as advisories write it;
-- `via` is another name that decides about it: its source package's, or its owner's. `facts`: what else matching asks.
create table component (
  id integer generated always as identity primary key,
  key uuid not null unique,
  ecosystem text not null,
  name text not null,
  via text,
  version text not null,
  facts jsonb not null
);
create index component_name on component (name text_pattern_ops, ecosystem);
create index component_via on component (via) where via is not null;

create table vulnerability (
  id integer generated always as identity primary key,
  name text not null unique
);

-- Holds from revision valid_from until before valid_to; open ones end at 2147483647. flags: 1 fixable, 2 exploitable.
create table component_match (
  component_id integer not null,
  vulnerability_id integer not null,
  valid_from integer not null,
  valid_to integer not null default 2147483647,
  severity smallint not null,
  flags smallint not null,
  primary key (component_id, vulnerability_id, valid_from)
);
create index component_match_vulnerability on component_match (vulnerability_id, component_id);

-- The packages of "the tree so far": what changed against the parent, and the way down to the first layer.
create table package_set (
  id integer generated always as identity primary key,
  content_key uuid not null unique,
  parent_id integer,
  depth smallint not null
);
create table package_set_edge (
  component_id integer not null,
  set_id integer not null,
  n smallint not null,
  primary key (component_id, set_id) include (n)
) with (autovacuum_vacuum_insert_scale_factor = 0.01);
create index package_set_edge_set on package_set_edge (set_id) include (component_id, n);
create table set_ancestor (
  ancestor_id integer not null,
  set_id integer not null,
  primary key (ancestor_id, set_id)
);
create index set_ancestor_set on set_ancestor (set_id, ancestor_id);
create table set_counter (
  set_id integer primary key,
  critical integer not null,
  high integer not null,
  medium integer not null,
  low integer not null,
  negligible integer not null,
  unknown integer not null,
  exploitable integer not null,
  fixable integer not null,
  seq integer not null
) with (fillfactor = 70);

-- chain_id, diff_id, digests: the 32 bytes of sha256.
create table chain (
  chain_id bytea primary key,
  set_id integer not null
);
create table image (
  id bigint generated always as identity primary key,
  image_id bytea not null unique,
  set_id integer not null,
  top_chain bytea,
  os text not null,
  architecture text not null,
  size bigint not null,
  created timestamptz
);
create index image_set on image (set_id);
create index image_top_chain on image (top_chain);
create table image_layer (
  image_id bigint not null,
  position smallint not null,
  chain_id bytea,
  diff_id bytea,
  digest bytea,
  size bigint,
  command text not null,
  primary key (image_id, position)
);
create index image_layer_chain on image_layer (chain_id);
create table image_counter (
  image_id bigint primary key,
  critical integer not null,
  high integer not null,
  medium integer not null,
  low integer not null,
  negligible integer not null,
  unknown integer not null,
  exploitable integer not null,
  fixable integer not null,
  -- Exploits first, then severities in order: what lists sort by.
  risk bigint generated always as (
    least(exploitable, 4095)::bigint << 51 | least(critical, 131071)::bigint << 34
      | least(high, 131071)::bigint << 17 | least(medium, 131071)::bigint
  ) stored
) with (fillfactor = 70);
create index image_counter_risk on image_counter (risk desc, image_id desc);

create table blob (
  sha256 bytea primary key,
  media_type text not null,
  bytes bytea not null
);
alter table blob alter column bytes set storage external;

-- What a user sees hangs here. id = the first 63 bits of identity, so that no other unique index is needed.
create table asset (
  id bigint primary key,
  identity uuid not null,
  kind text not null,
  name text not null,
  image_id bigint not null,
  team_id integer,
  scope jsonb not null,
  created_at timestamptz not null,
  updated_at timestamptz not null
) with (fillfactor = 90);
create index asset_image on asset (image_id, team_id);
create index asset_team on asset (team_id, image_id);
create index asset_kind on asset (kind, updated_at desc, id desc);
create index asset_name on asset (name text_pattern_ops);
create index asset_scope on asset using gin (scope jsonb_path_ops);

-- A frozen answer: documents and the revisions it was made with.
create table result (
  asset_id bigint not null,
  id bytea not null,
  created_at timestamptz not null,
  sbom bytea not null,
  report bytea not null,
  knowledge_seq integer not null,
  policy text not null,
  critical integer not null,
  high integer not null,
  medium integer not null,
  low integer not null,
  negligible integer not null,
  unknown integer not null,
  primary key (asset_id, id)
);
create index result_time on result (created_at desc, id desc);

create table verdict (
  asset_id bigint primary key,
  result_id bytea not null,
  status text not null,
  complete boolean not null,
  evaluated_at timestamptz not null,
  valid_until timestamptz
);
create index verdict_expiry on verdict (valid_until) where valid_until is not null;

create table audit (
  id bigint generated always as identity primary key,
  at timestamptz not null,
  actor text not null,
  action text not null,
  subject text not null,
  detail jsonb not null
);

