-- What no policy judged was kept as passed.
update verdict v set status = r.policy from result r
where r.asset_id = v.asset_id and r.id = v.result_id and r.policy = 'noPolicy' and v.status = 'passed';
