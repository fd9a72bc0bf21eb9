-- The audit tells of a scan by what name and from where it was sent, as of everything else.

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
  insert into audit (at, actor, actor_name, address, action, subject, detail)
  values ((made ->> 'at')::timestamptz, made ->> 'actor', coalesce(made ->> 'actorName', ''), made ->> 'address',
    'result.create', made ->> 'id', '{}');
end $$;
