import Big from 'big.js';
import { type Counts } from './counts.ts';
import { type Teller } from './database-side.ts';
import { type Life } from './life.ts';

/** Does to the model's purse what is asked of the credits; false where it is to be refused. */
export function bank(life: Life, counts: Counts, { asked, at }: { asked: Teller; at: number }): boolean {
  const { purse } = life;
  const usual = life.credits.usualExpiry(at);
  const give = (amount: Big | string, priority: number, expiresAt: number) =>
    purse.give({ source: 'given', plan: null, priority, grantedAt: at, expiresAt, amount });
  if (asked.do === 'add') {
    const { amount, priority, expires } = asked;
    give(amount, priority, expires === 'usual' ? usual : (expires ?? Infinity));
    return true;
  }
  if (asked.do === 'reset') {
    const { plan, access } = life.now();
    if (!access || !plan?.credits) return false;
    for (const grant of purse.live())
      if (grant.source === 'plan' || grant.source === 'reset')
        Object.assign(grant, { expiresAt: at, cut: true });
    life.advance(at);
    purse.give({
      source: 'reset',
      plan: plan.id,
      priority: 20,
      grantedAt: at,
      expiresAt: usual,
      amount: plan.credits,
    });
    return true;
  }
  const delta =
    asked.do === 'set' ? new Big(asked.amount).minus(purse.balance()) : new Big(asked.amount).neg();
  if (delta.gt(0)) give(delta, 30, usual);
  if (delta.gte(0)) return true;
  if (delta.neg().gt(purse.balance().minus(counts.heldCredits(at)))) return false;
  purse.burn(delta.neg(), at);
  return true;
}
