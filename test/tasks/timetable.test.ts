import { beforeEach, expect, test } from 'vitest';
import fc from 'fast-check';
import type { TimetableField, TimetableSetting } from '../../src/config/timetable-settings.ts';
import { claimRun } from '../../src/tasks/claim.ts';
import { finishRun } from '../../src/tasks/finish.ts';
import { syncTaskStates, listDueTasks } from '../../src/tasks/task-states.ts';
import { runDue } from '../../src/tasks/run-due.ts';
import { effectiveTimetable } from '../../src/scheduler/effective.ts';
import { nextInstant, nextInstants } from '../../src/scheduler/next.ts';
import { subctl } from '../support/cli.ts';
import { testDatabase } from '../support/database.ts';
import { servicesOf } from '../support/services.ts';

const { sql, env } = await testDatabase();
const at = (text: string) => new Date(text);
const task = 'check-expired';
const say = (field: TimetableField, value: string): TimetableSetting => ({
  task,
  field,
  value,
  source: 'test',
});
const take = (now: string, ...settings: TimetableSetting[]) =>
  syncTaskStates(sql, at(now), effectiveTimetable(settings));
const jobOf = async () =>
  (await sql<{ next_due: Date; cron: string }[]>`select * from subctl.jobs where task = ${task}`)[0]!;
const ended = { outcome: 'done', done: 0, skipped: 0, parked: 0, changeId: null } as const;

beforeEach(async () => {
  await sql`delete from subctl.job_runs`; // no instant comes back that a run has answered for
  await sql`delete from subctl.jobs`;
  await take('2026-03-01T00:30Z');
});

test('a changed expression moves what is to come to its own next instant', async () => {
  await take('2026-03-01T00:40Z', say('cron', '45 0 * * *'));
  expect(await jobOf()).toMatchObject({ cron: '45 0 * * *', next_due: at('2026-03-01T00:45Z') });
  await take('2026-03-01T00:41Z', say('cron', '0 6 1 * *'));
  expect(await jobOf()).toMatchObject({ next_due: at('2026-03-01T06:00Z') });
  await take('2026-03-01T00:42Z');
  expect(await jobOf()).toMatchObject({ cron: '0 1 * * *', next_due: at('2026-03-01T01:00Z') });
});

test('a changed expression or zone loses nothing that was already due: it runs once, then the new one holds', async () => {
  await take('2026-03-01T09:00Z', say('cron', '0 6 * * *'), say('timezone', 'Asia/Tokyo'));
  expect(await jobOf()).toMatchObject({ next_due: at('2026-03-01T01:00Z') });
  const request = { now: at('2026-03-01T09:01Z'), services: servicesOf(), actor: 'tester', trigger: 'test' };
  const timetable = effectiveTimetable([say('cron', '0 6 * * *'), say('timezone', 'Asia/Tokyo')]);
  const runs = await runDue(sql, { ...request, timetable });
  expect(runs.filter((run) => run.task === task)).toMatchObject([{ scheduled_for: at('2026-03-01T01:00Z') }]);
  expect(await jobOf()).toMatchObject({ next_due: at('2026-03-01T21:00Z') });
});

test('an expression that changes while its task runs holds from the end of that run on', async () => {
  const claimed = {
    task,
    now: at('2026-03-01T01:00Z'),
    mode: 'named',
    trigger: 'test',
    actor: 'tester',
  } as const;
  const run = (await claimRun(sql, claimed))!;
  await take('2026-03-01T01:01Z', say('cron', '*/20 * * * *'));
  await finishRun(sql, run, at('2026-03-01T01:02Z'), ended);
  await take('2026-03-01T01:02Z', say('cron', '*/20 * * * *'));
  expect(await jobOf()).toMatchObject({ next_due: at('2026-03-01T01:20Z') });
});

