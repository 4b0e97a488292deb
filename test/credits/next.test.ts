import { beforeAll, describe, expect, it } from 'vitest';
import { addCredits, resetCredits } from '../../src/credits/change-credits.ts';
import { readCredits } from '../../src/credits/show.ts';
import type { Change } from '../../src/database/change.ts';
import type { Db } from '../../src/database/connect.ts';
import { cancelSubscription } from '../../src/subscriptions/cancel.ts';
import { extendByDays } from '../../src/subscriptions/extend.ts';
import { pauseSubscription } from '../../src/subscriptions/pause.ts';
import { getStatus } from '../../src/subscriptions/status.ts';
import { listUpcoming } from '../../src/tasks/list-upcoming.ts';
import { projectUsage } from '../../src/usage/project.ts';
import { showUsage } from '../../src/usage/show.ts';
import { asTester } from '../support/catalogue.ts';
import { testDatabase } from '../support/database.ts';
import { addOne, assign } from '../support/plans.ts';

const { sql } = await testDatabase();
let count = 0;

beforeAll(async () => {
  await sql`insert into subctl.kinds (id, canonical) values ('image', 'image')`;
  await sql`insert into subctl.meters (id, name, kinds) values ('images', 'Images', '{image}')`;
  await sql`insert into subctl.credit_costs (plan_id, kind, amount) values ('', 'image', 1)`;
  await sql`
    insert into subctl.plans (id, name, rank, is_default, fallback, current_version, created_at) values
      ('free', 'Free', 0, true, 'none', 1, '2020-01-01'), ('basic', 'Basic', 1, false, 'default', 1, '2020-01-01'), ('pro', 'Pro', 2, false, 'none', 1, '2020-01-01'),
      ('roll', 'Roll', 1, false, 'none', 1, '2020-01-01'), ('week', 'Week', 1, false, 'none', 1, '2020-01-01'), ('none', 'None', 0, false, 'none', 1, '2020-01-01')`;
  await sql`
    insert into subctl.plan_versions (plan_id, version, created_at, credits, credits_every, rollover_max) values
      ('free', 1, '2020-01-01', 10, null, null), ('basic', 1, '2020-01-01', 100, '1mo', null), ('pro', 1, '2020-01-01', 1000, '1mo', null),
      ('roll', 1, '2020-01-01', 100, null, 30), ('week', 1, '2020-01-01', 100, '1w', 30), ('none', 1, '2020-01-01', null, null, null)`;
  await sql`
    insert into subctl.plan_prices (plan_id, version, "interval", currency, amount)
    select p, 1, i, 'USD', 0 from unnest(array['free', 'basic', 'pro', 'roll', 'week', 'none']) p cross join unnest(array['1mo', '1y']) i`;
  await sql`select subctl_internal.compile_all()`;
});

const date = (text: string) => new Date(/T/.test(text) ? text : `${text}T00:00:00Z`);
const act = (at: string, work: (tx: Db, change: Change) => Promise<unknown>) =>
  asTester(sql, (tx, change) => work(tx, { ...change, reason: 'test' }), date(at));

async function subscribed(plan: string, about: object = {}, at = '2026-12-01T10:00:00Z'): Promise<string> {
  const customer = `next-${++count}`;
  await addOne(sql, { id: customer }, date('2026-11-01'));
  await assign(sql, at, { customer, plan, every: '1mo', ...about });
  return customer;
}

/** The next credits as each door says them, `none` where it says none: all of them, once each. A refusal is none of them: it says when enough comes, if ever (B22). */
async function doors(customer: string, at: string): Promise<string[]> {
  const now = date(at);
  const project = await projectUsage(sql, customer, { now, past: false });
  const said = [
    (await readCredits(sql, customer, now)).next_reset,
    (await getStatus(sql, customer, now)).credits.resets_at,
    (await showUsage(sql, customer, now)).credits.next_reset,
    ...(project.credits ? [project.credits.renews_at] : []),
  ];
  return [...new Set(said.map((one) => (one === null ? 'none' : new Date(one).toISOString())))];
}

/** Whether a grant of a plan comes then, and none sooner. */
async function comes(customer: string, from: string, at: string): Promise<boolean> {
  const [row] = await sql<[{ first: Date | null }]>`
    select min(d.at) as first from subctl_internal.due_credits(${customer}, ${date(at)}) d where d.kind = 'grant' and d.source = 'plan' and d.at > ${date(from)}`;
  return row.first?.getTime() === date(at).getTime();
}

