import { existsSync, readFileSync, writeFileSync } from 'node:fs';
import path from 'node:path';
import { describe, expect, test } from 'vitest';
import { effectiveTimetable } from '../../../src/scheduler/effective.ts';
import { syncTaskStates } from '../../../src/tasks/task-states.ts';
import { testDatabase } from '../../support/database.ts';
import { hasPrivateCron, privateCron } from '../../support/private-cron.ts';

const minute = 60_000;
const isLong = Boolean(process.env['SUBCTL_LONG']);

describe.skipIf(!hasPrivateCron)(
  'a real cron (skipped without root, cron and mount namespaces)',
  async () => {
    const { env, sql } = await testDatabase();
    const cron = privateCron();
    const log = path.join(cron.folder, 'log/cron.log');
    const runs = () => sql<{ task: string; trigger: string; outcome: string; count: number }[]>`
    select task, trigger, outcome, count(*)::int as count from subctl.job_runs group by 1, 2, 3 order by 1, 2, 3`;
    const install = (words: string, more = {}) =>
      cron.say(`schedule install cron ${words} --log ${log}`.split(' '), { ...env, ...more });
    const makeDue = () =>
      sql`update subctl.jobs set next_due = date_trunc('minute', clock_timestamp()) - interval '1 minute'`;

    test('J4: starts the line of run-due within the minute; what is due runs once, and it is said in the log', async () => {
      await syncTaskStates(sql, new Date(), effectiveTimetable());
      expect((await install('--run-due')).code).toBe(0);
      await makeDue();
      const daemon = cron.startCron();
      await expect.poll(runs, { timeout: 5 * minute, interval: 500 }).toEqual(
        effectiveTimetable()
          .map(({ task }) => ({ task, trigger: 'run-due', outcome: 'done', count: 1 }))
          .sort((a, b) => (a.task < b.task ? -1 : 1)),
      );
      await expect.poll(() => existsSync(log) && readFileSync(log, 'utf8')).toMatch(/\n$/);
      const said = readFileSync(log, 'utf8')
        .trim()
        .split('\n')
        .map((line) => JSON.parse(line) as object);
      expect(said).toHaveLength(effectiveTimetable().length);
      daemon.kill('SIGTERM');
    });

    test.runIf(isLong)(
      'J4: for two minutes starts a line for each task, each minute, and run-due beside them: no instant runs twice',
      async () => {
        await sql`delete from subctl.job_runs`;
        const each = Object.fromEntries(
          effectiveTimetable().map(({ task }) => [
            `SUBCTL_TIMETABLE_${task.toUpperCase().replaceAll('-', '_')}`,
            '* * * * *',
          ]),
        );
        expect((await install('--host-timezone UTC', each)).code).toBe(0);
        // both must be told the same timetable: run-due takes it over into the database
        const print = 'schedule print cron --run-due'.split(' ');
        const { stdout } = await cron.say(print, { ...env, ...each });
        const line = stdout.split('\n').find((one) => one.startsWith('* * * * * '))!;
        writeFileSync(path.join(cron.folder, 'extra'), `${line}\n`);
        cron.sh(`(crontab -l; cat '${cron.folder}/extra') | crontab -`);
        const daemon = cron.startCron();
        const started = Date.now();
        while (Date.now() - started < 2.2 * minute)
          await new Promise((resolve) => setTimeout(resolve, 1_000));
        daemon.kill('SIGTERM');
        const found = await sql<{ task: string; instants: number; effective: number }[]>`
        select task, count(distinct scheduled_for)::int as instants, count(*) filter (where late_by is not null)::int as effective
          from subctl.job_runs where outcome = 'done' group by task order by task`;
        expect(found.map(({ task }) => task)).toEqual(
          effectiveTimetable()
            .map(({ task }) => task)
            .sort(),
        );
        for (const { instants, effective } of found) {
          expect(effective).toBeGreaterThanOrEqual(2);
          expect(instants).toBeGreaterThanOrEqual(effective);
        }
        const doubled = await sql`
        select task, scheduled_for from subctl.job_runs where late_by is not null and outcome = 'done' group by 1, 2 having count(*) > 1`;
        expect(doubled).toEqual([]);
      },
    );
  },
);
