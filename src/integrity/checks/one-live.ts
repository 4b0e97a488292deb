import { type Check, isLive } from '../check.ts';

/** A customer has one live subscription at most, and none begins before the last has ended. */
export const oneLive: Check = {
  name: 'one subscription',
  asserts: 'A customer has one live subscription at most, and none begins before the last has ended',
  findings: (db) => db`
    select customer_id as customer, 'live subscriptions' as what, '1 at most' as expected, count(*)::text as found
      from subctl.subscriptions where ${isLive(db)} group by customer_id having count(*) > 1
    union all
    select customer_id, 'start of subscription ' || id, 'not before ' || subctl.iso(before), subctl.iso(started_at)
      from (select customer_id, id, started_at, lag(ended_at) over (partition by customer_id order by started_at, ended_at) as before from subctl.subscriptions) s
     where started_at < before`,
};
