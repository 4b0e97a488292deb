import { beforeAll, expect, test } from 'vitest';
import { subctl } from '../support/cli.ts';
import { testDatabase } from '../support/database.ts';
import { addCustomer, sellPlans } from './fixture.ts';

const { sql, env } = await testDatabase();
const now = '2026-03-20T12:00:00Z';
const report = async (line: string) => subctl(['usage-report', ...line.split(' '), '--as-of', now], { env });
const json = async (line: string) => {
  const { code, stdout, stderr } = await report(`${line} --json`);
  expect({ code, stderr }).toEqual({ code: 0, stderr: '' });
  return JSON.parse(stdout);
};
const use = (customer: string, kind: string, quantity: number, at: string, cost: string | null = null) => sql`
  select subctl.record_usage(customer => ${customer}, kind => ${kind}, quantity => ${quantity}, as_of => ${at}::timestamptz, cost => ${cost}::numeric)`;

beforeAll(async () => {
  await sellPlans(sql);
  // three cycles that begin on different days, none of them the first of the month
  await addCustomer(sql, 'fay', { plan: 'free', from: '2026-01-31T10:00Z', timezone: 'Asia/Tokyo' });
  await addCustomer(sql, 'pam', { plan: 'premium', from: '2026-02-10T09:30Z' });
  await addCustomer(sql, 'roy', { plan: 'pro', from: '2025-12-25T00:00Z', timezone: 'America/New_York' });
  await sql`insert into subctl.credit_costs values ('', 'image', 1)`;
  await sql`select subctl_internal.compile_all()`;
  await use('pam', 'image', 50, '2026-03-05T00:00Z'); // pam's last cycle, yet this calendar month
  await use('fay', 'image', 3, '2026-03-19T00:00Z');
  await use('pam', 'image', 30, '2026-03-11T00:00Z', '0.75');
  await use('roy', 'image', 300, '2026-02-26T00:00Z'); // last calendar month, yet roy's cycle
  await use('roy', 'llm', 20, '2026-03-12T00:00Z', '1.5000');
  await use('fay', 'llm', 8, '2026-03-12T00:00Z');
  await use('fay', 'llm', 8, '2026-03-12T01:00Z'); // refused: 16 of 10
  // ended, and nobody has run a task since
  await addCustomer(sql, 'gus', { plan: 'premium', from: '2026-01-01T00:00Z' });
  await sql`update subctl.subscriptions set auto_renew = false where customer_id = 'gus'`;
});

test('G20: utilisation is what is used of what each own cycle allotted: 333 of 1,110 is 30.00 %', async () => {
  expect(await json('summary')).toMatchObject({
    credits_allotted: '1110',
    credits_used: '333',
    credits_percent: '30.00',
  });
});

test('summary counts customers by dates, tasks or not: gus has ended on 1 February', async () => {
  expect(await json('summary')).toMatchObject({
    customers: 4,
    active: 3,
    trialing: 0,
    past_due: 0,
    paused: 0,
    without_subscription: 1,
  });
});

test('summary: events and cost of the calendar month, refusals of its windows', async () => {
  expect(await json('summary')).toMatchObject({
    as_of: '2026-03-20T12:00:00.000Z',
    from: '2026-03-01T00:00:00.000Z',
    to: '2026-03-20T12:00:00.000Z',
    timezone: 'UTC',
    events: 5,
    cost: '2.25',
    currency: 'USD',
    unpriced_events: 0,
    refusals: '1',
  });
});

test('summary: usage of the windows that are open, per meter and window', async () => {
  const { meters } = await json('summary');
  expect(meters).toEqual([
    { meter: 'images', window: 'period', customers: 3, used: '333', refused: '0' },
    { meter: 'messages', window: 'month', customers: 2, used: '28', refused: '1' },
  ]);
});

test('T11: every bound is printed with its offset, in the zone of the settings', async () => {
  await sql`update subctl.settings set value = '"Europe/Berlin"' where key = 'timezone'`;
  try {
    const { stdout } = await report('summary');
    expect(stdout).toContain('From 2026-03-01 00:00+01:00 to 2026-03-20 13:00+01:00');
  } finally {
    await sql`update subctl.settings set value = '"UTC"' where key = 'timezone'`;
  }
});

