import { beforeAll, expect, it } from 'vitest';
import { addMember } from '../../src/customers/add-member.ts';
import { handsOn } from '../invoices/world.ts';
import { asTester } from '../support/catalogue.ts';
import { testDatabase } from '../support/database.ts';
import { addOne, assign, loadLadder } from '../support/plans.ts';
import { programOn } from '../support/program.ts';

const { sql, env } = await testDatabase();
const { json, say } = programOn(env);
const { pay, giveBack, takeBack, numbers } = handsOn(sql);

beforeAll(async () => {
  await loadLadder(sql);
  for (const id of ['ann', 'bob', 'cid', 'eva']) await addOne(sql, { id });
  await assign(sql, '2026-01-01T00:00:00Z', { customer: 'ann', plan: 'pro' });
  await assign(sql, '2026-01-01T00:00:00Z', { customer: 'bob', plan: 'pro', every: '1y' });
  await assign(sql, '2026-01-01T00:00:00Z', { customer: 'cid', plan: 'max' });
  await assign(sql, '2026-01-20T00:00:00Z', { customer: 'eva', plan: 'pro', currency: 'EUR' });
  await pay('2026-01-05T00:00:00Z', (await numbers('ann'))[0]!, 'A');
  await giveBack('2026-01-06T00:00:00Z', (await numbers('ann'))[0]!, { amount: '9.99' });
  await takeBack('2026-01-07T00:00:00Z', (await numbers('eva'))[0]!);
});

it('what a month brings goes by dates: reports are the same before a task has written the ends, and afterwards', async () => {
  const monthly = async (at: string) => {
    const rows = await json<{ plan: string; currency: string; subscriptions: number; mrr: string }[]>(
      `usage-report revenue --from 2026-01-01 --to ${at}`,
    );
    const { months } = await json<{ months: Record<string, unknown>[] }>(
      `usage-report trends --months 1 --currency USD --as-of ${at}`,
    );
    const { subscriptions, ended_subscriptions: ended, mrr } = months[0]!;
    const [{ stood }] = await sql<[{ stood: number }]>`
      select count(*)::int as stood from subctl_internal.standings(${at}) where basis = 'subscription'`;
    expect(subscriptions).toBe(stood);
    return [...rows.map((row) => `${row.plan} ${row.currency} ${row.subscriptions} ${row.mrr}`), ended, mrr];
  };
  // cid and bob were to pay by the 15th, and have what they have until the 22nd
  const grace = ['pro EUR 1 27.99', 'max USD 1 99.99', 'pro USD 2 54.98', 0, '154.97'];
  const over = ['pro EUR 1 27.99', 'max USD 0 0.00', 'pro USD 1 29.99', 2, '29.99'];
  expect(await monthly('2026-01-21T00:00:00Z')).toEqual(grace);
  expect(await monthly('2026-01-31T00:00:00Z')).toEqual(over);
  await say('handle-renewals --as-of 2026-01-31T00:00:00Z');
  await say('check-expired --as-of 2026-01-31T00:00:00Z');
  expect(await sql`select from subctl.subscriptions where ended_at = '2026-01-22'`).toHaveLength(2);
  expect(await monthly('2026-01-31T00:00:00Z')).toEqual(over);
});

/** Nothing of Stripe's: no dispute, no balance, no credit note. */
const nothingBeside = Object.fromEntries(
  ['disputed', 'balance', 'credit_notes', 'out_of_band', 'credits'].map((key) => [key, '0.00']),
);

it('usage-report revenue: invoiced, paid, given back, overdue, and what a month brings, by plan and currency', async () => {
  const january = await json('usage-report revenue --from 2026-01-01 --to 2026-02-01');
  expect(january).toEqual([
    {
      plan: 'pro',
      currency: 'EUR',
      invoiced: '0.00',
      paid: '0.00',
      refunded: '0.00',
      ...nothingBeside,
      overdue: '0.00',
      subscriptions: 1,
      mrr: '27.99',
    },
    {
      plan: 'max',
      currency: 'USD',
      invoiced: '99.99',
      paid: '0.00',
      refunded: '0.00',
      ...nothingBeside,
      overdue: '99.99',
      subscriptions: 0,
      mrr: '0.00',
    },
    // 29.99 a month is paid; for 99.99 a month and 299.90 a year nobody paid, and their grace is over
    {
      plan: 'pro',
      currency: 'USD',
      invoiced: '329.89',
      paid: '29.99',
      refunded: '9.99',
      ...nothingBeside,
      overdue: '299.90',
      subscriptions: 1,
      mrr: '29.99',
    },
  ]);
  expect((await say('usage-report revenue --from 2026-01-01 --to 2026-02-01')).stdout).toContain(
    '30.4375 days',
  );
});

it('T10: usage-report groups shows every group with its plan, seats, members and use', async () => {
  await addOne(sql, { id: 'team', kind: 'group' });
  await assign(sql, '2026-01-01T00:00:00Z', { customer: 'team', plan: 'pro' });
  const at = new Date('2026-01-02T00:00:00Z');
  for (const member of ['mia', 'moe'])
    await asTester(
      sql,
      (tx, change) => addMember(tx, change, { customer: 'team', member, role: 'member' }),
      at,
    );
  await sql`select subctl.record_usage('team', 'message', as_of => '2026-01-03T00:00:00Z', member => 'mia')`;
  expect(await json('usage-report groups --from 2026-01-01 --to 2026-01-10')).toEqual([
    {
      group: 'team',
      name: null,
      plan: 'pro',
      status: 'active',
      members: 2,
      seats: 3,
      used_by: 1,
      uses: 1,
      cost: '0',
    },
  ]);
});
