import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import type { Connection } from '../../src/database/connect.ts';
import { failedChecks } from '../integrity/failed-checks.ts';
import { testDatabase } from '../support/database.ts';
import { customersOf, lifeOf, moveTo, type Move, runTasks } from './lives.ts';
import { prepare } from './plans.ts';

/**
 * What must not depend on when the tasks ran: windows, ledger, subscriptions and their history. Who wrote a row and when may, and which of
 * the missed periods are charged is a choice of each run (R36).
 */
async function outcome(sql: Connection, prefix: string): Promise<unknown> {
  const of = `${prefix}%`;
  const [row] = await sql`
    select
      (select jsonb_agg(to_jsonb(w) order by w.customer_id, w.meter_id, w."window", w.window_start)
         from (select customer_id, meter_id, "window", subject, window_start, window_end, trim_scale(used + adjusted) as used, refused,
                      trim_scale(limit_value) as limit_value, closed_at is not null as closed
                 from subctl.window_usage where customer_id like ${of} and (used > 0 or refused > 0)) w) as windows,
      (select jsonb_agg(to_jsonb(l) order by l.customer_id, l.id)
         from (select customer_id, id, at, kind, trim_scale(amount) as amount, trim_scale(balance_after) as balance
                 from subctl.credit_entries where customer_id like ${of}) l) as ledger,
      (select jsonb_agg(to_jsonb(s) order by s.customer_id, s.started_at)
         from (select customer_id, plan_id, version, status, started_at, ended_at, current_period_start, current_period_end, anchor, usage_reset_at
                 from subctl.subscriptions where customer_id like ${of}) s) as subscriptions,
      (select jsonb_agg(to_jsonb(g) order by g.customer_id, g.from_at, g.cause)
         from (select customer_id, from_at, previous_status, status, plan_id, cause, regexp_replace(reason, '[0-9A-F]{8}-[0-9]{4}', 'N') as reason
                 from subctl.subscription_phases where customer_id like ${of}) g) as history,
      (select jsonb_agg(to_jsonb(r) order by r.customer_id, r.period_start)
         from (select customer_id, period_start, period_end, case outcome when 'invoiced' then 'renewed' else outcome end as outcome from subctl.renewals where customer_id like ${of}) r) as renewals`;
  return row;
}

/** Plays a life in a customer's namespace of its own; `pauses` says after which moves the tasks run, `days` how often beside that. */
async function play(
  sql: Connection,
  prefix: string,
  moves: readonly Move[],
  pauses: (index: number) => boolean,
  days = Infinity,
): Promise<unknown> {
  const customers = customersOf(moves, prefix);
  let next = moves[0]!.at.getTime();
  for (const [index, move] of moves.entries()) {
    for (; days < Infinity && next < move.at.getTime(); next += days * 86_400_000) {
      await runTasks(sql, customers, new Date(next));
    }
    await moveTo(sql, prefix, move);
    if (pauses(index)) await runTasks(sql, customers, move.at);
  }
  await runTasks(sql, customers, new Date(moves.at(-1)!.at.getTime() + 40 * 86_400_000));
  return JSON.parse(JSON.stringify(await outcome(sql, prefix)).replaceAll(prefix, ''));
}

describe('the order and number of runs', async () => {
  const { sql } = await testDatabase();
  await prepare(sql);
  const runs = process.env['SUBCTL_LONG'] ? 100 : 12;
  let count = 0;

  it('R16 R36 R43 changes nothing: tasks after every move, after some, or once at the end give the same books', async () => {
    await fc.assert(
      fc.asyncProperty(lifeOf(), fc.integer({ min: 2, max: 5 }), async (moves, nth) => {
        const life = (count += 1);
        const often = await play(sql, `a${life}-`, moves, () => true);
        const seldom = await play(sql, `b${life}-`, moves, (index) => index % nth === 0);
        const once = await play(sql, `c${life}-`, moves, () => false);
        expect(once).toEqual(often);
        expect(seldom).toEqual(often);
      }),
      { seed: 20_261_121, numRuns: runs, endOnFailure: true },
    );
  }, 1_200_000);

  it('R2 R16 R36: three years run every day, or once at the end, or at some instants, tile and give the same books', async () => {
    const [life] = fc.sample(lifeOf(), { seed: 20_261_125, numRuns: 1 }) as [Move[]];
    const begin = life[0]!.at.getTime();
    // half a year drawn out to three
    const moves = life.map((move) => ({ ...move, at: new Date(begin + (move.at.getTime() - begin) * 6) }));
    const daily = await play(sql, 'daily-', moves, () => false, process.env['SUBCTL_LONG'] ? 1 : 11);
    const once = await play(sql, 'once-', moves, () => false);
    const sometimes = await play(sql, 'some-', moves, (index) => index % 7 === 3);
    expect(once).toEqual(daily);
    expect(sometimes).toEqual(daily);
    const end = new Date(moves.at(-1)!.at.getTime() + 40 * 86_400_000);
    const tiling = ['renewals', 'periods', 'segments', 'window rows'];
    expect((await failedChecks(sql, end)).filter(({ check }) => tiling.includes(check))).toEqual([]);
  }, 1_200_000);
});
