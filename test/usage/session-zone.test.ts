import { expect, test } from 'vitest';
import type { Connection } from '../../src/database/connect.ts';
import { testDatabase } from '../support/database.ts';
import { customer, lay, plan, record, subscribe, used } from './world.ts';

const { sql } = await testDatabase();

test('R7: thirty-one days back are 744 hours, whatever zone the session of the application is in', async () => {
  await lay(sql);
  await plan(sql, 'bare');
  await plan(sql, 'rolling', { limits: { messages: { rolling_744h: 100 } } });
  const who = await customer(sql, 'ada');
  await subscribe(sql, who, 'bare', { at: '2026-01-01T00:00:00Z' });
  await record(sql, { customer: who, quantity: 5, as_of: '2026-02-17T00:30:00Z' });
  await sql`update subctl.subscriptions set plan_id = 'rolling', epoch = epoch + 1, current_period_end = '2026-04-01' where customer_id = ${who}`;
  // New York's clock went forward on 8 March: its 31 days before this are an hour short of 744
  const answer = await sql.begin(async (tx) => {
    await tx`set local timezone = 'America/New_York'`;
    return record(tx as unknown as Connection, { customer: who, as_of: '2026-03-20T00:00:00Z' });
  });
  expect(used(answer, 'messages', 'rolling_744h')).toBe('6');
  const [later] = await sql`
    select trim_scale(used)::text as used from subctl.usage_limits(${who}, '2026-03-20T00:10:00Z') where win = 'rolling_744h'`;
  expect(later).toEqual({ used: '6' });
});
