import type { Repair } from './repair.ts';
import { audited } from './audited.ts';

/**
 * Sets the remaining amount of each grant to the sum of its entries, and marks as expired what the ledger says is. A grant with
 * inconsistent entries (no entry that grants it, a sum below zero or above the amount) is left as it is.
 */
export const grantsFromLedger: Repair = {
  name: 'grants',
  run: (tx, change) =>
    audited(
      tx,
      change,
      tx`
      with sums as (
        select e.customer_id, e.grant_id, sum(e.amount) as amount, sum(e.amount) filter (where e.kind = 'grant') as given,
               bool_or(e.kind = 'expire') as expired
          from subctl.credit_entries e group by 1, 2
      ), ought as (
        select g.customer_id, g.id, g.remaining as was, g.expired_at as was_expired, s.amount as remaining,
               case when s.expired and s.amount = 0 then coalesce(g.expired_at, g.expires_at) else g.expired_at end as expired_at
          from subctl.credit_grants g join sums s on s.customer_id = g.customer_id and s.grant_id = g.id
         where s.given = g.amount and s.amount between 0 and g.amount and (g.expired_at is null or s.amount = 0)
      )
      update subctl.credit_grants g set remaining = o.remaining, expired_at = o.expired_at
        from ought o
       where g.customer_id = o.customer_id and g.id = o.id and (o.was is distinct from o.remaining or o.was_expired is distinct from o.expired_at)
      returning g.customer_id, 'grant' as entity, g.source_key as entity_key,
                jsonb_build_object('remaining', trim_scale(o.was)::text, 'expired_at', subctl_internal.iso(o.was_expired)) as before,
                jsonb_build_object('remaining', trim_scale(g.remaining)::text, 'expired_at', subctl_internal.iso(g.expired_at)) as after`,
    ),
};
