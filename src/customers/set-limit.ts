import { and, desc, eq, gt, isNull, lt, lte, not, or } from 'drizzle-orm';
import { type Change, audit } from '../database/change.ts';
import type { Renamed, Row } from '../database/columns.ts';
import type { Db } from '../database/connect.ts';
import { orm } from '../database/orm.ts';
import { limitOverrides } from '../database/schema/limit-overrides.ts';
import { customers } from '../database/schema/customers.ts';
import { Failure } from '../domain/failure.ts';
import { lockCustomer } from './find-customer.ts';
import { checkCounted } from './counted-windows.ts';
import type { OverrideKey } from './override-key.ts';

export interface NewOverride extends OverrideKey {
  /** null is unlimited, '0' disabled (R11) */
  limit: string | null;
  until?: Date | undefined;
}

/** A customer's own limit in place of the plan's, from–to, with its reason and its author. */
export type Override = Renamed<
  Pick<
    Row<typeof limitOverrides>,
    'meter_id' | 'window' | 'scope' | 'limit_value' | 'starts_at' | 'ends_at' | 'reason' | 'actor'
  >,
  { meter_id: 'meter'; limit_value: 'limit' }
>;

/**
 * Sets a customer's own limit from the change's instant on, until `until` or permanently; it survives changes of the plan. The previous
 * one ends there.
 * @throws Failure refused when the customer's plan does not count that window, usage without a reason or for an end in the past
 */
export async function setLimit(tx: Db, change: Change, asked: NewOverride): Promise<Override> {
  const { customer, meter, window, scope, limit, until } = asked;
  if (change.reason === null) {
    throw new Failure('usage', 'A custom limit needs a reason', { hint: "Add --reason 'why'" });
  }
  if (until && until <= change.at) {
    throw new Failure('usage', `The limit would end at ${until.toISOString()}, which is in the past`, {
      hint: 'Give a later --until',
    });
  }
  await lockCustomer(tx, customer);
  await checkCounted(tx, asked, change.at);
  const before = await findOverride(tx, asked, change.at);
  await endOverride(tx, asked, change.at);
  const { at: startsAt, reason, actor, id: changeId } = change;
  await orm(tx)
    .insert(limitOverrides)
    .values({
      ...{ customerId: customer, meterId: meter, window, scope, limitValue: limit },
      ...{ startsAt, endsAt: until, reason, actor, changeId },
    });
  await orm(tx)
    .update(customers)
    .set({ hasOverrides: true })
    .where(and(eq(customers.id, customer), not(customers.hasOverrides)));
  const after = (await findOverride(tx, asked, change.at))!;
  await audit(tx, change, [
    {
      customer,
      entity: 'limit',
      key: keyOf(asked),
      before: before ? { ...before } : null,
      after: { ...after },
    },
  ]);
  return after;
}

/** `llm_tokens month customer`: the key of an override in the audit. */
export const keyOf = ({ meter, window, scope }: OverrideKey): string => `${meter} ${window} ${scope}`;

/** Finds the override that applies at `at`. */
export async function findOverride(db: Db, key: OverrideKey, at: Date): Promise<Override | undefined> {
  const { meterId, window, scope, limitValue, startsAt, endsAt, reason, actor } = limitOverrides;
  const [row] = await orm(db)
    .select({
      ...{ meter: meterId, window, scope, limit: limitValue },
      ...{ starts_at: startsAt, ends_at: endsAt, reason, actor },
    })
    .from(limitOverrides)
    .where(and(isOf(key), lte(startsAt, at), holdsAfter(at)))
    .orderBy(desc(startsAt))
    .limit(1);
  return row;
}

/** Ends the override that applies at `at`; one that began at that instant never applied and is deleted. */
export async function endOverride(tx: Db, key: OverrideKey, at: Date): Promise<void> {
  const { startsAt } = limitOverrides;
  await orm(tx)
    .delete(limitOverrides)
    .where(and(isOf(key), eq(startsAt, at)));
  await orm(tx)
    .update(limitOverrides)
    .set({ endsAt: at })
    .where(and(isOf(key), lt(startsAt, at), holdsAfter(at)));
}

const isOf = ({ customer, meter, window, scope }: OverrideKey) =>
  and(
    ...[eq(limitOverrides.customerId, customer), eq(limitOverrides.meterId, meter)],
    ...[eq(limitOverrides.window, window), eq(limitOverrides.scope, scope)],
  );

const holdsAfter = (at: Date) => or(isNull(limitOverrides.endsAt), gt(limitOverrides.endsAt, at));
