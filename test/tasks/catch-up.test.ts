import { beforeAll, expect, test } from 'vitest';
import { checkExpired } from '../../src/tasks/check-expired.ts';
import { claimRun } from '../../src/tasks/claim.ts';
import { finishRun } from '../../src/tasks/finish.ts';
import { syncTaskStates } from '../../src/tasks/task-states.ts';
import { listRuns } from '../../src/tasks/list-runs.ts';
import { runDue } from '../../src/tasks/run-due.ts';
import { runTask } from '../../src/tasks/run-task.ts';
import { effectiveTimetable } from '../../src/scheduler/effective.ts';
import type { Connection } from '../../src/database/connect.ts';
import { nextInstant } from '../../src/scheduler/next.ts';
import { subctl } from '../support/cli.ts';
import { testDatabase } from '../support/database.ts';
import { servicesOf } from '../support/services.ts';

const { sql, env } = await testDatabase();
const shipped = effectiveTimetable();
const at = (text: string) => new Date(text);
const ended = { outcome: 'done', done: 0, skipped: 0, parked: 0, changeId: null } as const;

const claim = (task: string, now: string) =>
  claimRun(sql, { task, now: at(now), mode: 'named', trigger: 'test', actor: 'tester' });
const jobOf = async (task: string) => (await sql`select * from subctl.jobs where task = ${task}`)[0]!;
const makeDue = (task: string, due: string) =>
  sql`update subctl.jobs set next_due = ${due}, lease_until = null, enabled = true, catch_up = 'latest' where task = ${task}`;

beforeAll(() => syncTaskStates(sql, at('2026-01-01T00:00:00Z'), shipped));

test('R43, J7: instants that were missed, however many, are made up by one run, reported as late', async () => {
  await sql`update subctl.jobs set next_due = '2030-01-01', catch_up = 'latest'`;
  await makeDue('check-expired', '2026-01-05T01:00:00Z');
  const runs = await runDue(sql, {
    services: servicesOf(),
    now: at('2026-01-31T12:00Z'),
    timetable: shipped,
    actor: 'tester',
    trigger: 'test',
  });
  const mine = runs.filter(({ task }) => task === 'check-expired');
  expect(mine).toMatchObject([{ scheduled_for: at('2026-01-05T01:00Z'), outcome: 'done' }]);
  expect(await listRuns(sql, { task: 'check-expired', count: 1 })).toMatchObject([
    { as_of: at('2026-01-31T12:00Z'), late: true },
  ]);
  expect(await jobOf('check-expired')).toMatchObject({ next_due: at('2026-02-01T01:00Z') });
  expect(
    await runDue(sql, {
      now: at('2026-01-31T12:00Z'),
      timetable: shipped,
      services: servicesOf(),
      actor: 'tester',
      trigger: 'test',
    }),
  ).toEqual([]);
});

test('R43: a run within half its period of its instant is not late', async () => {
  await makeDue('check-expired', '2026-02-01T01:00:00Z');
  await runDue(sql, {
    now: at('2026-02-01T13:00Z'),
    timetable: shipped,
    services: servicesOf(),
    actor: 'tester',
    trigger: 'test',
  });
  expect(await listRuns(sql, { task: 'check-expired', count: 1 })).toMatchObject([{ late: false }]);
});

test('J2: a paused task is not due, and runs when it is asked for by name', async () => {
  await makeDue('prune', '2026-02-01T04:00:00Z');
  expect((await subctl(['jobs', 'pause', 'prune', '--reason', 'why not'], { env })).code).toBe(0);
  const due = await runDue(sql, {
    services: servicesOf(),
    now: at('2026-02-01T05:00Z'),
    timetable: shipped,
    actor: 'tester',
    trigger: 'test',
  });
  expect(due.map(({ task }) => task)).not.toContain('prune');
  const named = await subctl(['prune', '--as-of', '2026-02-01T05:00Z'], { env });
  expect(named.code).toBe(0);
  expect(named.stderr).toMatch(/paused/);
  expect(
    await sql`select before, after, c.reason from subctl.audit_log a join subctl.changes c on c.id = a.change_id where entity = 'job'`,
  ).toMatchObject([{ before: { enabled: true }, after: { enabled: false }, reason: 'why not' }]);
  expect((await subctl(['jobs', 'resume', 'prune'], { env })).code).toBe(0);
});

