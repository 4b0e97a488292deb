import type { Check } from '../check.ts';

/** What a subscription is now is what its newest segment says. */
export const heads: Check = {
  name: 'subscriptions and history',
  asserts: 'What a subscription is now is what its newest segment says',
  findings: (db) => db`
    select s.customer_id as customer, v.what, v.expected, v.found
      from subctl.subscriptions s
      join (select distinct on (customer_id, subscription_id) * from subctl.subscription_segments order by customer_id, subscription_id, from_at desc) g
        on g.customer_id = s.customer_id and g.subscription_id = s.id
     cross join lateral (values
       ('status', g.status, s.status), ('plan', g.plan_id || ' ' || g.version, s.plan_id || ' ' || s.version), ('interval', g.every, s.every),
       ('anchor', subctl.iso(g.anchor) || ' ' || g.anchor_timezone, subctl.iso(s.anchor) || ' ' || s.anchor_timezone),
       ('since', subctl.iso(g.from_at), subctl.iso(s.from_at))) v(what, expected, found)
     where v.expected is distinct from v.found`,
};
