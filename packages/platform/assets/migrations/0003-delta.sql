-- A new revision of what is known (store.md, "Delta"): matches change, then counters follow, and a crash in between is
-- made good from what is written here.

create table delta (
  seq integer primary key references knowledge (seq),
  counted_at timestamptz
);
create table match_change (
  seq integer not null,
  component_id integer not null,
  critical integer not null,
  high integer not null,
  medium integer not null,
  low integer not null,
  negligible integer not null,
  unknown integer not null,
  exploitable integer not null,
  fixable integer not null,
  primary key (seq, component_id)
);

-- Components are judged anew: closes the matches that no longer hold, opens those that now do. The caller holds the
-- exclusive lock. `judged`: [{id, matches: [{vulnerability, severity, flags}]}].
create function rejudge(judged jsonb, to_revision text, built timestamptz, now timestamptz) returns integer language plpgsql as $$
declare to_seq integer;
begin
  insert into knowledge (seq, revision, built_at, since)
  select max(seq) + 1, to_revision, built, now from knowledge returning seq into to_seq;
  insert into delta (seq) values (to_seq);
  create temporary table wanted on commit drop as
    select j.id as component_id, m.vulnerability, m.severity, m.flags
    from jsonb_to_recordset(judged) as j(id integer, matches jsonb)
    cross join lateral jsonb_to_recordset(j.matches) as m(vulnerability text, severity smallint, flags smallint);
  insert into vulnerability (name) select distinct w.vulnerability from wanted w order by 1 on conflict (name) do nothing;
  create temporary table opened on commit drop as
    select w.component_id, v.id as vulnerability_id, w.severity, w.flags from wanted w join vulnerability v on v.name = w.vulnerability;
  create temporary table closed on commit drop as
    select m.component_id, m.vulnerability_id, m.severity, m.flags
    from component_match m
    join jsonb_to_recordset(judged) as j(id integer) on j.id = m.component_id
    where m.valid_to = 2147483647;
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
  group by c.component_id;
  return to_seq;
end $$;

-- Set counters follow the changes of one revision; run again it changes nothing. Returns how many sets changed.
create function recount_sets(of_seq integer) returns integer language plpgsql as $$
declare changed integer;
begin
  with sums as (
    select e.set_id,
      sum(e.n * c.critical)::integer as critical, sum(e.n * c.high)::integer as high, sum(e.n * c.medium)::integer as medium,
      sum(e.n * c.low)::integer as low, sum(e.n * c.negligible)::integer as negligible,
      sum(e.n * c.unknown)::integer as unknown, sum(e.n * c.exploitable)::integer as exploitable,
      sum(e.n * c.fixable)::integer as fixable
    from match_change c join package_set_edge e on e.component_id = c.component_id
    where c.seq = of_seq group by e.set_id
  )
  update set_counter s set critical = s.critical + d.critical, high = s.high + d.high, medium = s.medium + d.medium,
    low = s.low + d.low, negligible = s.negligible + d.negligible, unknown = s.unknown + d.unknown,
    exploitable = s.exploitable + d.exploitable, fixable = s.fixable + d.fixable, seq = of_seq
  from sums d where s.set_id = d.set_id and s.seq < of_seq;
  get diagnostics changed = row_count;
  return changed;
end $$;

-- Counters of the images above the changed sets, where they differ. Returns how many changed.
create function recount_images(of_seq integer) returns integer language plpgsql as $$
declare changed integer;
begin
  with changed_sets as (
    select distinct e.set_id from match_change c join package_set_edge e on e.component_id = c.component_id where c.seq = of_seq
  ), above as (
    select distinct a.set_id from changed_sets s join set_ancestor a on a.ancestor_id = s.set_id
  ), fresh as (
    select i.id, p.* from above b join image i on i.set_id = b.set_id
    cross join lateral (
      select sum(s.critical)::integer as critical, sum(s.high)::integer as high, sum(s.medium)::integer as medium,
        sum(s.low)::integer as low, sum(s.negligible)::integer as negligible, sum(s.unknown)::integer as unknown,
        sum(s.exploitable)::integer as exploitable, sum(s.fixable)::integer as fixable
      from set_ancestor a join set_counter s on s.set_id = a.ancestor_id where a.set_id = b.set_id
    ) p
  )
  update image_counter c set critical = f.critical, high = f.high, medium = f.medium, low = f.low,
    negligible = f.negligible, unknown = f.unknown, exploitable = f.exploitable, fixable = f.fixable
  from fresh f
  where c.image_id = f.id
    and (c.critical, c.high, c.medium, c.low, c.negligible, c.unknown, c.exploitable, c.fixable)
      is distinct from (f.critical, f.high, f.medium, f.low, f.negligible, f.unknown, f.exploitable, f.fixable);
  get diagnostics changed = row_count;
  return changed;
end $$;
