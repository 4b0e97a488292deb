import { beforeAll, describe, expect, it } from 'vitest';
import type { Dashboard } from '../../src/reports/dashboard.ts';
import { programOn } from '../support/program.ts';
import { testDatabase } from '../support/database.ts';
import { addCustomer, sellPlans } from './fixture.ts';

const { sql, env } = await testDatabase();
const { say, json } = programOn(env);
const now = '2026-03-11T00:00:00Z';
const page = `usage-report dashboard --as-of ${now}`;

const use = (customer: string, quantity: number, more: { at?: string; cost?: string } = {}) => {
  const { at = '2026-03-10T12:00:00Z', cost = '0' } = more;
  return sql`select subctl.record_usage(customer => ${customer}, kind => 'llm', quantity => ${quantity}, cost => ${cost}, as_of => ${at})`;
};

beforeAll(async () => {
  await sellPlans(sql);
  await sql`insert into subctl.meters (id, name, field) values ('cost_usd', 'Cost', 'cost')`;
  await sql`select subctl_internal.compile_all()`;
  const from = '2026-02-20T00:00:00Z';
  await addCustomer(sql, 'full', { plan: 'premium', from });
  await addCustomer(sql, 'most', { plan: 'premium', from });
  await addCustomer(sql, 'some', { plan: 'premium', from });
  await addCustomer(sql, 'endless', { plan: 'pro', from });
  await addCustomer(sql, 'nobody', { from });
  await sql`insert into subctl.limit_overrides (customer_id, meter_id, "window", scope, limit_value, starts_at, reason, actor)
            values ('some', 'messages', 'month', 'customer', 20, '2026-03-01', 'test', 'tester')`;
  await sql`update subctl.customers set has_overrides = true where id = 'some'`;
  await use('full', 100, { cost: '1.50' });
  await use('most', 85);
  await use('some', 16);
  await use('endless', 500);
  await use('nobody', 1, { at: '2026-02-25T00:00:00Z' });
});

describe('usage-report dashboard', () => {
  it('T2: one record has subscriptions, money, use and cost, who is near a limit, alerts, and tasks', async () => {
    const found = await json<Dashboard & { tasks: { task: string }[] }>(page);
    expect(found.plans).toEqual([
      { plan: 'free', trialing: 0, active: 0, past_due: 0, paused: 0, others: 1 },
      { plan: 'premium', trialing: 0, active: 3, past_due: 0, paused: 0, others: 0 },
      { plan: 'pro', trialing: 0, active: 1, past_due: 0, paused: 0, others: 0 },
    ]);
    expect(found.summary).toMatchObject({ customers: 5, active: 4, events: 4, cost: '1.5' });
    // ten of thirty-one days
    expect(found.projected_cost).toBe('4.65');
    expect(found.trends.months.map(({ label, uses }) => [label, uses]).slice(-2)).toEqual([
      ['2026-02', 1],
      ['2026-03', 4],
    ]);
    expect(found.tasks.map(({ task }) => task)).toContain('handle-renewals');
  });

  it('names the fullest windows first, by the plan’s limit or the customer’s own, and nobody without a limit', async () => {
    const { near_limits: near } = await json<Dashboard>(page);
    expect(near.map(({ customer, used, limit, percent }) => [customer, used, limit, percent])).toEqual([
      ['full', '100', '100', '100'],
      ['most', '85', '100', '85'],
      ['some', '16', '20', '80'],
    ]);
  });

  it('counts the alerts of seven days by how grave they are', async () => {
    const { alerts } = await json<Dashboard>(page);
    expect(alerts).toMatchObject({ info: 3, warning: 1, error: 1, unread: 5 });
    expect(alerts.latest[0]).toMatchObject({ customer: 'full', severity: 'error', threshold: '100' });
    expect(
      (await json<Dashboard>('usage-report dashboard --as-of 2026-03-18T00:00:00Z')).alerts,
    ).toMatchObject({ error: 0, latest: [] });
  });

  it('people see it within 80 signs, every part named', async () => {
    const { stdout } = await say(page);
    for (const part of [
      'Plans',
      'Revenue',
      'Closest to their limits',
      'Alerts of the last seven days',
      'Tasks',
    ])
      expect(stdout).toContain(`\n${part}\n`);
    expect(stdout).toMatch(/^customers +5: 4 active, 1 without a subscription$/m);
    expect(stdout).toMatch(/^cost +1\.50 USD, 4\.65 by the end of the month /m);
    expect(stdout).toMatch(/^full +messages +month +100 +100 +100 +█{10}$/m);
    expect(Math.max(...stdout.split('\n').map((line) => [...line].length))).toBeLessThanOrEqual(80);
  });

  it('HTML is one page with pictures; the colours are those of the reader’s scheme', async () => {
    const { stdout } = await say(`${page} --format html`);
    expect(stdout.match(/<svg /g)).toHaveLength(7);
    expect(stdout).toContain('prefers-color-scheme: dark');
    expect(stdout).not.toMatch(/<script|<link|<img|#01010|#02020|#03030/);
  });
});
