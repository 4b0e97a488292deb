-- Compares the steps of each running total with the events (wrong_running_totals): only differences of totals are
-- figures.
create or replace view subctl.integrity_running_totals as
select m.customer_id, concat_ws(' ', 'running total of', m.meter_id, nullif(m.subject, ''), 'at',
                                subctl_internal.iso(m.at)) as subject,
       '+' || trim_scale(m.expected) as expected, coalesce('+' || trim_scale(m.amount), 'none') as found
  from subctl.wrong_running_totals m;
comment on view subctl.integrity_running_totals is
  'R7: The running totals of rolling windows grow by what the events say, at the instants of the events';
