-- Compares the sums of each past month with its events (wrong_usage_sums).
create or replace view subctl.integrity_usage_sums as
select '' as customer_id, 'sums of ' || to_char(m.month, 'YYYY-MM') as subject, m.counted as expected,
       m.summed as found from subctl.wrong_usage_sums m;
comment on view subctl.integrity_usage_sums is
  'R45: The sums that reports read of past months are those of their events';
