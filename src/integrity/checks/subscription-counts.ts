import type { Db } from '../../database/connect.ts';
import { type Check, isLive } from '../check.ts';

/** SQL: each plan with the live subscriptions that there are and those that are counted, where the two differ. */
export const miscounted = (db: Db) => db`
  select plan_id, coalesce(s.live, 0) as live, coalesce(c.counted, 0) as counted
    from (select plan_id, count(*) as live from subctl.subscriptions where ${isLive(db)} group by 1) s
    full join (select plan_id, sum(subscriptions) as counted from subctl.subscription_counts group by 1) c using (plan_id)
   where coalesce(s.live, 0) <> coalesce(c.counted, 0)`;

/** The subscribers that lists of plans show are those that there are. */
export const subscriptionCounts: Check = {
  name: 'subscription counts',
  asserts: 'The subscribers that lists of plans show are those that there are',
  findings: (db) => db`
    select '' as customer, 'subscribers of ' || m.plan_id as what, m.live::text as expected, m.counted::text as found from (${miscounted(db)}) m`,
};
