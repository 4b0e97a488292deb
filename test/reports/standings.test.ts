import { beforeAll, expect, it } from 'vitest';
import { listCustomers } from '../../src/customers/list.ts';
import { countPlans } from '../../src/reports/count-plans.ts';
import { findDashboard } from '../../src/reports/dashboard.ts';
import { cancelSubscription } from '../../src/subscriptions/cancel.ts';
import { getEntitlements } from '../../src/subscriptions/entitlements.ts';
import { getEffective } from '../../src/subscriptions/effective.ts';
import { listSubscriptions } from '../../src/subscriptions/list.ts';
import { pauseSubscription } from '../../src/subscriptions/pause.ts';
import { projectUsage } from '../../src/usage/project.ts';
import { showUsage } from '../../src/usage/show.ts';
import { runTasks } from '../stories/lives.ts';
import { asTester } from '../support/catalogue.ts';
import { testDatabase } from '../support/database.ts';
import { addOne, assign, loadLadder } from '../support/plans.ts';

const { sql } = await testDatabase();
const begin = '2026-12-01T00:00:00Z';
const now = new Date('2026-12-23T00:00:00Z');
const plans = {
  unpaid: { plan: 'pro', collection: 'invoice' },
  paid: { plan: 'pro', collection: 'invoice' },
  ends: { plan: 'max', collection: 'invoice' },
  gone: { plan: 'bare', collection: 'invoice' },
  tries: { plan: 'trial', trialDays: 45 },
  rests: { plan: 'pro', collection: 'invoice' },
  chose: { plan: 'free' },
} as const;
const customers = [...Object.keys(plans), 'none'];

beforeAll(async () => {
  await loadLadder(sql);
  for (const id of customers) await addOne(sql, { id }, new Date(begin));
  for (const [customer, about] of Object.entries(plans))
    await assign(sql, begin, { customer, every: '1mo', ...about });
  await sql`update subctl.invoices set status = 'paid', paid_at = issued_at where customer_id not in ('unpaid', 'gone')`;
  await asTester(
    sql,
    (tx, change) => pauseSubscription(tx, change, { customer: 'rests', clock: 'stops' }),
    new Date('2026-12-10T00:00:00Z'),
  );
  await asTester(
    sql,
    (tx, change) => cancelSubscription(tx, change, { customer: 'ends', atOnce: true }),
    new Date('2026-12-10T00:00:00Z'),
  );
});

const tally = (statuses: readonly string[]) =>
  Object.fromEntries(
    [...new Set(statuses)].sort().map((one) => [one, statuses.filter((other) => other === one).length]),
  );

/** How many there are by status, as each page counts them. */
async function counts() {
  const listed = await listCustomers(sql, { now, limit: 100 });
  const subscriptions = await listSubscriptions(sql, { now, statuses: [], all: false, limit: 100 });
  const span = { from: new Date(begin), to: now, timezone: 'UTC' };
  const { plans: standing } = await findDashboard(sql, { now, past: true, span, months: 1 });
  const names = ['trialing', 'active', 'past_due', 'paused'] as const;
  const dashboard = Object.fromEntries(
    names
      .map((name) => [name, standing.reduce((sum, row) => sum + row[name], 0)] as const)
      .filter(([, n]) => n > 0),
  );
  const live = listed.filter(({ status }) => (names as readonly string[]).includes(status));
  const counted = await countPlans(sql, { now, past: true, span });
  return {
    customers: tally(live.map(({ status }) => status)),
    subscriptions: tally(subscriptions.map(({ status }) => status)),
    dashboard,
    subscribers: counted.reduce((sum, { subscribers }) => sum + subscribers, 0),
    others: counted.reduce((sum, { others }) => sum + others, 0),
    standing: Object.fromEntries(
      listed.map(({ id, plan, status, basis }) => [id, `${String(plan)} ${status} ${basis}`]),
    ),
  };
}

/** The same of each customer, as its pages say it: usage, projection, plan and features. */
async function standingOnPages() {
  const reads = [
    (id: string) => showUsage(sql, id, now),
    (id: string) => projectUsage(sql, id, { now, past: true }),
    (id: string) => getEntitlements(sql, id, now),
  ];
  const pages: Record<string, string>[] = [];
  for (const read of reads) {
    const page: Record<string, string> = {};
    for (const id of customers) {
      const { plan, status, basis } = await read(id);
      page[id] = `${String(plan)} ${status} ${basis}`;
    }
    pages.push(page);
  }
  return pages;
}

it('B23 R16: customers, subscriptions and dashboard count the same by status, before and after the tasks', async () => {
  const before = await counts();
  expect(before).toEqual({
    customers: { active: 2, paused: 1, trialing: 1 },
    subscriptions: { active: 2, paused: 1, trialing: 1 },
    dashboard: { active: 2, paused: 1, trialing: 1 },
    subscribers: 4,
    others: 3,
    standing: {
      chose: 'free active subscription',
      ends: 'free none fallback',
      gone: 'bare expired subscription',
      none: 'free none default',
      paid: 'pro active subscription',
      rests: 'pro paused subscription',
      tries: 'trial trialing subscription',
      unpaid: 'free none fallback',
    },
  });
  const { subscription, ...effective } = await getEffective(sql, 'unpaid', now);
  const pages = await standingOnPages();
  for (const page of pages) expect(page).toEqual(before.standing);
  await runTasks(sql, customers, now);
  expect(await counts()).toEqual(before);
  expect(await standingOnPages()).toEqual(pages);
  expect(await getEffective(sql, 'unpaid', now)).toEqual({ ...effective, subscription });
});