test('R43: a run ahead of its time cannot take real instants away: they come back', async () => {
  await makeDue('check-expired', '2026-02-02T01:00:00Z');
  const year = new Date().getUTCFullYear() + 9; // writes reach ten years ahead (R9)
  const ahead = (await claim('check-expired', `${year}-05-01T12:00Z`))!;
  await finishRun(sql, ahead, at(`${year}-05-01T12:00Z`), ended);
  expect(await jobOf('check-expired')).toMatchObject({ next_due: at(`${year}-05-02T01:00Z`) });
  const today = new Date(); // ahead is what is beyond the database's clock
  await syncTaskStates(sql, today, shipped);
  const next = nextInstant({ cron: '0 1 * * *', timezone: 'UTC' }, today);
  expect(await jobOf('check-expired')).toMatchObject({ next_due: next });
  await sql`delete from subctl.job_runs where task = 'check-expired'`;
});

test('R42, R43: an instant that has been done does not come back, be it that --as-of is of the past or that a process was stopped since it read the time', async () => {
  await makeDue('check-expired', '2026-02-02T01:00:00Z');
  await finishRun(sql, (await claim('check-expired', '2026-02-05T12:00Z'))!, at('2026-02-05T12:00Z'), ended);
  await syncTaskStates(sql, at('2026-02-03T12:00Z'), shipped);
  expect(await jobOf('check-expired')).toMatchObject({ next_due: at('2026-02-06T01:00Z') });

  const stale = syncTaskStates(
    intercepted(sql, async () => {
      const run = await claim('check-expired', '2026-02-07T02:00Z');
      await finishRun(sql, run!, at('2026-02-07T02:00Z'), ended);
    }),
    at('2026-02-05T13:00Z'),
    shipped,
  );
  await stale;
  expect(await jobOf('check-expired')).toMatchObject({ next_due: at('2026-02-08T01:00Z') });
  await sql`delete from subctl.job_runs where task = 'check-expired'`;
});

/** The connection, but that `meanwhile` happens just before its first statement that updates. */
function intercepted(connection: Connection, meanwhile: () => Promise<void>): Connection {
  const happened = { yet: false };
  return new Proxy(connection, {
    apply(target, self, [strings, ...values]: [TemplateStringsArray, ...never[]]) {
      const query = () => Reflect.apply(target, self, [strings, ...values]) as Promise<unknown>;
      if (happened.yet || !Array.isArray(strings) || !/^\s*update subctl\.jobs/.test(strings[0]!))
        return query();
      happened.yet = true;
      return meanwhile().then(query);
    },
  });
}

test('a change of the zone moves what is to come, and not what is due', async () => {
  await makeDue('check-expired', '2026-02-03T01:00:00Z');
  await makeDue('handle-renewals', '2026-02-02T02:00:00Z');
  await sql`update subctl.settings set value = '"Europe/Berlin"' where key = 'timezone'`;
  await syncTaskStates(sql, at('2026-02-02T12:00Z'), shipped);
  expect(await jobOf('check-expired')).toMatchObject({
    next_due: at('2026-02-03T00:00Z'),
    timezone: 'Europe/Berlin',
  });
  expect(await jobOf('handle-renewals')).toMatchObject({
    next_due: at('2026-02-02T02:00Z'),
    timezone: 'Europe/Berlin',
  });
  await sql`update subctl.settings set value = '"UTC"' where key = 'timezone'`;
  await syncTaskStates(sql, at('2026-02-02T12:00Z'), shipped);
});

test.each([
  ['all', 3, ['2026-02-03T01:00:00.000Z', '2026-02-04T01:00:00.000Z', '2026-02-05T01:00:00.000Z']],
  ['none', 1, ['2026-02-03T01:00:00.000Z']],
  ['latest', 1, ['2026-02-03T01:00:00.000Z']],
])('catch-up %s makes %i run(s) of three that were missed', async (catchUp, count, instants) => {
  const now = at('2026-02-05T20:00Z');
  await makeDue('check-expired', '2026-02-03T01:00:00Z');
  await sql`update subctl.jobs set catch_up = ${catchUp} where task = 'check-expired'`;
  const request = {
    task: checkExpired,
    ask: {},
    now,
    mode: 'due',
    trigger: 'test',
    actor: 'tester',
  } as const;
  const reports = [];
  for (let report = await runTask(sql, request); report; report = await runTask(sql, request))
    reports.push(report);
  expect(reports).toHaveLength(count);
  expect(reports.map(({ scheduledFor }) => scheduledFor.toISOString())).toEqual(instants);
  const asOf = reports.map((report) => report.asOf.toISOString());
  expect(asOf).toEqual(catchUp === 'all' ? instants : [now.toISOString()]);
  if (catchUp === 'none') expect(reports[0]!.notes[0]).toMatch(/too late to be made up/);
  expect(await jobOf('check-expired')).toMatchObject({ next_due: at('2026-02-06T01:00Z') });
});
