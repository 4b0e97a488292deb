import { beforeAll, expect, test } from 'vitest';
import { subctl } from '../support/cli.ts';
import { testDatabase } from '../support/database.ts';
import { syncTaskStates } from '../../src/tasks/task-states.ts';
import { effectiveTimetable } from '../../src/scheduler/effective.ts';
import { prepareCatalogue, subscribe } from '../tasks/fixture.ts';

const { sql, env } = await testDatabase();
const call = (line: string) => subctl(line.split(' '), { env });
const json = async (line: string) =>
  JSON.parse((await call(`${line} --json`)).stdout) as Record<string, unknown>[];

beforeAll(async () => {
  await prepareCatalogue(sql);
  await syncTaskStates(sql, new Date('2026-01-01T00:00:00Z'), effectiveTimetable());
});

test('jobs next of any expression prints [{"at"}] and asks no database', async () => {
  const args = [
    'jobs',
    'next',
    '--cron',
    '30 2 * * *',
    '--timezone',
    'Europe/Berlin',
    '--from',
    '2026-03-28T12:00Z',
    '--count',
    '2',
    '--json',
  ];
  const { code, stdout, stderr } = await subctl(args, { env: {} });
  expect({ code, stderr }).toEqual({ code: 0, stderr: '' });
  expect(JSON.parse(stdout)).toEqual([
    { at: '2026-03-29T01:00:00.000Z' },
    { at: '2026-03-30T00:30:00.000Z' },
  ]);
});

test('jobs next of a task takes the zone of the timetable, or the one that is given', async () => {
  const asked = 'jobs next check-expired --from 2026-01-01 --count 1';
  expect(await json(asked)).toEqual([{ at: '2026-01-01T01:00:00.000Z' }]);
  expect(await json(`${asked} --timezone Asia/Tokyo`)).toEqual([{ at: '2026-01-01T16:00:00.000Z' }]);
});

test('jobs next of nothing shows the whole timetable', async () => {
  expect(await json('jobs next --from 2026-01-01T00:50 --count 4')).toEqual([
    { at: '2026-01-01T00:55:00.000Z', task: 'send-alerts' },
    { at: '2026-01-01T01:00:00.000Z', task: 'reset-credits' },
    { at: '2026-01-01T01:00:00.000Z', task: 'check-expired' },
    { at: '2026-01-01T01:00:00.000Z', task: 'send-alerts' },
  ]);
});

test.each([
  ['* * * * * *', /6 fields/],
  ['@reboot', /no macro/],
  ['0 0 30 2 *', /never comes/],
])("jobs next refuses '%s' with exit 2 and the accepted form", async (cron, sentence) => {
  const { code, stdout, stderr } = await subctl(
    ['jobs', 'next', '--cron', cron, '--timezone', 'UTC', '--from', '2026-01-01'],
    { env },
  );
  expect({ code, stdout }).toEqual({ code: 2, stdout: '' });
  expect(stderr).toMatch(sentence);
  expect(stderr).toMatch(/minute hour day month weekday/);
});

test('J2: run-due runs each task that is due once, and nothing the second time', async () => {
  const asOf = '--as-of 2026-01-03T12:00Z';
  expect((await json(`run-due --dry-run ${asOf}`)).map(({ task }) => task)).toHaveLength(7);
  const first = await json(`run-due ${asOf}`);
  expect(first.map(({ task, outcome }) => [task, outcome])).toEqual([
    ['send-alerts', 'done'],
    ['check-expired', 'done'],
    ['reset-credits', 'done'],
    ['handle-renewals', 'done'],
    ['stripe-reconcile', 'done'],
    ['prune', 'done'],
    ['reset-monthly-usage', 'done'],
  ]);
  expect(await call(`run-due ${asOf}`)).toEqual({ code: 0, stdout: 'Nothing is due.\n', stderr: '' });
});

test('J2: a task that fails does not keep the others from running; run-due ends with its exit code and says why', async () => {
  await sql`alter function subctl_internal.due_expiries rename to due_away`;
  const run = await call('run-due --as-of 2026-01-05T12:00Z --json');
  await sql`alter function subctl_internal.due_away rename to due_expiries`;
  const rows = JSON.parse(run.stdout) as { task: string; outcome: string }[];
  expect(run.code).toBe(5);
  expect(rows.map(({ outcome }) => outcome).sort()).toEqual([
    'done',
    'done',
    'done',
    'done',
    'done',
    'done',
    'failed',
  ]);
  expect(run.stderr).toMatch(/^check-expired: .*due_expiries/);
  expect(await json('jobs history --failed')).toMatchObject([{ task: 'check-expired', outcome: 'failed' }]);
});

test('J9: the history says what ran, for which instant, by whom, where, and what it did', async () => {
  await call('reset-credits --as-of 2026-01-06T12:30Z --actor nightwatch');
  expect((await json('jobs history reset-credits --limit 1'))[0]).toMatchObject({
    task: 'reset-credits',
    scheduled_for: '2026-01-05T13:00:00.000Z',
    as_of: '2026-01-06T12:30:00.000Z',
    outcome: 'done',
    late: true,
    trigger: 'command',
    actor: 'nightwatch',
    host: expect.any(String) as string,
    pid: process.pid,
  });
});

test('jobs run makes up an instant of the past, as of it', async () => {
  expect((await call('jobs run reset-credits --scheduled-for 2026-01-02T09:00Z')).code).toBe(0);
  expect((await json('jobs history reset-credits --limit 1'))[0]).toMatchObject({
    scheduled_for: '2026-01-02T09:00:00.000Z',
    as_of: '2026-01-02T09:00:00.000Z',
    trigger: 'jobs run',
  });
});

test('J10: upcoming shows the next personal instants, the soonest first, each to the second', async () => {
  await subscribe(sql, ['late'], 'pro', '2026-01-10T17:00:05Z');
  await subscribe(sql, ['soon'], 'term', '2026-01-10T09:30:00Z');
  const rows = await json('jobs upcoming --as-of 2026-02-08 --within 7d');
  expect(rows.map(({ at, customer, task }) => [at, customer, task])).toEqual([
    ['2026-02-10T09:30:00.000Z', 'soon', 'check-expired'],
    ['2026-02-10T17:00:05.000Z', 'late', 'handle-renewals'],
    ['2026-02-10T17:00:05.000Z', 'late', 'reset-credits'],
  ]);
  expect(await json('jobs upcoming --as-of 2026-02-08 --within 1d')).toEqual([]);
  expect(
    (await json('jobs upcoming --as-of 2026-02-08 --customer soon')).map(({ customer }) => customer),
  ).toEqual(['soon']);
});

test("jobs list shows the timetable in its zone at a terminal's width", async () => {
  const { stdout } = await call('jobs list --as-of 2026-01-06T12:31Z');
  expect(stdout).toMatch(
    /^reset-credits +0 \* \* \* \* +2026-01-06 13:00 +20\d\d-\d\d-\d\d \d\d:\d\d done$/m,
  );
  expect(stdout).toMatch(/^check-expired failed, due since 2026-01-04 01:00: see jobs history --failed$/m);
  expect(stdout).toMatch(/Times are in UTC/);
  for (const line of stdout.split('\n')) expect(line.length).toBeLessThanOrEqual(80);
});
