-- Lists parked rows without an attempt or with attempts out of order.
create or replace view subctl.integrity_parked_rows as
select p.customer_id, concat_ws(' ', 'parked', p.task, p.id) as subject,
       'tried, first and last in order' as expected,
       concat_ws(' ', p.attempts, 'tries from', subctl_internal.iso(p.first_at), 'to', subctl_internal.iso(p.last_at))
         as found
  from subctl.parked p where p.attempts < 1 or p.last_at < p.first_at;
comment on view subctl.integrity_parked_rows is
  'R41: Every parked row was tried, and its first attempt is not after its last';
