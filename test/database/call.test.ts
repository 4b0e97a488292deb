import { expect, it } from 'vitest';
import { call, callJson, callRows } from '../../src/database/call.ts';
import { testDatabase } from '../support/database.ts';

const { sql } = await testDatabase();
const at = new Date('2026-03-29T01:30:00.123Z');

it('a value comes as the handle reads it, null too', async () => {
  await expect(call(sql, 'subctl_internal.setting', { key: 'no such setting' })).resolves.toBeNull();
  await expect(call(sql, 'subctl_internal.ensure_partitions', { as_of: at, months: 1 })).resolves.toEqual(
    expect.any(Number),
  );
});

it('what has a default may be left out, and a list is read as the function says', async () => {
  const given = { p_customers: [], p_as_of: at, p_change: 'none', p_most: undefined };
  await expect(call(sql, 'subctl_internal.post_due_credits', given)).resolves.toBe(0);
});

it('rows come with the names of their columns', async () => {
  await sql`insert into subctl.customers (id, created_at) values ('ada', ${at})`;
  const rows = await callRows(sql, 'subctl_internal.standing', { customer: 'ada', as_of: at });
  expect(rows).toMatchObject([{ customer_id: 'ada', plan_id: null, access: false, basis: 'none' }]);
});

it('JSON of any kind is given and read', async () => {
  const given = { customer: 'unknown', kind: 'chat', units: { pages: 2 }, metadata: true };
  await expect(callJson(sql, 'subctl.check_usage', given)).resolves.toMatchObject({ allowed: false });
});

it('runs inside the transaction of its handle', async () => {
  const undone = sql.begin(async (tx) => {
    await call(tx, 'subctl_internal.ensure_partitions', {
      as_of: new Date('2031-01-01T00:00:00Z'),
      months: 1,
    });
    throw new Error('no');
  });
  await expect(undone).rejects.toThrow('no');
  await expect(sql`select to_regclass('subctl.usage_events_2031_01') as made`).resolves.toEqual([
    { made: null },
  ]);
});

it('each call of one shape is the same template: postgres.js keeps every other one for ever', async () => {
  const seen = new Set<unknown>();
  const handle = new Proxy(sql, {
    apply(target, self, words: unknown[]) {
      seen.add(words[0]);
      return Reflect.apply(target as never, self, words) as unknown;
    },
  });
  for (const key of ['timezone', 'currency', 'roles_prefix'])
    await call(handle, 'subctl_internal.setting', { key });
  expect(seen.size).toBe(1);
});
