import { expect, test } from 'vitest';
import { testDatabase } from '../support/database.ts';
import { customer, lay, plan, record, subscribe } from './world.ts';

const { sql } = await testDatabase();

test('R1 S15: what is spent after an extended subscription has ended lies in no period of it, by the dates as well as when the end is written', async () => {
  await lay(sql);
  await plan(sql, 'ending', { limits: { messages: { period: 30 } }, fallback: 'none' });
  for (const who of ['dated', 'written']) {
    await customer(sql, who);
    await subscribe(sql, who, 'ending', { at: '2026-01-15T00:00:00Z', autoRenew: false });
    // two weeks more than a month: the anchor's own grid begins a period on the 15th, within what runs
    await sql`update subctl.subscriptions set current_period_end = '2026-03-01' where customer_id = ${who}`;
  }
  await sql`select subctl_internal.expire_subscriptions('2026-03-02', array['written'], 'test')`;
  for (const who of ['dated', 'written']) {
    const answer = await record(sql, { customer: who, as_of: '2026-03-05T00:00:00Z', already_spent: true });
    expect(answer.limits.find((l) => l.window === 'period')).toMatchObject({
      used: '1',
      window_start: '2026-03-01T00:00:00.000Z',
    });
  }
});

test('R16 R35: an end that nobody has written cuts the open windows, as a written one does', async () => {
  await plan(sql, 'months', { limits: { messages: { month: 30 } }, fallback: 'none' });
  for (const who of ['unwritten', 'closed']) {
    await customer(sql, who);
    await subscribe(sql, who, 'months', { at: '2026-01-10T00:00:00Z' });
    await sql`update subctl.subscriptions set status = 'past_due', past_due_since = '2026-01-13', grace_until = '2026-01-20' where customer_id = ${who}`;
    await record(sql, { customer: who, as_of: '2026-01-15T00:00:00Z' });
  }
  await sql`select subctl_internal.expire_subscriptions('2026-01-21', array['closed'], 'test')`;
  for (const who of ['unwritten', 'closed']) {
    const spent = { customer: who, as_of: '2026-01-25T00:00:00Z', already_spent: true };
    expect(
      (await record(sql, spent)).limits.find((l) => l.window === 'month'),
      who,
    ).toMatchObject({
      used: '1',
      window_start: '2026-01-20T00:00:00.000Z',
    });
  }
  await sql`select subctl_internal.expire_subscriptions('2026-01-26', array['unwritten'], 'test')`;
  const rows = await sql`
    select used::int from subctl.window_usage
     where customer_id = any('{unwritten,closed}') and meter_id = 'messages' and "window" = 'month' order by customer_id, window_start`;
  expect(rows.map(({ used }) => used as number)).toEqual([1, 1, 1, 1]);
});