describe('B15 R16 R22: every page names one instant for the next credits, and they come then', () => {
  const cases: [string, () => Promise<string>, string, string][] = [
    [
      'a trial shorter than the cycle',
      () => subscribed('basic', { trialDays: 14 }),
      '2026-12-02T01:00:00Z',
      '2026-12-15T10:00:00Z',
    ],
    [
      'a trial longer than the cycle',
      () => subscribed('roll', { trialDays: 45 }),
      '2026-12-20',
      '2027-01-15T10:00:00Z',
    ],
    [
      'a plan that waits for an instant',
      async () => {
        const id = await subscribed('basic');
        await assign(sql, '2026-12-02T00:00:00Z', {
          customer: id,
          plan: 'pro',
          every: '1mo',
          when: date('2026-12-20'),
        });
        return id;
      },
      '2026-12-05',
      '2026-12-20T00:00:00Z',
    ],
    [
      'a period that was extended',
      async () => {
        const id = await subscribed('roll');
        await act('2026-12-05', (tx, change) => extendByDays(tx, change, { customer: id, days: 10 }));
        return id;
      },
      '2026-12-06',
      '2027-01-11T10:00:00Z',
    ],
    [
      'a pause until an instant',
      async () => {
        const id = await subscribed('roll');
        await act('2026-12-05', (tx, change) =>
          pauseSubscription(tx, change, { customer: id, clock: 'stops', until: date('2026-12-15') }),
        );
        return id;
      },
      '2026-12-06',
      '2027-01-11T10:00:00Z',
    ],
    [
      'a cancellation without a fallback',
      async () => {
        const id = await subscribed('pro');
        await act('2026-12-05', (tx, change) =>
          cancelSubscription(tx, change, { customer: id, atOnce: false }),
        );
        return id;
      },
      '2026-12-06',
      'none',
    ],
    [
      'a cancellation that falls to a plan with credits',
      async () => {
        const id = await subscribed('basic');
        await act('2026-12-05', (tx, change) =>
          cancelSubscription(tx, change, { customer: id, atOnce: false }),
        );
        return id;
      },
      '2026-12-06',
      '2027-01-01T10:00:00Z',
    ],
    ['a plan that does not renew', () => subscribed('pro', { autoRenew: false }), '2026-12-06', 'none'],
    [
      'a yearly plan with monthly credits',
      () => subscribed('pro', { every: '1y' }),
      '2026-12-06',
      '2027-01-01T10:00:00Z',
    ],
    ['a plan without credits', () => subscribed('none'), '2026-12-06', 'none'],
  ];

  it.each(cases)('B15: %s', async (_, make, at, next) => {
    const id = await make();
    expect(await doors(id, at)).toEqual([next === 'none' ? next : date(next).toISOString()]);
    if (next !== 'none') expect(await comes(id, at, next)).toBe(true);
  });

  it('B15: credits that expire are no reset: the default plan’s come with the calendar, and the list says what is lost', async () => {
    const id = `next-${++count}`;
    await addOne(sql, { id }, date('2026-12-01'));
    await act('2026-12-01', (tx, change) =>
      addCredits(tx, change, {
        customer: id,
        amount: '10',
        source: 'promotional',
        expires: date('2026-12-10'),
      }),
    );
    expect(await doors(id, '2026-12-02')).toEqual(['2027-01-01T00:00:00.000Z']);
    const upcoming = await listUpcoming(sql, { until: date('2026-12-30'), customer: id, count: 10 });
    expect(upcoming).toMatchObject([{ action: 'expire credits', at: date('2026-12-10') }]);
  });
});

describe('B16 R24: what is reset at the instant of the boundary rolls nothing over', () => {
  it.each([
    ['roll', '2027-01-01T10:00:00Z', 1],
    ['roll', '2027-01-01T10:00:00Z', 4],
    ['week', '2026-12-08T10:00:00Z', 3],
  ])('B16: %s at %s, reset %i times', async (plan, boundary, times) => {
    const id = await subscribed(plan);
    for (let n = 0; n < times; n += 1) await act(boundary, (tx, change) => resetCredits(tx, change, id));
    const { balance, grants } = await readCredits(sql, id, date(boundary));
    expect(balance).toBe('130');
    expect(grants.map(({ source, remaining }) => [source, remaining])).toEqual([
      ['rollover', '30'],
      ['reset', '100'],
    ]);
    const later = new Date(date(boundary).getTime() + 1);
    expect((await readCredits(sql, id, later)).balance).toBe('130');
  });
});

it.each(['2027-01-01T10:00:00Z', '2026-12-31T10:00:00Z'])(
  'B16 C12: a reset in the midst of a cycle, at %s, rolls nothing over, be it where the billing period begins',
  async (at) => {
    const id = await subscribed('week');
    await act(at, (tx, change) => resetCredits(tx, change, id));
    const { balance, grants } = await readCredits(sql, id, date(at));
    expect([balance, grants.map(({ source }) => source)]).toEqual(['130', ['rollover', 'reset']]);
    expect((await readCredits(sql, id, date('2027-01-05T10:00:00Z'))).balance).toBe('130');
  },
);

it('B29 R22: the grants that are listed sum to the balance after an end that nobody has written', async () => {
  const id = await subscribed('basic');
  await sql`
    insert into subctl.invoices (customer_id, id, number, source_key, subscription_id, status, currency, total, period_start, period_end, issued_at, due_at)
    select customer_id, id, 'X-1', 'x', id, 'open', 'USD', 29.99, current_period_start, current_period_end, started_at, started_at + interval '14 days'
      from subctl.subscriptions where customer_id = ${id}`;
  await sql`update subctl.subscriptions set collection = 'invoice', price = 29.99, currency = 'USD' where customer_id = ${id}`;
  for (const [at, sources] of [
    ['2026-12-10', ['plan']],
    ['2026-12-23', ['plan']],
  ] as const) {
    const shown = await readCredits(sql, id, date(at));
    expect(shown.grants.map(({ source }) => source)).toEqual(sources);
    expect(shown).toMatchObject(
      at === '2026-12-10'
        ? { balance: '100', allotted: '100', used: '0' }
        : { balance: '10', allotted: '10', used: '0' },
    );
    expect(shown.grants.map(({ remaining }) => remaining)).toEqual([shown.balance]);
  }
});
