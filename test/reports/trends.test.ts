import { beforeAll, describe, expect, it } from 'vitest';
import { listTrends } from '../../src/reports/trends.ts';
import { sumRevenue } from '../../src/reports/revenue.ts';
import { handsOn } from '../invoices/world.ts';
import { testDatabase } from '../support/database.ts';
import { addOne, assign, loadLadder } from '../support/plans.ts';
import { programOn } from '../support/program.ts';
import { record } from '../usage/world.ts';

const { sql, env } = await testDatabase();
const { say, json } = programOn(env);
const { pay, numbers, night } = handsOn(sql);
const now = new Date('2026-03-20T00:00:00Z');
const asOf = `--as-of ${now.toISOString()}`;

beforeAll(async () => {
  await loadLadder(sql);
  for (const id of ['ann', 'bob', 'cid', 'eva']) await addOne(sql, { id });
  await assign(sql, '2026-01-10T00:00:00Z', { customer: 'ann', plan: 'pro' });
  await assign(sql, '2026-02-01T00:00:00Z', { customer: 'bob', plan: 'pro', every: '1y' });
  await assign(sql, '2026-01-05T00:00:00Z', { customer: 'cid', plan: 'bare' });
  await assign(sql, '2026-03-15T00:00:00Z', { customer: 'eva', plan: 'pro', currency: 'EUR' });
  for (const [customer, at, cost] of [
    ['ann', '2026-01-31T23:59:59Z', '0.10'],
    ['ann', '2026-02-01T00:00:00Z', '0.20'],
    ['bob', '2026-02-10T00:00:00Z', '0.0005'],
  ] as const)
    await record(sql, { customer, as_of: at, cost, already_spent: true });
  await pay('2026-01-11T00:00:00Z', (await numbers('ann'))[0]!, 'A');
  await pay('2026-02-02T00:00:00Z', (await numbers('bob'))[0]!, 'B');
  for (let day = 6; day < 80; day++) await night(new Date(Date.UTC(2026, 0, day, 3)).toISOString());
});

describe('usage-report trends', () => {
  it('has every month with its use, cost, customers and subscriptions, 0 where there was nothing', async () => {
    const { months } = await json<{ months: object[] }>(`usage-report trends --months 4 ${asOf}`);
    expect(months).toMatchObject([
      {
        label: '2025-12',
        uses: 0,
        cost: '0',
        active_customers: 0,
        new_subscriptions: 0,
        subscriptions: 0,
        mrr: '0.00',
        complete: true,
      },
      // cid never paid the 5.00 and is gone after 14 days and 7 of grace
      {
        label: '2026-01',
        uses: 1,
        cost: '0.1',
        active_customers: 1,
        new_subscriptions: 2,
        ended_subscriptions: 1,
        subscriptions: 1,
        mrr: '29.99',
      },
      {
        label: '2026-02',
        uses: 2,
        cost: '0.2005',
        active_customers: 2,
        new_subscriptions: 1,
        ended_subscriptions: 0,
        subscriptions: 2,
        mrr: '54.98',
      },
      // nor did ann pay for February: pro ends, and free follows, which nobody chose
      {
        label: '2026-03',
        uses: 0,
        cost: '0',
        new_subscriptions: 1,
        ended_subscriptions: 1,
        subscriptions: 2,
        mrr: '24.99',
        complete: false,
      },
    ]);
  });

  it('the month under way brings what usage-report revenue says', async () => {
    for (const currency of ['USD', 'EUR']) {
      const { months } = await listTrends(sql, { now, count: 1, currency });
      const revenue = await sumRevenue(sql, {
        from: new Date('2026-03-01T00:00:00Z'),
        to: now,
        timezone: 'UTC',
      });
      const rows = revenue.filter((row) => row.currency === currency && Number(row.mrr) > 0);
      expect(rows).toHaveLength(1);
      expect(months[0]!.mrr).toBe(rows[0]!.mrr);
    }
  });

  it('people see a table with a line under each column; another currency is named', async () => {
    const { stdout, stderr } = await say(`usage-report trends --months 3 ${asOf}`);
    expect(stdout).toMatch(/^month +uses +cost +active +new +ended +subs +MRR$/m);
    expect(stdout).toMatch(/^ +▅█▁ +/m);
    expect(stderr).toContain('Revenue in EUR is not included in mrr: use --currency EUR');
  });

  it('a currency that is none is refused', async () => {
    const { code, stdout, stderr } = await say('usage-report trends --currency euros');
    expect([code, stdout]).toEqual([2, '']);
    expect(stderr).toContain("The --currency 'EUROS' is not a currency code of three letters");
  });

  it('HTML is one page with a picture of each series, no script, and nothing from elsewhere', async () => {
    const { stdout } = await say(`usage-report trends --months 3 ${asOf} --format html`);
    expect(stdout.match(/<svg /g)).toHaveLength(6);
    expect(stdout).toContain('<figcaption>Uses</figcaption>');
    expect(stdout).not.toMatch(/<script|<link|<img|url\((?!#)|(href|src)=/);
    expect(stdout.match(/<style/g)).toHaveLength(1);
    expect(
      (await say(`usage-report trends --months 3 ${asOf} --format csv`)).stdout.split('\r\n'),
    ).toHaveLength(5);
  });
});
