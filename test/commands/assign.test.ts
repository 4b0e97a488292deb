import { mkdtempSync, readFileSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import path from 'node:path';
import { afterAll, beforeAll, expect, test } from 'vitest';
import { subctl } from '../support/cli.ts';
import { testDatabase } from '../support/database.ts';
import { addOne, loadLadder } from '../support/plans.ts';

const { env, sql } = await testDatabase();
const cwd = mkdtempSync(path.join(tmpdir(), 'subctl-assign-'));
afterAll(() => rmSync(cwd, { recursive: true }));
beforeAll(async () => {
  await loadLadder(sql);
  for (const id of ['ann', 'bob', 'cat', 'dan', 'eve']) await addOne(sql, { id });
});

const run = (...args: string[]) => subctl(args, { env, cwd });
const json = async (...args: string[]) => {
  const { code, stdout, stderr } = await run(...args, '--json');
  expect({ code, stderr }).toMatchObject({ code: 0 });
  return JSON.parse(stdout);
};

test('S1: assign says what happened in one sentence and gives the record', async () => {
  const { code, stdout, stderr } = await run(
    'assign',
    'ann',
    'pro',
    '--as-of',
    '2026-01-31T12:00Z',
    '--note',
    'by phone',
    '--json',
  );
  expect(code).toBe(0);
  expect(stderr).toBe('ann now has pro, this period until 2026-02-28T12:00:00.000Z\n');
  expect(JSON.parse(stdout)).toMatchObject({
    ...{
      customer: 'ann',
      plan: 'pro',
      version: 1,
      status: 'active',
      action: 'new',
      price: '29.99',
      currency: 'USD',
      note: 'by phone',
    },
    ...{ period_start: '2026-01-31T12:00:00.000Z', period_end: '2026-02-28T12:00:00.000Z' },
    invoice: { total: '29.99', due_at: '2026-02-14T12:00:00.000Z' },
  });
  expect(JSON.parse(stdout)).not.toHaveProperty('sentence');
});

test('a dry run shows the same and changes nothing', async () => {
  expect(await json('assign', 'bob', 'max', '--dry-run')).toMatchObject({ action: 'new', plan: 'max' });
  expect(await sql`select from subctl.subscriptions where customer_id = 'bob'`).toHaveLength(0);
});

test('nothing to do is exit 0 and leaves no change behind', async () => {
  const [{ n: before }] = await sql<[{ n: number }]>`select count(*)::int as n from subctl.changes`;
  const { code, stderr } = await run('assign', 'ann', 'pro', '--as-of', '2026-02-01');
  expect({ code, stderr }).toEqual({ code: 0, stderr: 'Nothing to do: ann has pro per 1mo\n' });
  expect(await sql`select count(*)::int as n from subctl.changes`).toEqual([{ n: before }]);
});

test.each([
  [['ann'], 2, /plan/],
  [['ann', 'poro'], 3, /did you mean pro/],
  [['nobody', 'pro'], 3, /no customer 'nobody'/],
  [['bob', 'old'], 4, /closed to new subscribers/],
  [['bob', 'pro', '--every', '2w'], 4, /29.99 USD per 1mo/],
  [['bob', 'pro', '--collection', 'stripe'], 5, /starts at Stripe/],
  [['bob', 'pro', '--ends', '2020-01-01'], 2, /is in the past/],
  [['bob', 'pro', '--trial-days', '3', '--no-trial'], 2, /Either --trial-days or --no-trial/],
  [['ann', 'max', '--as-of', '2026-01-01'], 4, /changed at 2026-01-31/],
  [['ann', 'pro', '--all-without-plan'], 2, /no customer/],
  [['--from-file', 'missing.csv'], 3, /no file/],
] as const)('assign %j ends with %i and a sentence', async (args, code, sentence) => {
  expect(await run('assign', ...args)).toMatchObject({
    code,
    stdout: '',
    stderr: expect.stringMatching(sentence) as string,
  });
});

test('options: trial, complimentary, currency, no renewal', async () => {
  expect(await json('assign', 'cat', 'pro', '--trial-days', '3', '--as-of', '2026-01-01')).toMatchObject({
    ...{ status: 'trialing', period_end: '2026-01-04T00:00:00.000Z', invoice: null },
  });
  expect(
    await json(
      'assign',
      'dan',
      'pro',
      '--collection',
      'complimentary',
      '--currency',
      'eur',
      '--no-auto-renew',
    ),
  ).toMatchObject({
    ...{ collection: 'complimentary', currency: 'EUR', price: '27.99', auto_renew: false, invoice: null },
  });
});

test('assign --from-file does what can be done, tells the rest, and exits 7', async () => {
  writeFileSync(
    path.join(cwd, 'plans.csv'),
    'customer,plan,every,note\nbob,pro,1y,yearly\nnobody,pro,,\neve,pro,never,\neve,,,\n',
  );
  const { code, stdout, stderr } = await run(
    'assign',
    '--from-file',
    'plans.csv',
    '--rejects',
    'bad.csv',
    '--json',
  );
  expect({ code, ...JSON.parse(stdout) }).toEqual({
    code: 7,
    read: 4,
    assigned: 1,
    rejected: 3,
    dry_run: false,
  });
  expect(stderr).toMatch(
    /line 4: The interval 'never'.*\nline 5: the plan is missing\nline 3: There is no customer 'nobody'/,
  );
  expect(readFileSync(path.join(cwd, 'bad.csv'), 'utf8')).toContain('nobody,pro,,,3,');
  const [bob] = await sql`select every, note from subctl.subscriptions where customer_id = 'bob'`;
  expect(bob).toEqual({ every: '1y', note: 'yearly' });
});

test('O2: assign --all-without-plan gives the default plan and says how many', async () => {
  const { stderr } = await run('assign', '--all-without-plan', '--dry-run');
  expect(stderr).toBe('1 customers without a plan would get free\n');
  expect(await json('assign', '--all-without-plan')).toEqual({
    plan: 'free',
    assigned: 1,
    rejected: 0,
    dry_run: false,
  });
  expect(await json('assign', 'pro', '--all-without-plan')).toMatchObject({ plan: 'pro', assigned: 0 });
});

test('subscriptions list, show, history and cancel', async () => {
  expect(
    await json(
      'subscriptions',
      'list',
      '--plan',
      'pro',
      '--limit',
      '1',
      '--due-before',
      '2026-03-01',
      '--as-of',
      '2026-02-01',
    ),
  ).toMatchObject([{ customer: 'ann', status: 'active' }]);
  const { stdout } = await run('subscriptions', 'show', 'ann', '--as-of', '2026-02-01');
  expect(stdout).toMatch(/plan +pro version 1[\s\S]*Segments[\s\S]*new/);
  expect(
    (await json('subscriptions', 'history', 'ann')).map(({ event }: { event: string }) => event),
  ).toEqual(['new', 'invoice open']);
  expect(await json('subscriptions', 'cancel', 'ann', '--as-of', '2026-02-01')).toMatchObject({
    action: 'cancel_scheduled',
    ends_at: '2026-02-28T12:00:00.000Z',
  });
  // without a terminal, what cannot be taken back needs --yes
  expect(await run('subscriptions', 'cancel', 'ann', '--now', '--as-of', '2026-02-02')).toMatchObject({
    code: 2,
  });
  expect(
    await json('subscriptions', 'cancel', 'ann', '--now', '--yes', '--as-of', '2026-02-02'),
  ).toMatchObject({ action: 'canceled', falls_to: 'free' });
});
