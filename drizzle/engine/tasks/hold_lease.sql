-- Holds the lease of a run until the end of the transaction, as the first step of a page of a task: no other run takes
-- over before the commit (R42). Returns whether the run must stop; null when another run has taken over, and then
-- nothing may be written. The transaction is named after its run, so that the run that takes over can end it
-- (terminate-orphaned-sessions.ts). It gives up after a minute of waiting. Its commit is asynchronous, so that its
-- locks are short: later commits, and the end of the run, are durable only together with it, and a lost page is still
-- due.
create or replace function subctl_internal.hold_lease(p_task text, p_token bigint) returns boolean
language plpgsql volatile set search_path = pg_catalog, subctl, pg_temp as $$
declare
  v_stop boolean;
begin
  perform set_config('application_name', 'subctl ' || p_task || ' ' || p_token, true),
          set_config('synchronous_commit', 'off', true),
          set_config('lock_timeout', '60s', true);
  -- for share, not for key share: only this makes a take-over, which is an update, wait
  select j.stop_requested into v_stop
    from subctl.jobs j where j.task = p_task and j.lease_token = p_token for share;
  return v_stop;
end $$;