test('an instant in the past shows what was then', async () => {
  const { stdout } = await subctl(['usage-report', 'summary', '--as-of', '2026-03-11T12:00Z', '--json'], {
    env,
  });
  expect(JSON.parse(stdout)).toMatchObject({ credits_used: '330', credits_allotted: '1110', events: 2 });
});

test('P13, T3: plans shows subscribers, share, allotted and used of each plan', async () => {
  expect(await json('plans')).toEqual([
    plan('free', {
      subscribers: 1,
      share: '33.33',
      allotted: '10',
      used: '3',
      percent: '30.00',
      events: 2,
      cost: '0',
    }),
    plan('premium', {
      subscribers: 1,
      share: '33.33',
      allotted: '100',
      used: '30',
      percent: '30.00',
      events: 2,
      cost: '0.75',
    }),
    plan('pro', {
      subscribers: 1,
      share: '33.33',
      allotted: '1000',
      used: '300',
      percent: '30.00',
      events: 1,
      cost: '1.5',
    }),
  ]);
});

test('plans --meter: the limits of everyone on the plan in the open windows, and null for unlimited', async () => {
  expect(await json('plans --meter messages')).toMatchObject([
    { plan: 'free', allotted: '10', used: '8', percent: '80.00' },
    { plan: 'premium', allotted: '100', used: '0', percent: '0.00' },
    { plan: 'pro', allotted: null, used: '20', percent: null },
  ]);
  expect(await report('plans --meter messages --window day')).toMatchObject({ code: 3 });
  expect(await report('plans --meter mesages')).toMatchObject({ code: 3 });
});

test('T4: top ranks by credits, cost, calls and any meter, over a span', async () => {
  expect(await json('top --by credits')).toEqual([
    { rank: 1, customer: 'pam', plan: 'premium', value: '80', share: '96.39' },
    { rank: 2, customer: 'fay', plan: 'free', value: '3', share: '3.61' },
  ]);
  expect(await json('top --by credits --from 2026-02-01 --count 1')).toMatchObject([
    { customer: 'roy', value: '300' },
  ]);
  expect(await json('top')).toMatchObject([
    { customer: 'roy', value: '1.5', share: '66.67' },
    { customer: 'pam', value: '0.75' },
  ]);
  expect(await json('top --by calls')).toMatchObject([
    { customer: 'fay', value: '2' },
    { customer: 'pam', value: '2' },
    { customer: 'roy', value: '1' },
  ]);
  expect(await json('top --by images')).toMatchObject([
    { customer: 'pam', value: '80' },
    { customer: 'fay', value: '3' },
  ]);
  expect(await report('top --by beauty')).toMatchObject({
    code: 3,
    stderr: expect.stringContaining('no meter beauty'),
  });
});

test('a span that ends before it starts is refused', async () => {
  expect(await report('top --from 2026-04-01 --to 2026-03-01')).toMatchObject({ code: 2 });
});

test('T8: the columns of CSV stay', async () => {
  const csv = async (line: string) => (await report(`${line} --format csv`)).stdout.split('\r\n')[0];
  expect(await csv('top')).toBe('rank,customer,plan,value,share');
  expect(await csv('plans')).toBe(
    'plan,name,active,subscribers,share,others,allotted,used,percent,events,cost',
  );
  // of a page with parts the rows of its list (B33)
  expect(await csv('summary')).toBe('meter,window,customers,used,refused');
});

test('tables fit into 80 columns', async () => {
  for (const line of ['summary', 'plans', 'top']) {
    const { code, stdout, stderr } = await report(line);
    expect({ line, code, stderr }).toEqual({ line, code: 0, stderr: '' });
    expect(Math.max(...stdout.split('\n').map((each) => each.length))).toBeLessThanOrEqual(80);
  }
});

function plan(id: string, rest: object) {
  return { plan: id, name: id, active: true, others: 0, ...rest };
}
