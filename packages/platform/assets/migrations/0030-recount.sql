-- Counters of the images above the changed sets, where they differ: each set's sum is made once, in one pass over the
-- ancestors, not by looking up every path. Returns how many changed.
create or replace function recount_images(of_seq integer) returns integer language plpgsql as $$
declare changed integer;
begin
  with changed_sets as materialized (
    select distinct e.set_id from match_change c join package_set_edge e on e.component_id = c.component_id where c.seq = of_seq
  ), above as materialized (
    select distinct a.set_id from changed_sets s join set_ancestor a on a.ancestor_id = s.set_id
  ), fresh as materialized (
    select a.set_id, sum(s.critical)::integer as critical, sum(s.high)::integer as high, sum(s.medium)::integer as medium,
      sum(s.low)::integer as low, sum(s.negligible)::integer as negligible, sum(s.unknown)::integer as unknown,
      sum(s.exploitable)::integer as exploitable, sum(s.fixable)::integer as fixable
    from above b join set_ancestor a on a.set_id = b.set_id join set_counter s on s.set_id = a.ancestor_id group by a.set_id
  )
  update image_counter c set critical = f.critical, high = f.high, medium = f.medium, low = f.low,
    negligible = f.negligible, unknown = f.unknown, exploitable = f.exploitable, fixable = f.fixable
  from image i join fresh f on f.set_id = i.set_id
  where c.image_id = i.id
    and (c.critical, c.high, c.medium, c.low, c.negligible, c.unknown, c.exploitable, c.fixable)
      is distinct from (f.critical, f.high, f.medium, f.low, f.negligible, f.unknown, f.exploitable, f.fixable);
  get diagnostics changed = row_count;
  return changed;
end $$;
