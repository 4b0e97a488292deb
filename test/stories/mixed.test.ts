import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import type { Db } from '../../src/database/connect.ts';
import { testDatabase } from '../support/database.ts';
import { runTasks } from './lives.ts';
import { sequenceOf, type Step, take } from './mixed.ts';
import { prepare } from './plans.ts';
import { readAt } from './readings.ts';

const { sql } = await testDatabase();
await prepare(sql);
const [day, hour] = [86_400_000, 3_600_000];
const wanted = process.env['SUBCTL_LONG'] ? 60 : 6;
const sequences = fc.sample(sequenceOf(), { seed: 20_261_130, numRuns: 60 }).slice(0, wanted);

/** An instant, and some before it: what is read of later ones depends on when an invoice is issued (R35). */
const upTo = (at: Date): Date[] =>
  [-47 * day, -20 * day, -6 * day, -30 * hour, 0].map((n) => new Date(at.getTime() + n));

class Undone extends Error {}

/** What is read before and after the tasks have written it; what they wrote is taken back, so that the life goes on without it. */
async function compare(customer: string, at: Date): Promise<void> {
  const instants = upTo(at);
  const money = (db: Db) => db`
    select i.number, i.status, i.total, i.period_start from subctl.invoices i where i.customer_id = ${customer} and i.issued_at < ${at} and i.status in ('paid', 'void') order by 1`;
  const unwritten = [await readAt(sql, customer, { instants, now: at }), await money(sql)];
  await sql
    .begin(async (tx) => {
      await runTasks(tx, [customer], at);
      const written = [await readAt(tx, customer, { instants, now: at }), await money(tx)];
      expect(written, `${customer} at ${at.toISOString()}`).toEqual(unwritten);
      throw new Undone();
    })
    .catch((error: unknown) => {
      if (!(error instanceof Undone)) throw error;
    });
}

describe('sequences that mix pauses, zones, ways down, money that comes and goes back, and readings', () => {
  it.each(sequences.map((steps, n): [number, Step[]] => [n + 1, steps]))(
    'B17 R16 R31 R34a: sequence %i shows the same figures, written or not',
    async (n, steps) => {
      const customer = `mixed-${n}`;
      for (const step of steps) {
        if (step.what === 'read') await compare(customer, step.at);
        else if (step.what === 'tasks') await runTasks(sql, [customer], step.at);
        else await take(sql, customer, step);
      }
    },
  );
});