test('a run a little before its instant is not repeated by taking the timetable over again', async () => {
  const claimed = {
    task,
    now: at('2026-03-01T00:57Z'),
    mode: 'named',
    trigger: 'test',
    actor: 'tester',
  } as const;
  await finishRun(sql, (await claimRun(sql, claimed))!, at('2026-03-01T00:57Z'), ended);
  await take('2026-03-01T00:58Z');
  expect(await jobOf()).toMatchObject({ next_due: at('2026-03-02T01:00Z') });
});

test('what the settings switch off is not due, by name it runs and says so, and on again it makes up what it missed', async () => {
  const now = at('2026-03-01T02:00Z');
  await take('2026-03-01T00:40Z', say('enabled', 'off'));
  expect((await listDueTasks(sql, now)).map((job) => job.task)).not.toContain(task);
  const claimed = { task, now, mode: 'due', trigger: 'test', actor: 'tester' } as const;
  expect(await claimRun(sql, claimed)).toBeUndefined();
  expect((await subctl([task, '--as-of', '2026-03-01T00:50Z'], { env })).stderr).toMatch(
    /not on the timetable/,
  );
  await take('2026-03-01T02:00Z');
  expect((await listDueTasks(sql, now)).map((job) => job.task)).toContain(task);
});

test('R43: the grace of the settings decides what is reported as late, and how late it was is kept', async () => {
  await take('2026-03-01T00:40Z', say('grace', '10m'));
  const timetable = effectiveTimetable([say('grace', '10m')]);
  await runDue(sql, {
    now: at('2026-03-01T01:11Z'),
    actor: 'tester',
    trigger: 'test',
    timetable,
    services: servicesOf(),
  });
  const [run] =
    await sql`select late, late_by from subctl.job_runs where task = ${task} order by started_at desc limit 1`;
  expect(run).toEqual({ late: true, late_by: 660 });
});

test('the zone of the settings goes before the one of the database', async () => {
  const zone: TimetableSetting = { task: undefined, field: 'timezone', value: 'Asia/Tokyo', source: 'test' };
  await take('2026-03-01T00:40Z', zone);
  expect(await jobOf()).toMatchObject({ timezone: 'Asia/Tokyo', next_due: at('2026-03-01T16:00Z') });
});

test('through any changes of expression and zone, and runs whenever: due instants stay due, and the rest is the next of what holds now', async () => {
  const crons = fc.constantFrom('0 1 * * *', '*/5 * * * *', '30 2 * * *', '0 0 1 * *', '15 * * * 1-5');
  const zones = fc.constantFrom('UTC', 'Europe/Berlin', 'Australia/Lord_Howe', 'America/Nuuk');
  const step = fc.record({
    cron: crons,
    zone: zones,
    minutes: fc.integer({ min: 1, max: 3_000 }),
    run: fc.boolean(),
  });
  const steps = fc.array(step, { minLength: 3, maxLength: 12 });
  const numRuns = process.env['SUBCTL_LONG'] ? 300 : 15;
  await fc.assert(
    fc.asyncProperty(steps, async (all) => {
      await sql`delete from subctl.job_runs`;
      await sql`delete from subctl.jobs`;
      let now = at('2026-03-20T00:30Z');
      await syncTaskStates(sql, now, effectiveTimetable());
      for (const { cron, zone, minutes, run } of all) {
        const before = (await jobOf()).next_due;
        now = new Date(now.getTime() + minutes * 60_000);
        await syncTaskStates(sql, now, effectiveTimetable([say('cron', cron), say('timezone', zone)]));
        const after = (await jobOf()).next_due;
        const schedule = { cron, timezone: zone };
        expect(after).toEqual(before <= now ? before : nextInstant(schedule, now));
        if (!run) continue;
        const claimed = await claimRun(sql, { task, now, mode: 'due', trigger: 'test', actor: 'tester' });
        expect(claimed !== undefined).toBe(before <= now);
        if (!claimed) continue;
        await finishRun(sql, claimed, now, ended);
        expect((await jobOf()).next_due).toEqual(nextInstants(schedule, now, 1)[0]);
      }
    }),
    { seed: 20_261_125, numRuns },
  );
});
