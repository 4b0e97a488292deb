import { beforeAll, expect, test } from 'vitest';
import { subctl } from '../../support/cli.ts';
import { testDatabase } from '../../support/database.ts';
import { customer, lay, plan, record, subscribe } from '../../usage/world.ts';

const { sql, env } = await testDatabase();
const json = async (line: string) => JSON.parse((await subctl(`${line} --json`.split(' '), { env })).stdout);

beforeAll(async () => {
  await lay(sql);
  await plan(sql, 'ten', { limits: { messages: { month: 10, lifetime: 100 } } });
  await customer(sql, 'ann');
  await subscribe(sql, 'ann', 'ten', { at: '2026-03-01T00:00:00Z' });
  await record(sql, { customer: 'ann', as_of: '2026-03-10T12:00:00Z', quantity: 9 });
});

test('A4: alerts list has the fixed shape, and says how grave each is', async () => {
  const alerts = await json('alerts list --customer ann');
  expect(alerts).toMatchObject([
    {
      meter: 'messages',
      window: 'month',
      window_start: '2026-03-01T00:00:00.000Z',
      threshold: '80',
      used: '9',
      limit: '10',
      at: '2026-03-10T12:00:00.000Z',
      severity: 'info',
    },
    { threshold: '90', severity: 'warning' },
  ]);
  expect(Object.keys(alerts[0]).slice(0, 7)).toEqual([
    'meter',
    'window',
    'window_start',
    'threshold',
    'used',
    'limit',
    'at',
  ]);
});

test('R39: a threshold alerts once a window; a changed limit arms it again', async () => {
  await record(sql, { customer: 'ann', as_of: '2026-03-10T13:00:00Z', quantity: '0.5' });
  expect(await json('alerts list --customer ann')).toHaveLength(2);
  await sql`insert into subctl.limit_overrides (customer_id, meter_id, "window", starts_at, limit_value, reason, actor) values ('ann', 'messages', 'month', '2026-03-11Z', 11, 'r', 'a')`;
  await sql`update subctl.customers set has_overrides = true where id = 'ann'`;
  const again = await record(sql, { customer: 'ann', as_of: '2026-03-12T13:00:00Z', quantity: '0.5' });
  expect(again.alerts.map((a) => a.threshold)).toEqual(['80', '90']);
  const next = await record(sql, { customer: 'ann', as_of: '2026-04-02T13:00:00Z', quantity: 8.8 });
  expect(next.alerts.map((a) => a.threshold)).toEqual(['80']);
});

test('alerts read marks them, once', async () => {
  expect(await json('alerts read ann --as-of 2026-03-31T00:00:00Z')).toEqual({ customer: 'ann', read: 4 });
  expect(await json('alerts read ann --as-of 2026-03-31T00:00:00Z')).toEqual({ customer: 'ann', read: 0 });
  expect(await json('alerts list --unread')).toMatchObject([
    { threshold: '80', at: '2026-04-02T13:00:00.000Z' },
  ]);
  expect((await subctl(['alerts', 'read', 'nobody'], { env })).code).toBe(3);
});
