-- What jobs write down of their work, and what they let go of.

-- Verdicts of what a revision changed were given anew.
alter table delta add column evaluated_at timestamptz;

-- How each feed fared when it was last asked for.
create table feed_health (
  feed text primary key,
  -- updated, unchanged, kept-old, unavailable.
  status text not null,
  tried_at timestamptz not null,
  succeeded_at timestamptz,
  -- Why the last try failed; null: it did not.
  error text
);

-- Every process hears of a new revision when it is committed.
create function tell_knowledge() returns trigger language plpgsql as $$
begin
  perform pg_notify('plimsoll_knowledge', new.seq::text);
  return null;
end $$;
create trigger knowledge_told after insert on knowledge for each row execute function tell_knowledge();

-- Retention (decision 14), in batches: results older than `before` that their assets have newer ones than, and assets that
-- were not seen since. Return how many went; content that nothing points to any more goes with collect_garbage.
create function expire_results(of_kinds text[], before timestamptz, most integer) returns integer language plpgsql as $$
declare gone integer;
begin
  with old as (
    select r.asset_id, r.id from result r join asset a on a.id = r.asset_id
    where r.created_at < before and a.kind = any (of_kinds)
      and not exists (select from verdict v where v.asset_id = r.asset_id and v.result_id = r.id)
    order by r.created_at limit most
  )
  delete from result r using old o where r.asset_id = o.asset_id and r.id = o.id;
  get diagnostics gone = row_count;
  return gone;
end $$;
create function expire_assets(of_kinds text[], before timestamptz, most integer, now timestamptz) returns integer
language plpgsql as $$
declare gone integer;
begin
  select count(*) into gone from (
    select a.id from asset a where a.kind = any (of_kinds) and a.updated_at < before order by a.updated_at limit most
  ) o where delete_asset(o.id, 'plimsoll', now);
  return gone;
end $$;

-- What was known until before `before` is forgotten, `most` matches at a time. Returns how many went.
create function expire_matches(before timestamptz, most integer) returns integer language plpgsql as $$
declare
  until_seq integer;
  gone integer;
begin
  select max(seq) into until_seq from knowledge where since < before;
  delete from match_change c using delta d
  where d.seq = c.seq and d.seq <= until_seq and d.counted_at is not null and d.evaluated_at is not null;
  delete from component_match m
  where m.ctid = any (array(select ctid from component_match where valid_to <= until_seq limit most));
  get diagnostics gone = row_count;
  return gone;
end $$;
