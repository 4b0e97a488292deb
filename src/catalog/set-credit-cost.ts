import { and, eq } from 'drizzle-orm';
import Big from 'big.js';
import { type Change, audit } from '../database/change.ts';
import type { Db } from '../database/connect.ts';
import { orm } from '../database/orm.ts';
import { creditCosts } from '../database/schema/catalog.ts';
import { Failure } from '../domain/failure.ts';
import type { KindCost } from './catalogue.ts';
import { compilePlan, compileRules, lockCatalogue } from './compile.ts';
import { findKinds } from './find-meters.ts';
import { getPlan } from './find-plans.ts';
import { creditCostWords, isCreditCost } from './read-credits.ts';
import { isId } from './read-values.ts';
import { mergeCreditCosts } from './save-credit-costs.ts';
import { addKinds, setKindCost } from './save-meter.ts';
import { readStandard } from './shipped.ts';

export interface SetCreditCost {
  kind: string;
  plan: string | null;
  amount: string | null;
  before: string | null;
  /** the kind is new */
  isNewKind: boolean;
  /** whether uses of the kind cost money at a provider: `priced` or none */
  cost: KindCost;
  changed: boolean;
}

export interface CreditCostRequest {
  kind: string;
  /** null: every plan without its own cost */
  plan: string | null;
  /** null: the cost is removed */
  amount: string | null;
  newKind: boolean;
  cost?: KindCost | undefined;
}

/**
 * Sets what one use of a kind costs in credits, on every plan or on one; null removes the cost. An unknown kind is created only with
 * `newKind`, so that a typing error does not create one. `cost` says whether its uses cost anything at a provider.
 * @throws Failure usage of 0 or above 1000, not_found for an unknown kind or plan
 */
export async function setCreditCost(
  tx: Db,
  change: Change,
  { kind: word, plan, amount, newKind, cost }: CreditCostRequest,
): Promise<SetCreditCost> {
  if (amount !== null && !isCreditCost(amount))
    throw new Failure('usage', `A credit cost of ${amount} is not ${creditCostWords}`, {
      hint: 'Give `none` for a use that costs no credits',
    });
  await lockCatalogue(tx);
  if (plan !== null) await getPlan(tx, plan);
  await addKinds(tx, readStandard().kinds);
  const { kind, isNewKind, costBefore } = await findOrAddKind(tx, { word, newKind });
  const before = await replaceAmount(tx, { kind, plan: plan ?? '', amount });
  const otherCost = cost !== undefined && (await setKindCost(tx, kind, cost));
  const costly = (value: string | null) => (value === null ? null : { cost: new Big(value).toFixed() });
  await audit(tx, change, [
    {
      entity: 'credit_cost',
      key: plan === null ? kind : `${plan} ${kind}`,
      before: costly(before),
      after: costly(amount),
    },
    ...(otherCost
      ? [{ entity: 'kind', key: kind, before: isNewKind ? null : { cost: costBefore }, after: { cost } }]
      : []),
  ]);
  if (plan === null || isNewKind || otherCost) await compileRules(tx, 'all');
  else await compilePlan(tx, plan);
  const changed = isNewKind || otherCost || !isSameAmount(before, amount);
  return { kind, plan, amount, before, isNewKind, cost: cost ?? costBefore, changed };
}

function isSameAmount(one: string | null, other: string | null): boolean {
  return one === null || other === null ? one === other : new Big(one).eq(other);
}

/** Returns the kind of a word, and adds it where that is allowed. @throws Failure not_found */
async function findOrAddKind(
  tx: Db,
  { word, newKind }: { word: string; newKind: boolean },
): Promise<{ kind: string; isNewKind: boolean; costBefore: KindCost }> {
  const known = (await findKinds(tx)).find(({ id }) => id === word);
  if (known) return { kind: known.canonical, isNewKind: false, costBefore: known.cost ?? 'priced' };
  if (!newKind || !isId(word))
    throw new Failure('not_found', `There is no kind '${word}'`, {
      hint: 'Create it with --new-kind',
    });
  await addKinds(tx, [{ id: word, canonical: word }]);
  return { kind: word, isNewKind: true, costBefore: 'priced' };
}

/** Writes an amount, or deletes it for null; returns the previous one. */
async function replaceAmount(
  tx: Db,
  { kind, plan, amount }: { kind: string; plan: string; amount: string | null },
): Promise<string | null> {
  const isIt = and(eq(creditCosts.planId, plan), eq(creditCosts.kind, kind));
  const rows = await orm(tx).select({ amount: creditCosts.amount }).from(creditCosts).where(isIt);
  if (amount === null) await orm(tx).delete(creditCosts).where(isIt);
  else await mergeCreditCosts(tx, { plan, costs: [{ kind, amount }] });
  return rows[0]?.amount ?? null;
}
