import type { Db } from '../../database/connect.ts';
import type { Check } from '../check.ts';

/** SQL: each month of events whose sums hold, with what they say and what its events say, where the two differ. */
export const missummed = (db: Db) => db`
  select m.month, m.summed, m.counted
    from (select s.month,
                 (select concat_ws(' ', coalesce(sum(d.uses), 0), 'uses,', trim_scale(coalesce(sum(d.tokens), 0)), 'tokens, cost', trim_scale(coalesce(sum(d.cost), 0)),
                                   'and', coalesce(sum(d.unpriced), 0), 'without a price')
                    from subctl.usage_day_sums d where d.month = s.month) as summed,
                 (select concat_ws(' ', coalesce(sum(case when e.reverses is null then 1 else -1 end), 0), 'uses,', trim_scale(coalesce(sum(e.tokens), 0)), 'tokens, cost',
                                   trim_scale(coalesce(sum(e.cost), 0)), 'and', count(*) filter (where e.unpriced and e.reverses is null), 'without a price')
                    from subctl.usage_events e where e.at >= s.from_at and e.at < s.to_at) as counted
            from subctl.summed_months s) m
   where m.summed <> m.counted`;

/** The sums that reports read of past months are those of their events. */
export const usageSums: Check = {
  name: 'usage sums',
  asserts: 'The sums that reports read of past months are those of their events',
  findings: (db) => db`
    select '' as customer, 'sums of ' || to_char(m.month, 'YYYY-MM') as what, m.counted as expected, m.summed as found from (${missummed(db)}) m`,
};
