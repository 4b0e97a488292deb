import { expect, it } from 'vitest';
import { findEventSpan } from '../../src/database/event-span.ts';
import { testDatabase } from '../support/database.ts';
import { customer, lay, plan, record, subscribe } from '../usage/world.ts';

const { sql } = await testDatabase();
const use = (at: string) => record(sql, { customer: 'ann', as_of: at });

it('the bounds of events are the months that hold any, and those that are given', async () => {
  await lay(sql);
  await plan(sql, 'any');
  await customer(sql, 'ann');
  await subscribe(sql, 'ann', 'any', { at: '2026-01-01T00:00:00Z' });
  await sql`select subctl_internal.ensure_partitions('2026-02-01', 4)`;
  expect(await findEventSpan(sql, {})).toEqual({ from: '-infinity', to: 'infinity' });
  await use('2026-02-28T23:59:59.999Z');
  await use('2026-04-01T00:00:00Z');
  expect(await findEventSpan(sql, {})).toEqual({
    from: '2026-02-01 00:00:00+00',
    to: '2026-05-01 00:00:00+00',
  });
  const given = new Date('2026-03-07T00:00:00Z');
  expect(await findEventSpan(sql, { from: given })).toEqual({
    from: given.toISOString(),
    to: '2026-05-01 00:00:00+00',
  });
  expect(await findEventSpan(sql, { to: given })).toMatchObject({ to: given.toISOString() });
  // it has no month of its own
  await sql`insert into subctl.usage_events (customer_id, at, id, recorded_at, kind, quantity, tier)
            values ('ann', '1999-01-01', gen_random_uuid(), now(), 'llm', 1, 'paid')`;
  expect(await findEventSpan(sql, {})).toEqual({ from: '-infinity', to: 'infinity' });
});
