import Big from 'big.js';
import { readCredits } from '../credits/show.ts';
import type { Row } from '../database/columns.ts';
import type { Db } from '../database/connect.ts';
import type { creditGrants } from '../database/schema/credits.ts';
import { enoughElapsed } from './enough-elapsed.ts';

/** A projection of a customer's credits. */
export interface CreditProjection {
  balance: string;
  unlimited: boolean;
  /** spent in the current cycle */
  spent: string;
  since: Date;
  /** at this pace, rounded half up to six places */
  per_day: string | null;
  renews_at: Date | null;
  /** when none are left, with the expiry of each grant; null where they last until they are renewed, or nothing is spent */
  run_out_at: Date | null;
  reason: 'not_enough_history' | null;
}

/** A grant as it is spent: what is left of it, and until when. */
export type Burning = Pick<Row<typeof creditGrants>, 'remaining' | 'expires_at'>;

/** Projects from what was spent in the current cycle; null where the customer has no plan or never had a credit. */
export async function projectCredits(db: Db, customer: string, now: Date): Promise<CreditProjection | null> {
  const [cycle] = await db<{ since: Date; spent: string; seconds: string; known: boolean }[]>`
    with c as (
      select lower(w.cycle) as since, extract(epoch from ${now}::timestamptz - lower(w.cycle)) as gone, extract(epoch from upper(w.cycle) - lower(w.cycle)) as length
        from subctl_internal.effective_subscription(${customer}, ${now}) e
        join subctl.plan_versions v on v.plan_id = e.plan_id and v.version = e.version
       cross join lateral (
         select case when v.credits_every is null then tstzrange(e.period_start, e.period_end)
                     else subctl_internal.cycle_at(${customer}, e.basis, e.anchor, v.credits_every, ${now}, e.anchor_timezone) end as cycle) w
       where isfinite(lower(w.cycle)) and isfinite(upper(w.cycle))
    )
    select c.since, c.gone::text as seconds, c.gone >= ${enoughElapsed(db, 'c.length')} as known,
           (select trim_scale(coalesce(-sum(x.amount), 0))::text from subctl.credit_entries x
             where x.customer_id = ${customer} and x.kind in ('use', 'deduct', 'reversal') and x.at >= c.since and x.at <= ${now}) as spent
      from c`;
  if (!cycle) return null;
  const { balance, unlimited, next_reset: renewsAt, grants, allotted } = await readCredits(db, customer, now);
  if (!unlimited && allotted === '0' && cycle.spent === '0') return null;
  const { since, spent, seconds, known } = cycle;
  const pace = { spent, seconds };
  const isPaced = known && !unlimited && new Big(spent).gt(0);
  const end = isPaced ? runOut(grants, pace, now) : null;
  return {
    ...{ balance, unlimited, spent, since },
    per_day: known ? new Big(spent).times(86_400).div(seconds).round(6, Big.roundHalfUp).toFixed() : null,
    renews_at: renewsAt,
    run_out_at: end !== null && (renewsAt === null || end < renewsAt) ? end : null,
    reason: known ? null : 'not_enough_history',
  };
}

/**
 * Computes when grants that are spent in this order are used up at `spent` credits in `seconds`, each until it expires; rounded up to a
 * whole second. Null beyond a hundred years.
 */
export function runOut(
  grants: readonly Burning[],
  pace: { spent: string; seconds: string },
  now: Date,
): Date | null {
  let left = grants.map(({ remaining, expires_at: end }) => ({ amount: new Big(remaining), end }));
  for (let at = now; ;) {
    left = left.filter(({ amount, end }) => amount.gt(0) && (end === null || end > at));
    if (left.length === 0) return at;
    const all = left.reduce((sum, { amount }) => sum.plus(amount), new Big(0));
    const lasts = all.times(pace.seconds).times(1000).div(pace.spent);
    const next = left.reduce<Date | null>(
      (first, { end }) => (end && (!first || end < first) ? end : first),
      null,
    );
    if (next === null || lasts.lte(next.getTime() - at.getTime())) return after(at, lasts);
    let burnt = new Big(pace.spent)
      .times(next.getTime() - at.getTime())
      .div(1000)
      .div(pace.seconds);
    for (const grant of left) {
      const taken = burnt.lt(grant.amount) ? burnt : grant.amount;
      grant.amount = grant.amount.minus(taken);
      burnt = burnt.minus(taken);
    }
    at = next;
  }
}

function after(at: Date, ms: Big): Date | null {
  if (ms.gt(36_525 * 86_400_000)) return null;
  const seconds = Number(ms.div(1000).round(0, Big.roundUp).toFixed());
  return new Date(at.getTime() + seconds * 1000);
}
