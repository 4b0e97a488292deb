import Big from 'big.js';
import { lockCustomer } from '../customers/find-customer.ts';
import { call } from '../database/call.ts';
import { type Change, audit } from '../database/change.ts';
import type { Db } from '../database/connect.ts';
import { Failure } from '../domain/failure.ts';
import { settleCredits } from './settle-credits.ts';

export interface NewGrant {
  customer: string;
  /** positive decimal */
  amount: string;
  source: GrantSource;
  priority?: number | undefined;
  /** the end of the credit period by default */
  expires?: Date | 'never' | undefined;
}

/** The priority of each source of credits: the lower, the sooner its credits are spent. */
const priorities = { promotional: 10, adjustment: 30, purchased: 40 } as const;
export type GrantSource = keyof typeof priorities;

/** The result of a change of credits: the difference, and the balance after it. */
export interface CreditChange {
  customer: string;
  delta: string;
  balance: string;
  grant: string | null;
  expires_at: Date | null;
}

/** Grants credits. Failure not_found; usage for an amount that is not positive and a grant that would expire before it begins. */
export async function addCredits(tx: Db, change: Change, asked: NewGrant): Promise<CreditChange> {
  const { customer, amount, source } = asked;
  needReason(change);
  await lockCustomer(tx, customer);
  await settleCredits(tx, change, customer);
  const expires = await expiryOf(tx, asked, change.at);
  const grant = await call(tx, 'subctl_internal.grant_credits', {
    p_customer: customer,
    p_amount: amount,
    p_source: source,
    p_source_key: `${source}:${change.id}`,
    p_priority: asked.priority ?? priorities[source],
    p_granted_at: change.at,
    p_expires_at: expires,
    p_reason: change.reason,
    p_change: change.id,
  });
  return told(tx, change, { customer, delta: new Big(amount).toFixed(), grant, expires_at: expires });
}

/** Deducts credits, the whole amount or nothing (R23). Failure refused when there are fewer, not_found. */
export async function deductCredits(
  tx: Db,
  change: Change,
  { customer, amount }: { customer: string; amount: string },
): Promise<CreditChange> {
  needReason(change);
  await lockCustomer(tx, customer);
  await settleCredits(tx, change, customer);
  await call(tx, 'subctl_internal.deduct_credits', {
    p_customer: customer,
    p_amount: amount,
    p_as_of: change.at,
    p_reason: change.reason,
    p_change: change.id,
  });
  return told(tx, change, {
    customer,
    delta: new Big(amount).times(-1).toFixed(),
    grant: null,
    expires_at: null,
  });
}

/** Sets the balance to `amount` by a grant or a deduction of the difference; no change when it is that already. */
export async function setCredits(tx: Db, change: Change, asked: NewGrant): Promise<CreditChange> {
  needReason(change);
  await lockCustomer(tx, asked.customer);
  const delta = new Big(asked.amount).minus(await balanceOf(tx, asked.customer, change.at));
  if (delta.gt(0)) return addCredits(tx, change, { ...asked, amount: delta.toFixed() });
  if (delta.lt(0))
    return deductCredits(tx, change, { customer: asked.customer, amount: delta.abs().toFixed() });
  return {
    customer: asked.customer,
    delta: '0',
    balance: new Big(asked.amount).toFixed(),
    grant: null,
    expires_at: null,
  };
}

/**
 * Resets the plan's credits in mid-period: the rest of the plan's live grant expires, and the plan's amount is granted until the period's
 * end. The anchor does not move, and credits of other sources stay.
 * @throws Failure refused when the plan gives none, not_found
 */
export async function resetCredits(tx: Db, change: Change, customer: string): Promise<CreditChange> {
  needReason(change);
  await lockCustomer(tx, customer);
  const [plan] = await tx<{ plan: string | null; credits: string | null }[]>`
    select e.plan_id as plan, case when e.access then v.credits end as credits
      from subctl_internal.effective_subscription(${customer}, ${change.at}) e
      left join subctl.plan_versions v on v.plan_id = e.plan_id and v.version = e.version`;
  if (!plan?.credits || new Big(plan.credits).eq(0)) {
    throw new Failure(
      'refused',
      plan?.plan
        ? `Plan ${plan.plan} includes no credits for ${customer}`
        : `Customer ${customer} has no plan`,
      {
        hint: `subctl credits add ${customer} AMOUNT --reason '…'`,
      },
    );
  }
  await settleCredits(tx, change, customer);
  const before = await balanceOf(tx, customer, change.at);
  await call(tx, 'subctl_internal.end_plan_credits', {
    p_customer: customer,
    p_at: change.at,
    p_change: change.id,
  });
  const expires = await expiryOf(tx, { customer, amount: plan.credits, source: 'adjustment' }, change.at);
  const grant = await call(tx, 'subctl_internal.grant_credits', {
    p_customer: customer,
    p_amount: plan.credits,
    p_source: 'reset',
    p_source_key: `reset:${change.id}`,
    p_priority: 20,
    p_granted_at: change.at,
    p_expires_at: expires,
    p_reason: change.reason,
    p_change: change.id,
  });
  const after = await balanceOf(tx, customer, change.at);
  return told(tx, change, {
    customer,
    delta: new Big(after).minus(before).toFixed(),
    grant,
    expires_at: expires,
  });
}

function needReason(change: Change): void {
  if (change.reason === null)
    throw new Failure('usage', 'A change of credits needs a reason', { hint: "Add --reason 'why'" });
}

/** The end of the current credit period, or never where there is none. */
async function expiryOf(tx: Db, { customer, expires }: NewGrant, at: Date): Promise<Date | null> {
  if (expires === 'never') return null;
  if (expires) return expires;
  const [row] = await tx<{ end: Date | null }[]>`
    select case when v.credits_every is null then e.period_end
                else upper(subctl_internal.cycle_at(e.customer_id, e.basis, e.anchor, v.credits_every, ${at}, e.anchor_timezone)) end as "end"
      from subctl_internal.effective_subscription(${customer}, ${at}) e
      join subctl.plan_versions v on v.plan_id = e.plan_id and v.version = e.version
     where e.access`;
  return row?.end ?? null;
}

async function balanceOf(db: Db, customer: string, at: Date): Promise<string> {
  const [row] = await db<
    [{ balance: string }]
  >`select trim_scale(subctl_internal.credit_balance(${customer}, ${at}))::text as balance`;
  return row.balance;
}

async function told(tx: Db, change: Change, done: Omit<CreditChange, 'balance'>): Promise<CreditChange> {
  const balance = await balanceOf(tx, done.customer, change.at);
  const before = new Big(balance).minus(done.delta).toFixed();
  await audit(tx, change, [
    {
      customer: done.customer,
      entity: 'credits',
      key: done.customer,
      before: { balance: before },
      after: { balance },
    },
  ]);
  const { customer, delta, grant, expires_at } = done;
  return { customer, delta, balance, grant, expires_at };
}
