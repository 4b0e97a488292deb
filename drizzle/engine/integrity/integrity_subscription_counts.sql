-- Compares the counts of each plan with its live subscriptions (wrong_subscription_counts).
create or replace view subctl.integrity_subscription_counts as
select '' as customer_id, 'subscribers of ' || m.plan_id as subject, m.live::text as expected,
       m.counted::text as found from subctl.wrong_subscription_counts m;
comment on view subctl.integrity_subscription_counts is
  'R45: The subscriber counts that lists of plans show are the numbers of live subscriptions';
