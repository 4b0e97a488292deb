import type { SettingValue } from '../config/database-setting.ts';
import type { Db } from '../database/connect.ts';
import { orm } from '../database/orm.ts';
import { customers } from '../database/schema/customers.ts';
import { Failure } from '../domain/failure.ts';

/** Keys are kept so much longer than uses may be late (R15), whatever clocks say. */
const keyDays = 10;

interface Asked {
  key: string;
  value: SettingValue;
  before: SettingValue;
  at: Date;
}

/**
 * What a setting must agree with beside itself: other settings, and what the database holds already.
 * @throws Failure refused
 */
export async function checkTogether(tx: Db, asked: Asked): Promise<void> {
  const { key } = asked;
  if (key === 'timezone') await checkZone(tx, asked);
  if (key === 'cost_currency') await checkCurrency(tx, asked);
  if (key === 'lateness_days' || key === 'events_months') await checkRetention(tx, asked);
  if (key === 'lateness_days') await checkKeys(tx, asked);
  if (key === 'charges_per_run' || key === 'charges_per_day') await checkCharges(tx, asked);
}

/** Afterwards it would move windows that are under way. */
async function checkZone(tx: Db, { before }: Asked): Promise<void> {
  const rows = await orm(tx).select({ id: customers.id }).from(customers).limit(1);
  if (rows.length === 0) return;
  throw new Failure(
    'refused',
    `The time zone is ${String(before)}, and there are customers whose windows lie in it`,
    {
      hint: 'Give customers zones of their own: subctl customers edit CUSTOMER --timezone ZONE',
    },
  );
}

async function checkCurrency(tx: Db, { before, value }: Asked): Promise<void> {
  const [row] = await tx<[{ priced: boolean }]>`
    select exists (select from subctl.prices) or exists (select from subctl.usage_events where cost is not null) as priced`;
  if (!row.priced) return;
  throw new Failure(
    'refused',
    `There are prices or costs in ${String(before)} already, which would become ${String(value)}`,
    {
      hint: 'Prices and costs have one currency, chosen before the first price: make a database of its own for another',
    },
  );
}

/** A late use, and the windows that it counts in, need the events of their time. A month has 28 days at least. */
async function checkRetention(tx: Db, asked: Asked): Promise<void> {
  const days = await valueOf(tx, asked, { key: 'lateness_days', preset: 35 });
  const months = await valueOf(tx, asked, { key: 'events_months', preset: 13 });
  if (months * 28 >= days + keyDays) return;
  throw new Failure(
    'refused',
    `Uses may be ${days} days late, and events are kept for ${months} ${months === 1 ? 'month' : 'months'} only`,
    {
      hint: `Keep them at least ${Math.ceil((days + keyDays) / 28)} months: subctl config set events_months N`,
    },
  );
}

/**
 * A use that is late again as it once was would be counted twice when its key is gone: keys are kept ten days longer than a use may be
 * late, so no more than that may be given at once, and again when so much time has passed.
 */
async function checkKeys(tx: Db, { before, value, at }: Asked): Promise<void> {
  const [row] = await tx<[{ most: number }]>`
    select least(${before as number}::int + ${keyDays}::int,
             min((l.before ->> 'value')::int + ${keyDays}::int + extract(epoch from ${at}::timestamptz - c.at)::int / 86400))::int as most
      from subctl.audit_log l join subctl.changes c on c.id = l.change_id
     where l.customer_id = '' and l.entity = 'setting' and l.entity_key = 'lateness_days' and l.before is not null`;
  if ((value as number) <= row.most) return;
  throw new Failure(
    'refused',
    `The keys of uses that are ${String(value)} days old may be gone, so that such a use could be counted twice`,
    {
      hint: `Set ${row.most} at most now, and more as time passes`,
    },
  );
}

async function checkCharges(tx: Db, asked: Asked): Promise<void> {
  const run = await valueOf(tx, asked, { key: 'charges_per_run', preset: 12 });
  const day = await valueOf(tx, asked, { key: 'charges_per_day', preset: 15 });
  if (run <= day) return;
  throw new Failure(
    'refused',
    `A run may charge a subscription ${run} times then, and a whole day ${day} times`,
    {
      hint: `Set charges_per_${asked.key === 'charges_per_run' ? 'day to at least' : 'run to at most'} ${asked.key === 'charges_per_run' ? run : day} first`,
    },
  );
}

/** The number that a setting will have: the one that is asked for, else the stored one, else its default. */
async function valueOf(
  tx: Db,
  asked: Asked,
  { key, preset }: { key: string; preset: number },
): Promise<number> {
  if (asked.key === key) return asked.value as number;
  const [row] = await tx<
    [{ value: number }]
  >`select coalesce(subctl_internal.setting(${key})::int, ${preset}) as value`;
  return row.value;
}
