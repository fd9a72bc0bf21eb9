-- An asset goes with its results and verdict. Images, sets and documents that nothing points to any more go with collect_garbage.

create function delete_asset(gone bigint, by_actor text, now timestamptz) returns boolean language plpgsql as $$
begin
  delete from asset where id = gone;
  if not found then return false; end if;
  delete from verdict where asset_id = gone;
  delete from result where asset_id = gone;
  insert into audit (at, actor, action, subject, detail) values (now, by_actor, 'asset.delete', lpad(to_hex(gone), 16, '0'), '{}');
  return true;
end $$;

-- Under the exclusive lock, so that no ingest leans on what goes. Returns how many images went.
create function collect_garbage() returns integer language plpgsql as $$
declare gone integer;
begin
  perform pg_advisory_xact_lock(7210);
  create temporary table dead on commit drop as
    select i.id from image i where not exists (select from asset a where a.image_id = i.id);
  delete from image_counter c using dead d where c.image_id = d.id;
  delete from image_layer l using dead d where l.image_id = d.id;
  delete from image i using dead d where i.id = d.id;
  get diagnostics gone = row_count;
  delete from blob b
  where not exists (select from result r where r.sbom = b.sha256) and not exists (select from result r where r.report = b.sha256);
  return gone;
end $$;
