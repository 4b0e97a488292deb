import type { Proof } from '../proof.ts';

/** Every customer has its zones from the beginning and its row of open windows, and the marks on its row are true. */
export const customers: Proof = {
  name: 'customers',
  proves:
    'Every customer has its zones from the beginning and its row of open windows, and the marks on its row are true',
  disagreements: (db) => db`
    select c.id as customer, 'row of open windows' as what, 'one' as expected, 'none' as found
      from subctl.customers c
     where not exists (select from subctl.usage_state s where s.customer_id = c.id)
        or not exists (select from subctl.usage_totals t where t.customer_id = c.id)
    union all
    select c.id, 'first time zone', 'from the beginning', coalesce(subctl.iso(z.first), 'none')
      from subctl.customers c
      left join (select customer_id, min(from_at) as first from subctl.customer_zones group by 1) z on z.customer_id = c.id
     where z.first is distinct from '-infinity'
    union all
    select c.id, 'time zone', coalesce(z.timezone, 'the one of the settings'), coalesce(c.timezone, 'the one of the settings')
      from subctl.customers c
      join (select distinct on (customer_id) customer_id, timezone from subctl.customer_zones order by customer_id, from_at desc) z on z.customer_id = c.id
     where z.timezone is distinct from c.timezone
    union all
    select c.id, 'mark that it has limits of its own', o.has::text, c.has_overrides::text
      from subctl.customers c
     cross join lateral (select exists (select from subctl.limit_overrides l where l.customer_id = c.id) as has) o
     where o.has and not c.has_overrides`,
};
