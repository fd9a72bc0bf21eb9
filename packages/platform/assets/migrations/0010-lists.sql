-- What lists sort and searches look by, and what the store's matches were made with, name by name.

drop index image_counter_risk;
alter table image_counter drop column risk;
-- Severities in order, worst first, unrated ones as medium (decision 6); lists sort by exploits, then by this.
alter table image_counter add column rank bigint not null generated always as (
  least(critical, 4095)::bigint << 51 | least(high, 16383)::bigint << 37 | least(medium + unknown, 32767)::bigint << 22
    | least(low, 16383)::bigint << 8 | least(negligible, 255)::bigint
) stored;
create index image_counter_risk on image_counter (exploitable desc, rank desc, image_id desc);
create index image_counter_rank on image_counter (rank desc, image_id desc);

-- Frozen results have the same, as it was counted then.
alter table result add column exploitable integer not null default 0;
alter table result add column fixable integer not null default 0;
alter table result add column rank bigint not null generated always as (
  least(critical, 4095)::bigint << 51 | least(high, 16383)::bigint << 37 | least(medium + unknown, 32767)::bigint << 22
    | least(low, 16383)::bigint << 8 | least(negligible, 255)::bigint
) stored;
create index result_risk on result (exploitable desc, rank desc, id desc);
create index result_rank on result (rank desc, id desc);

-- By bytes: one order in every database, whatever its language.
create index asset_name_order on asset (name collate "C", id);
create index asset_time on asset (updated_at desc, id desc);
create index vulnerability_name on vulnerability (name text_pattern_ops);
-- Components that other records than those of their own name decide about.
create index component_toolchain on component (id) where facts ->> 'role' = 'toolchain';
create index component_owner_source on component ((facts #>> '{owner,source,name}')) where facts #>> '{owner,source,name}' is not null;

-- A result is written once; sent again (by its id) it changes nothing.
create or replace function add_result(made jsonb, of_asset bigint, at_seq integer) returns void language plpgsql as $$
begin
  insert into result (asset_id, id, created_at, sbom, report, knowledge_seq, policy, critical, high, medium, low, negligible, unknown,
    exploitable, fixable)
  values (of_asset, decode(made ->> 'id', 'hex'), (made ->> 'at')::timestamptz, decode(made ->> 'sbom', 'hex'),
    decode(made ->> 'report', 'hex'), at_seq, made ->> 'policy', (made -> 'counts' ->> 'critical')::integer,
    (made -> 'counts' ->> 'high')::integer, (made -> 'counts' ->> 'medium')::integer, (made -> 'counts' ->> 'low')::integer,
    (made -> 'counts' ->> 'negligible')::integer, (made -> 'counts' ->> 'unknown')::integer,
    coalesce((made -> 'counts' ->> 'exploitable')::integer, 0), coalesce((made -> 'counts' ->> 'fixable')::integer, 0))
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

-- A print of all that the newest revision says under a name, flaws' ratings and exploits included: a revision judges
-- anew what has another print. An empty name: whether any feed covers the ecosystem.
create table knowledge_print (
  ecosystem text not null,
  name text not null,
  print bytea not null,
  primary key (ecosystem, name)
);

-- Components were judged anew: closes the matches that no longer hold, opens those that now do. The caller holds the
-- exclusive lock and has filled its temporary tables judged (component_id) and wanted (component_id, vulnerability,
-- severity, flags).
drop function rejudge(jsonb, text, timestamptz, timestamptz);
create function rejudge(to_revision text, built timestamptz, now timestamptz) returns integer language plpgsql as $$
declare to_seq integer;
begin
  insert into knowledge (seq, revision, built_at, since)
  select max(seq) + 1, to_revision, built, now from knowledge returning seq into to_seq;
  insert into delta (seq) values (to_seq);
  insert into vulnerability (name)
  select distinct w.vulnerability from wanted w
  where not exists (select from vulnerability v where v.name = w.vulnerability) order by 1 on conflict (name) do nothing;
  create temporary table opened on commit drop as
    select w.component_id, v.id as vulnerability_id, w.severity, w.flags from wanted w join vulnerability v on v.name = w.vulnerability;
  create temporary table closed on commit drop as
    select m.component_id, m.vulnerability_id, m.severity, m.flags
    from component_match m join judged j using (component_id) where m.valid_to = 2147483647;
  -- What stays as it was is neither closed nor opened.
  create temporary table kept on commit drop as select * from opened intersect select * from closed;
  delete from opened o using kept k where (o.component_id, o.vulnerability_id) = (k.component_id, k.vulnerability_id);
  delete from closed c using kept k where (c.component_id, c.vulnerability_id) = (k.component_id, k.vulnerability_id);
  update component_match m set valid_to = to_seq
  from closed c
  where m.component_id = c.component_id and m.vulnerability_id = c.vulnerability_id and m.valid_to = 2147483647;
  insert into component_match (component_id, vulnerability_id, valid_from, severity, flags)
  select component_id, vulnerability_id, to_seq, severity, flags from opened order by 1, 2;
  insert into match_change
  select to_seq, c.component_id,
    coalesce(sum(c.n) filter (where c.severity = 5), 0), coalesce(sum(c.n) filter (where c.severity = 4), 0),
    coalesce(sum(c.n) filter (where c.severity = 3), 0), coalesce(sum(c.n) filter (where c.severity = 2), 0),
    coalesce(sum(c.n) filter (where c.severity = 1), 0), coalesce(sum(c.n) filter (where c.severity = 0), 0),
    coalesce(sum(c.n) filter (where c.flags & 2 <> 0), 0), coalesce(sum(c.n) filter (where c.flags & 1 <> 0), 0)
  from (select *, 1 as n from opened union all select *, -1 from closed) c
  group by c.component_id order by 2;
  return to_seq;
end $$;
