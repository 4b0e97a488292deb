import { type Change, audit } from '../database/change.ts';
import type { Db } from '../database/connect.ts';
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
export interface Override {
  meter: string;
  window: string;
  scope: string;
  limit: string | null;
  starts_at: Date;
  ends_at: Date | null;
  reason: string;
  actor: string;
}

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
  await tx`
    insert into subctl.limit_overrides (customer_id, meter_id, "window", scope, starts_at, ends_at, limit_value, reason, actor, change_id)
    values (${customer}, ${meter}, ${window}, ${scope}, ${change.at}, ${until ?? null}, ${limit}, ${change.reason}, ${change.actor}, ${change.id})`;
  await tx`update subctl.customers set has_overrides = true where id = ${customer} and not has_overrides`;
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
  const [row] = await db<Override[]>`
    select meter_id as meter, "window", scope, limit_value as "limit", starts_at, ends_at, reason, actor
      from subctl.limit_overrides
     where customer_id = ${key.customer} and meter_id = ${key.meter} and "window" = ${key.window} and scope = ${key.scope}
       and starts_at <= ${at} and (ends_at is null or ends_at > ${at})
     order by starts_at desc limit 1`;
  return row;
}

/** Ends the override that applies at `at`; one that began at that instant never applied and is deleted. */
export async function endOverride(tx: Db, key: OverrideKey, at: Date): Promise<void> {
  await tx`
    delete from subctl.limit_overrides
     where customer_id = ${key.customer} and meter_id = ${key.meter} and "window" = ${key.window} and scope = ${key.scope} and starts_at = ${at}`;
  await tx`
    update subctl.limit_overrides set ends_at = ${at}
     where customer_id = ${key.customer} and meter_id = ${key.meter} and "window" = ${key.window} and scope = ${key.scope}
       and starts_at < ${at} and (ends_at is null or ends_at > ${at})`;
}
