import { beforeAll, expect, test } from 'vitest';
import { syncTaskStates } from '../../src/tasks/task-states.ts';
import { effectiveTimetable } from '../../src/scheduler/effective.ts';
import { subctl } from '../support/cli.ts';
import { testDatabase } from '../support/database.ts';
import { prepareCatalogue, subscribe } from '../tasks/fixture.ts';

const { sql, env } = await testDatabase();
const call = (line: string, more: Record<string, string> = {}) =>
  subctl(line.split(' '), { env: { ...env, ...more } });
const json = async (line: string, more: Record<string, string> = {}) =>
  JSON.parse((await call(`${line} --json`, more)).stdout) as Record<string, unknown>[];
const jobOf = async (task: string, line: string, more: Record<string, string> = {}) =>
  (await json(line, more)).find((row) => row['task'] === task)!;
const noon = '--as-of 2026-01-03T12:00Z';

beforeAll(async () => {
  await prepareCatalogue(sql);
  await syncTaskStates(sql, new Date('2026-01-01T00:00:00Z'), effectiveTimetable());
});

test('J11: jobs list says how late a task is, and that no run has started', async () => {
  expect(await jobOf('check-expired', `jobs list ${noon}`)).toMatchObject({
    state: 'on',
    late: true,
    late_by: 2 * 86_400 + 11 * 3_600,
    why: 'is late: due since 2026-01-01 01:00, no run has started',
    source: 'default',
    differs: [],
  });
});

test('J11: after a run it says who ran it, where, by what and how long after its time; the history has it too', async () => {
  await call(`check-expired ${noon} --actor nightwatch`);
  expect(await jobOf('check-expired', `jobs list ${noon}`)).toMatchObject({
    late: false,
    late_by: null,
    last_actor: 'nightwatch',
    last_trigger: 'command',
    last_host: expect.any(String) as string,
    last_late_by: 2 * 86_400 + 11 * 3_600,
    why: null,
  });
  expect((await json('jobs history check-expired'))[0]).toMatchObject({ late_by: 212_400, late: true });
  expect((await call(`jobs list ${noon}`)).stdout).toMatch(/^The last run of check-expired was 59h late$/m);
});

test('a paused task is named with who paused it, when and why; one that is off with where that is said', async () => {
  await subctl(
    ['jobs', 'pause', 'prune', '--as-of', '2026-01-03', '--actor', 'ann', '--reason', 'disk is full'],
    {
      env,
    },
  );
  expect(await jobOf('prune', `jobs list ${noon}`)).toMatchObject({
    state: 'paused',
    enabled: false,
    why: 'is paused by ann since 2026-01-03 00:00: disk is full',
  });
  const off = { SUBCTL_TIMETABLE_PRUNE: 'off' };
  await call(`run-due ${noon}`, off);
  expect(await jobOf('prune', `jobs list ${noon}`, off)).toMatchObject({
    state: 'off',
    why: 'is turned off in the settings (SUBCTL_TIMETABLE_PRUNE)',
  });
  await call('jobs resume prune --as-of 2026-01-03');
});

test('what the settings here say otherwise than the database is shown, until run-due takes it over', async () => {
  const other = { SUBCTL_TIMETABLE_RESET_CREDITS: '15 * * * *' };
  expect(await jobOf('reset-credits', `jobs list ${noon}`, other)).toMatchObject({
    cron: '0 * * * *',
    source: 'SUBCTL_TIMETABLE_RESET_CREDITS',
    differs: ['cron'],
  });
  expect((await call(`jobs list ${noon}`, other)).stdout).toMatch(
    /^reset-credits: SUBCTL_TIMETABLE_RESET_CREDITS sets cron differently/m,
  );
  await call(`run-due ${noon}`, other);
  expect(await jobOf('reset-credits', `jobs list ${noon}`, other)).toMatchObject({
    cron: '15 * * * *',
    differs: [],
    next_due: '2026-01-03T12:15:00.000Z',
  });
});

test('a task that fails is named with how often and why', async () => {
  await sql`alter function subctl_internal.due_expiries rename to due_away`;
  await call('check-expired --as-of 2026-01-04T01:00Z');
  await sql`alter function subctl_internal.due_away rename to due_expiries`;
  expect(await jobOf('check-expired', 'jobs list --as-of 2026-01-04T01:05Z')).toMatchObject({
    failures: 1,
    why: expect.stringMatching(/^failed, due since 2026-01-04 01:00: .*due_expiries/) as string,
  });
});

test('J10: jobs list --customer shows that customer’s next reset, expiry and renewal, however far off', async () => {
  await subscribe(sql, ['yearly'], 'pro', '2026-01-10T17:00:05Z');
  await subscribe(sql, ['ending'], 'term', '2026-01-10T09:30:00Z');
  const next = async (customer: string) =>
    (await json(`jobs list --customer ${customer} --as-of 2026-01-11`)).map(({ at, task, days }) => [
      at,
      task,
      days,
    ]);
  expect(await next('yearly')).toEqual([
    ['2026-02-10T17:00:05.000Z', 'handle-renewals', 30],
    ['2026-02-10T17:00:05.000Z', 'reset-credits', 30],
  ]);
  expect(await next('ending')).toEqual([['2026-02-10T09:30:00.000Z', 'check-expired', 30]]);
  expect((await call('jobs list --customer nobody')).code).toBe(3);
});

test('jobs next follows the zone of the settings, for a task the database keeps and for any expression', async () => {
  const zone = { SUBCTL_TIMETABLE_TIMEZONE: 'Asia/Tokyo' };
  const args = ['jobs', 'next', '--cron', '0 9 * * *', '--from', '2026-01-01', '--count', '1', '--json'];
  const { stdout } = await subctl(args, { env: { ...zone } });
  expect(JSON.parse(stdout)).toEqual([{ at: '2026-01-02T00:00:00.000Z' }]);
});
