-- Checks leases, tokens and counts of tasks and of their runs. One run of a task is running at a time.
create or replace view subctl.integrity_tasks as
select '' as customer_id, 'lease of ' || j.task as subject, 'an owner and an end, or neither' as expected,
       coalesce(j.lease_owner, 'no owner') || ' until ' || coalesce(subctl_internal.iso(j.lease_until), 'never')
         as found
  from subctl.jobs j where (j.lease_owner is null) <> (j.lease_until is null)
union all
select '', 'token of ' || r.task, 'at most ' || j.lease_token, max(r.token)::text
  from subctl.job_runs r join subctl.jobs j on j.task = r.task group by r.task, j.lease_token
having max(r.token) > j.lease_token
union all
select '', 'run of ' || r.task || ' from ' || subctl_internal.iso(r.started_at),
       case when r.outcome = 'running' then 'no end' else 'an end after its start' end,
       coalesce(subctl_internal.iso(r.finished_at), 'none')
  from subctl.job_runs r
 where (r.outcome = 'running') <> (r.finished_at is null) or r.finished_at < r.started_at
union all
select '', 'runs of ' || r.task || ' at work', '1 at most', count(*)::text from subctl.job_runs r
 where r.outcome = 'running' group by r.task having count(*) > 1
union all
select '', 'counts of a run of ' || r.task, '0 or more', concat_ws(', ', r.done, r.skipped, r.parked)
  from subctl.job_runs r where least(r.done, r.skipped, r.parked) < 0
union all
select '', 'failures of ' || j.task, '0 or more', j.failures::text from subctl.jobs j where j.failures < 0;
comment on view subctl.integrity_tasks is
  'R42: The leases of the tasks and their runs agree';
