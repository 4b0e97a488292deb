import { beforeAll, expect, test } from 'vitest';
import { testDatabase } from '../support/database.ts';
import { check, customer, everything, lay, plan, record, subscribe } from './world.ts';

const { sql } = await testDatabase();
const now = '2026-03-10T12:00:00Z';
let made = 0;

beforeAll(async () => {
  await lay(sql, undefined, { image: '2' });
  await sql`insert into subctl.models (provider, pattern, free_tier) values ('free', '*', true)`;
  await plan(sql, 'basic', {
    limits: { messages: { month: 5, day: 3 }, images: { month: 0 }, files: { month: null } },
  });
});

async function someone(
  on: string | null = 'basic',
  options: Parameters<typeof customer>[2] = {},
): Promise<string> {
  const who = await customer(sql, `c${++made}`, options);
  if (on) await subscribe(sql, who, on, { at: '2026-03-01T00:00:00Z' });
  return who;
}

test('R16: a check writes nothing, whatever it would have to open, grant or close', async () => {
  await plan(sql, 'credited', { credits: '10', limits: { images: { day: 3, rolling_3h: 3 } } });
  const who = await someone('credited');
  await record(sql, { customer: who, kind: 'image', as_of: now });
  const before = await everything(sql);
  for (const as_of of [now, '2026-03-11T12:00Z', '2026-04-20T00:00Z', '2026-07-01T00:00Z'])
    for (const over of [
      {},
      { quantity: 9 },
      { quantity: 9, partial: true },
      { quantity: 99, already_spent: true },
      { customer: 'nobody' },
      { customer: await someone('credited') },
    ])
      await check(sql, { customer: who, kind: 'image', as_of, ...over });
  const after = await everything(sql);
  expect(after.replaceAll(/customers: .*|changes: .*|customer_windows: .*|usage_totals: .*/g, '')).toBe(
    before.replaceAll(/customers: .*|changes: .*|customer_windows: .*|usage_totals: .*/g, ''),
  );
});

test('a check answers what recording then does', async () => {
  const who = await someone('credited');
  for (const over of [
    {},
    { quantity: 2 },
    { quantity: 2 },
    { as_of: '2026-03-12T00:00Z', quantity: 5, partial: true },
    { as_of: '2026-03-13T00:00Z', quantity: 9, already_spent: true },
  ]) {
    const use = { customer: who, kind: 'image', as_of: now, ...over };
    const foretold = await check(sql, use);
    const { event_id, alerts, ...done } = await record(sql, use);
    expect({ ...foretold, event_id, alerts }).toEqual({ ...done, event_id, alerts });
  }
});
