import fc from 'fast-check';
import { expect, test } from 'vitest';
import { runChecks } from '../../src/integrity/run-checks.ts';
import { testDatabase } from '../support/database.ts';
import { act, layPlans, steps, useOf } from './recount-world.ts';
import { check, customer, record, type Use } from './world.ts';

const { sql } = await testDatabase();
await layPlans(sql);
await sql`insert into subctl.changes (id, at, actor, action) values ('test', '2026-01-01', 'tester', 'recount')`;

interface Event {
  at: number;
  kind: string;
  tier: string;
  quantity: number;
  member: string | null;
  recorded: number;
}

interface Shown {
  meter: string;
  win: string;
  scope: string;
  subject: string;
  used: number;
  limit: number | null;
  mode: string;
  start: number;
  end: number;
}

const meets = ({ kind, tier }: Pick<Event, 'kind' | 'tier'>, meter: string): boolean =>
  meter === 'calls' ||
  (meter === 'images'
    ? kind === 'image'
    : kind === 'llm' && tier === (meter === 'messages' ? 'paid' : 'free'));
const amountOf = ({ quantity }: Pick<Event, 'quantity'>, meter: string): number =>
  meter === 'calls' ? 1 : quantity;

async function eventsOf(who: string): Promise<Event[]> {
  const rows = await sql`
    select extract(epoch from at)::float8 * 1000 as at, kind, tier, quantity::float8 as quantity, member_id as member from subctl.usage_events where customer_id = ${who}`;
  return rows as unknown as Event[];
}

async function shownOf(who: string, now: Date): Promise<Shown[]> {
  const rows = await sql`
    select meter_id as meter, win, scope, subject, used::float8 as used, limit_value::float8 as "limit", enforcement as mode,
           extract(epoch from window_start)::float8 * 1000 as start, extract(epoch from window_end)::float8 * 1000 as "end"
      from subctl.usage_limits(${who}, ${now})`;
  return rows as unknown as Shown[];
}

/** What the events say of a row that is shown: half-open windows, but rolling ones, which hold their last instant and not their first. */
function recount(
  events: readonly Event[],
  { meter, win, scope, subject, start, end }: Shown,
  now: Date,
  from: number,
): number {
  const rolling = win.startsWith('rolling');
  const hours = Number(/\d+/.exec(win)?.[0]) * (win.endsWith('d') ? 24 : 1);
  const inside = ({ at }: Event) =>
    rolling
      ? at > now.getTime() - hours * 3_600_000 &&
        at <= now.getTime() &&
        (meter === 'free_messages' || at >= from)
      : at >= start && at < end;
  return events
    .filter((e) => meets(e, meter) && inside(e) && (scope === 'customer' || e.member === subject))
    .reduce((sum, e) => sum + amountOf(e, meter), 0);
}

/** Everything that is shown of a customer is what its events say. */
async function compare(who: string, now: Date): Promise<void> {
  const [standing] =
    await sql`select extract(epoch from usage_from)::float8 * 1000 as since from subctl_internal.effective_subscription(${who}, ${now})`;
  const events = await eventsOf(who);
  const since = (standing!['since'] as number | null) ?? -Infinity;
  const shown = (await shownOf(who, now)).filter(({ win }) => win !== 'each' && win !== 'session');
  const name = (row: Shown) => `${row.meter} ${row.win} ${row.scope} ${row.subject}`;
  expect(Object.fromEntries(shown.map((row) => [name(row), row.used])), now.toISOString()).toEqual(
    Object.fromEntries(shown.map((row) => [name(row), recount(events, row, now, since)])),
  );
}

/** A use: what is foretold is what happens, and it happens when every hard limit that is shown has room. */
async function use(who: string, asked: Use, now: Date): Promise<void> {
  const before = await shownOf(who, now);
  const foretold = await check(sql, asked);
  const answer = await record(sql, asked);
  expect({ ...foretold, event_id: null, alerts: [] }).toEqual({ ...answer, event_id: null, alerts: [] });
  const reasons = [null, 'limit_reached', 'disabled'];
  if (
    asked.at!.valueOf() !== now.valueOf() ||
    asked.partial ||
    asked.already_spent ||
    !reasons.includes(answer.reason)
  )
    return;
  const one = {
    kind: asked.kind!,
    tier: asked.provider === 'gratis' ? 'free' : 'paid',
    quantity: Number(asked.quantity),
  };
  const full = before.filter(
    (row) =>
      meets(one, row.meter) &&
      row.limit !== null &&
      row.mode === 'hard' &&
      !['each', 'session'].includes(row.win) &&
      (row.scope === 'customer' || row.subject === asked.member) &&
      amountOf(one, row.meter) > 0 &&
      row.used + amountOf(one, row.meter) > row.limit,
  );
  if (full.length > 0)
    expect(answer, full.map(({ meter, win }) => `${meter} ${win}`).join()).toMatchObject({ allowed: false });
  else if (!answer.allowed) {
    // what is not shown beforehand: single uses, sessions, and members who have used nothing yet
    const known = before.find(
      (row) => row.meter === answer.meter && row.win === answer.window && row.scope === 'customer',
    );
    expect(known === undefined || ['each', 'session'].includes(answer.window!), JSON.stringify(answer)).toBe(
      true,
    );
  }
}

test('R6 R8 R13 R16 R20: answers, what is shown and a recount of the events agree, whatever happens to plans, limits, zones and subscriptions', async () => {
  let count = 0;
  await fc.assert(
    fc.asyncProperty(fc.constantFrom('UTC', 'Asia/Kolkata', 'America/New_York'), steps, async (zone, all) => {
      const who = await customer(sql, `r${++count}`, { zone, kind: 'group', at: '2026-01-01T00:00Z' });
      await sql`insert into subctl.members (customer_id, member_id, joined_at) values (${who}, 'mia', '2026-01-01'), (${who}, 'moe', '2026-01-01')`;
      let now = new Date('2026-01-20T21:10:00Z');
      for (const step of all) {
        now = new Date(now.getTime() + step.hours * 3_600_000 + 1000);
        if (step.what === 'use') await use(who, useOf(who, step, now), now);
        else await act(sql, who, step, now);
        await compare(who, now);
      }
      const names = ['windows', 'window rows', 'open windows', 'running totals'];
      const results = await sql.begin((tx) => runChecks(tx as never, { now, only: names }));
      expect(results.flatMap(({ check, sample }) => sample.map((row) => ({ check, ...row })))).toEqual([]);
    }),
    { numRuns: process.env['SUBCTL_LONG'] ? 300 : 8, seed: 20_261_125, endOnFailure: true },
  );
}, 1_200_000);
