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

/** A customer's own limit in place of the plan's, from–to, with its reason and who set it. */
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
 * Gives a customer a limit of its own from the change's instant on, until `until` or for good; it survives changes of the plan. The one
 * that held before ends there.
 * @throws Failure refused when the customer's plan does not count that window, usage without a reason or for an end that is over
 */
export async function setLimit(tx: Db, change: Change, asked: NewOverride): Promise<Override> {
  const { customer, meter, window, scope, limit, until } = asked;
  if (change.reason === null) {
    throw new Failure('usage', 'A limit of its own needs a reason', { hint: "Add --reason 'why'" });
  }
  if (until && until <= change.at) {
    throw new Failure('usage', `The limit would end at ${until.toISOString()}, which is over`, {
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

/** `llm_tokens month customer`: how the audit names an override. */
export const keyOf = ({ meter, window, scope }: OverrideKey): string => `${meter} ${window} ${scope}`;

/** The override that holds at `at`, if any. */
export async function findOverride(db: Db, key: OverrideKey, at: Date): Promise<Override | undefined> {
  const [row] = await db<Override[]>`
    select meter_id as meter, "window", scope, limit_value as "limit", starts_at, ends_at, reason, actor
      from subctl.limit_overrides
     where customer_id = ${key.customer} and meter_id = ${key.meter} and "window" = ${key.window} and scope = ${key.scope}
       and starts_at <= ${at} and (ends_at is null or ends_at > ${at})
     order by starts_at desc limit 1`;
  return row;
}

/** Ends what holds at `at`; what began at that very instant never held and goes. */
export async function endOverride(tx: Db, key: OverrideKey, at: Date): Promise<void> {
  await tx`
    delete from subctl.limit_overrides
     where customer_id = ${key.customer} and meter_id = ${key.meter} and "window" = ${key.window} and scope = ${key.scope} and starts_at = ${at}`;
  await tx`
    update subctl.limit_overrides set ends_at = ${at}
     where customer_id = ${key.customer} and meter_id = ${key.meter} and "window" = ${key.window} and scope = ${key.scope}
       and starts_at < ${at} and (ends_at is null or ends_at > ${at})`;
}
