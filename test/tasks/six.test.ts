import { beforeAll, describe, expect, test } from 'vitest';
import type { Connection } from '../../src/database/connect.ts';
import { checkExpired } from '../../src/tasks/check-expired.ts';
import { claimRun } from '../../src/tasks/claim.ts';
import { renewals as handleRenewals } from '../../src/tasks/renewals.ts';
import { listRuns } from '../../src/tasks/list-runs.ts';
import { resetCredits } from '../../src/tasks/reset-credits.ts';
import { resetMonthlyUsage } from '../../src/tasks/reset-monthly-usage.ts';
import { type FencedWriter, openFencedWriter } from '../../src/tasks/fenced-writer.ts';
import type { Task } from '../../src/tasks/task.ts';
import { testDatabase } from '../support/database.ts';
import { prepareCatalogue, run, stateOf, subscribe, use } from './fixture.ts';

interface Case {
  task: Task;
  /** where a task has more than one kind of plain rows */
  kind?: string;
  /** makes a customer of whom one thing is due at `edge` */
  arrange: (sql: Connection, ids: string[]) => Promise<void>;
  edge: string;
  /** what of a customer is counted as done */
  each: number;
  /** somebody else is quicker, or changes their mind */
  change: (sql: Connection, id: string) => Promise<unknown>;
}

const begin = '2026-01-10T09:00:00.000Z';
const month = '2026-02-10T09:00:00.000Z';

const cases: Case[] = [
  {
    task: resetMonthlyUsage,
    async arrange(sql, ids) {
      await subscribe(sql, ids, 'term', begin);
      for (const id of ids) await use(sql, id, '2026-01-31T23:30:00Z'); // the day's window and the month's
    },
    edge: '2026-02-01T00:00:00.000Z',
    each: 2,
    change: (sql, id) => sql`select subctl_internal.close_windows('2026-02-01', array[${id}], 'other')`,
  },
  {
    task: resetCredits,
    arrange: (sql, ids) => subscribe(sql, ids, 'pro', begin),
    edge: month,
    each: 1,
    change: (sql, id) => sql`select subctl_internal.post_due_credits(array[${id}], ${month}, 'other')`,
  },
  {
    task: checkExpired,
    arrange: (sql, ids) => subscribe(sql, ids, 'term', begin),
    edge: month,
    each: 1,
    change: (sql, id) =>
      sql`update subctl.subscriptions set current_period_end = '2026-03-10T09:00Z' where customer_id = ${id}`,
  },
  {
    task: handleRenewals,
    arrange: (sql, ids) => subscribe(sql, ids, 'pro', begin),
    edge: month,
    each: 1,
    change: (sql, id) =>
      sql`update subctl.subscriptions set cancel_at_period_end = true where customer_id = ${id}`,
  },
  {
    task: handleRenewals,
    kind: ' with an invoice',
    async arrange(sql, ids) {
      await subscribe(sql, ids, 'pro', begin);
      await sql`update subctl.subscriptions set collection = 'invoice', price = 5 where customer_id = any (${ids}::text[])`;
    },
    edge: month,
    each: 1,
    change: (sql, id) =>
      sql`update subctl.subscriptions set cancel_at_period_end = true where customer_id = ${id}`,
  },
];

/** Row by row as listed, and in pages of plain rows, where the task has them. */
const ways = [
  { way: 'as listed', keepRows: true },
  { way: 'in pages', keepRows: false },
];

const justBefore = (edge: string) => new Date(Date.parse(edge) - 1).toISOString();

