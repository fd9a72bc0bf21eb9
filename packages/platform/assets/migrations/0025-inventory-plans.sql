-- Sets of packages in use go in by index look-ups alone, however little the planner knows of a young store.
alter function add_running_set(uuid, jsonb) set enable_seqscan = off;
alter function add_running_set(uuid, jsonb) set enable_hashjoin = off;
alter function add_running_set(uuid, jsonb) set enable_mergejoin = off;