describe.each(cases.map((one) => ({ kind: '', ...one })))(
  '$task.name$kind',
  ({ task, arrange, edge, each, change }) => {
    let database: Awaited<ReturnType<typeof testDatabase>>;
    const withDatabase = testDatabase();
    beforeAll(async () => {
      database = await withDatabase;
      await prepareCatalogue(database.sql);
    });

    test('nothing is due: it does nothing, writes no change, and its run says so', async () => {
      const { sql } = database;
      const before = await stateOf(sql);
      expect(await run(sql, task, begin)).toMatchObject({ done: 0, skipped: 0, parked: 0, rows: [] });
      expect(await stateOf(sql)).toEqual(before);
      expect(await listRuns(sql, { task: task.name, count: 1 })).toMatchObject([
        { outcome: 'done', done: 0, change_id: null },
      ]);
    });

    test.each(ways)(
      'R1: nothing a millisecond before the edge, all of it at the edge, and what the dry run shows is what is done ($way)',
      async ({ keepRows }) => {
        const { sql } = database;
        const id = `edge${keepRows}`;
        const ask = { keepRows };
        await arrange(sql, [id]);
        expect(await run(sql, task, justBefore(edge), { ask })).toMatchObject({ done: 0 });
        const shown = await task.preview(sql, { asOf: new Date(edge) });
        const report = await run(sql, task, edge, { ask });
        expect(report).toMatchObject({ done: each, skipped: 0, parked: 0 });
        expect(report!.rows).toEqual(keepRows ? shown : []);
        expect(task.count(shown)).toBe(each);
        expect(shown.map(({ customer, due_at }) => [customer, due_at.toISOString()])).toEqual(
          shown.map(() => [id, edge]),
        );
      },
    );

    test.each(ways)('a second run changes nothing ($way)', async ({ keepRows }) => {
      const { sql } = database;
      const ask = { keepRows };
      await arrange(sql, [`second${keepRows}`]);
      await run(sql, task, edge, { ask });
      const before = await stateOf(sql);
      expect(await run(sql, task, edge, { ask })).toMatchObject({ done: 0, skipped: 0, parked: 0 });
      expect(await stateOf(sql)).toEqual(before);
    });

    test.each(ways)('J6: two runners at once do it once ($way)', async ({ keepRows }) => {
      const { sql } = database;
      await arrange(
        sql,
        [1, 2, 3].map((n) => `both${n}${keepRows}`),
      );
      const ask = { keepRows };
      const ends = await Promise.allSettled([1, 2, 3].map(() => run(sql, task, edge, { ask })));
      const done = ends.map((end) => (end.status === 'fulfilled' ? end.value!.done : 0));
      expect(done.sort()).toEqual([0, 0, 3 * each]);
      for (const end of ends)
        if (end.status === 'rejected') expect(end.reason).toMatchObject({ kind: 'conflict' });
    });

    test('R42: two that write at once, as a zombie would without its fence, still do it once', async () => {
      const { sql } = database;
      await arrange(sql, ['pair1', 'pair2']);
      const ask = { asOf: new Date(edge) };
      const { token } = (await claimRun(sql, {
        task: task.name,
        now: ask.asOf,
        mode: 'named',
        trigger: 'test',
        actor: 'tester',
      }))!;
      const change = { id: 'pair', at: ask.asOf, actor: 'tester', reason: null };
      const open: FencedWriter = {
        page: (work) => work(sql, change, token),
        write: (work) => sql.begin((tx) => work(tx, change)) as never,
        progress: () => undefined,
        shouldStop: () => false,
        done: 0,
        changeId: null,
      };
      const both = await Promise.all([task.run(sql, open, ask), task.run(sql, open, ask)]);
      expect(both.reduce((sum, { done }) => sum + done, 0)).toBe(2 * each);
      await sql`update subctl.jobs set lease_until = null where task = ${task.name}`;
    });

    test('a row that changed after it was listed is left alone', async () => {
      const { sql } = database;
      await arrange(sql, ['changed']);
      const claimed = await claimRun(sql, {
        task: task.name,
        now: new Date(edge),
        mode: 'named',
        trigger: 'test',
        actor: 'tester',
      });
      const change0 = { now: new Date(edge), actor: 'tester', action: task.name };
      const real = openFencedWriter(sql, claimed!, { change: change0 });
      const slow: FencedWriter = Object.create(real, {
        write: {
          value: async (work: never) => {
            await change(sql, 'changed');
            return real.write(work);
          },
        },
      }) as FencedWriter;
      const worked = await task.run(sql, slow, { asOf: new Date(edge), keepRows: true });
      expect(worked).toMatchObject({ done: 0, skipped: each, parked: 0 });
      await sql`update subctl.jobs set lease_until = null where task = ${task.name}`;
    });

    test.each(ways)(
      'stopped in the middle it keeps what it did, leaves its instant due, and the next run does the rest ($way)',
      async ({ keepRows }) => {
        const { sql } = database;
        await arrange(
          sql,
          [1, 2, 3].map((n) => `stop${n}${keepRows}`),
        );
        const stop = new AbortController();
        const first = run(sql, task, edge, {
          ask: { pageSize: 1, keepRows },
          signal: stop.signal,
          progress: (done) => void (done > 0 && stop.abort()),
        });
        await expect(first).rejects.toMatchObject({ kind: 'terminated' });
        const [stopped] = await listRuns(sql, { task: task.name, count: 1 });
        expect(stopped).toMatchObject({ outcome: 'interrupted' });
        expect(stopped!.done).toBeGreaterThanOrEqual(1);
        const rest = await run(sql, task, edge, { ask: { keepRows } });
        expect(rest!.done + stopped!.done).toBe(3 * each);
        expect(await task.preview(sql, { asOf: new Date(edge) })).toEqual([]);
      },
    );
  },
);
