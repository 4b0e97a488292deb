import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { editCustomer } from '../../src/customers/edit.ts';
import { calendarWindow } from '../database/window-oracle.ts';
import { asTester } from '../support/catalogue.ts';
import { testDatabase } from '../support/database.ts';
import { addOne, loadLadder } from '../support/plans.ts';
import { record } from '../usage/world.ts';

const { sql } = await testDatabase();
const zones = [
  'UTC',
  'Europe/Berlin',
  'America/New_York',
  'Asia/Kolkata',
  'Pacific/Apia',
  'America/Nuuk',
] as const;
const hour = 3_600_000;

type Unit = 'day' | 'week' | 'month';
interface Zone {
  from: number;
  zone: string;
}

/** The windows one after the other, as R4 says: each begins where the one before ended; a change ends it as its zone does, reckoned from its own end. */
function* windowsOf(unit: Unit, first: number, changes: readonly Zone[], until: number) {
  let { start, end } = calendarWindow(unit, first, changes[0]!.zone);
  while (start <= until) {
    const own = end;
    for (const { from, zone } of changes.slice(1)) {
      if (from <= start || from > end) continue;
      const next = calendarWindow(unit, own, zone);
      end = Math.max(next.start < own ? next.end : own, from);
    }
    yield { start, end };
    start = end;
    const now = changes.findLast(({ from }) => from <= end)!;
    ({ end } = calendarWindow(unit, start, now.zone));
  }
}

describe('R4: windows when a customer’s zone changes', () => {
  it('B8: tile, and the one under way ends at the first boundary of the last zone at or after the end that it had where it began', async () => {
    let count = 0;
    const begin = Date.parse('2026-02-20T00:00:00Z');
    const change = fc.record({
      hours: fc.integer({ min: 24 * 5, max: 24 * 60 }),
      zone: fc.constantFrom(...zones),
    });
    await fc.assert(
      fc.asyncProperty(
        fc.constantFrom<Unit>('day', 'week', 'month'),
        fc.constantFrom(...zones),
        fc.array(change, { minLength: 1, maxLength: 4 }),
        fc.array(fc.integer({ min: 0, max: 24 * 90 }), { minLength: 12, maxLength: 12 }),
        async (unit, zone, moves, instants) => {
          const id = `zones-${++count}`;
          const changes: Zone[] = [
            { from: -Infinity, zone },
            ...moves
              .map((m) => ({ from: begin + m.hours * hour, zone: m.zone }))
              .sort((a, b) => a.from - b.from),
          ].filter(({ from }, i, all) => all.findLastIndex((other) => other.from === from) === i);
          await sql`select subctl_internal.create_customer(${id}, '2026-01-01', null, 'test', 'user', ${zone})`;
          for (const { from, zone } of changes.slice(1))
            await sql`insert into subctl.customer_zones (customer_id, from_at, timezone) values (${id}, ${new Date(from)}, ${zone})`;
          const near = changes
            .slice(1)
            .flatMap(({ from }) => [from - 1, from, from + hour, from + 20 * hour]);
          const asked = [...near, ...instants.map((hours) => begin + hours * hour + 1)];
          const windows = [...windowsOf(unit, begin - 40 * 24 * hour, changes, Math.max(...asked))];
          const found = await sql`
            select lower(w) as start, upper(w) as "end" from unnest(${asked.map((at) => new Date(at).toISOString())}::text[]::timestamptz[]) with ordinality t(at, n)
             cross join lateral subctl_internal.customer_window(${id}, ${unit}, t.at, 1) w order by t.n`;
          const expected = asked.map((at) => windows.find(({ start, end }) => start <= at && at < end)!);
          expect(found).toEqual(
            expected.map(({ start, end }) => ({ start: new Date(start), end: new Date(end) })),
          );
        },
      ),
      { seed: 20_261_125, numRuns: process.env['SUBCTL_LONG'] ? 500 : 60 },
    );
  });

  it('have their new end at once, so that no task closes them at the old one', async () => {
    await loadLadder(sql);
    const at = (time: string) => new Date(time);
    await addOne(sql, { id: 'moved', timezone: 'Europe/Berlin' }, at('2026-01-01T00:00:00Z'));
    await record(sql, { customer: 'moved', kind: 'image', as_of: '2026-01-31T20:00:00Z', quantity: 2 });
    const [before] =
      await sql`select subctl_internal.credit_balance('moved', '2026-01-31T20:30:00Z')::float8 as balance`;
    await sql`select subctl_internal.post_due_credits('{moved}', '2026-01-31T20:30:00Z', null)`;
    await asTester(
      sql,
      (tx, change) => editCustomer(tx, change, { id: 'moved', timezone: 'America/New_York' }),
      at('2026-01-31T21:00:00Z'),
    );
    // midnight in Berlin is 23:00, in New York 05:00
    const due = await sql`select * from subctl_internal.due_windows('2026-02-01T04:59:59Z', 'moved')`;
    expect(due).toEqual([]);
    const read = async (time: string) => {
      const [row] =
        await sql`select period_start as start, period_end as "end" from subctl_internal.effective_subscription('moved', ${time}::timestamptz)`;
      const [credits] =
        await sql`select subctl_internal.credit_balance('moved', ${time}::timestamptz)::float8 as balance`;
      return { ...row, ...credits };
    };
    const january = { start: at('2025-12-31T23:00:00Z'), end: at('2026-02-01T05:00:00Z'), ...before };
    expect(await read('2026-01-31T20:45:00Z')).toEqual(january);
    expect(await read('2026-02-01T04:59:59Z')).toEqual(january);
    expect(await read('2026-02-01T05:00:00Z')).toMatchObject({
      start: at('2026-02-01T05:00:00Z'),
      end: at('2026-03-01T05:00:00Z'),
      balance: 10,
    });
    const answer = await record(sql, {
      customer: 'moved',
      kind: 'image',
      as_of: '2026-02-01T04:00:00Z',
      quantity: 2,
    });
    expect(answer).toMatchObject({
      allowed: false,
      window: 'day',
      used: '2',
      limit: '3',
      resets_at: '2026-02-01T05:00:00.000Z',
    });
  });

  const at = (time: string) => new Date(time);
  const move = (id: string, timezone: string, time: string) =>
    asTester(sql, (tx, change) => editCustomer(tx, change, { id, timezone }), at(time));
  const windowOf = async (id: string, unit: string, time: string) => {
    const [row] =
      await sql`select lower(w) as start, upper(w) as "end" from subctl_internal.customer_window(${id}, ${unit}, ${time}::timestamptz, 1) w`;
    return row as { start: Date; end: Date };
  };

  it.each(['hour', 'day', 'week', 'month', 'year', 'anchored_month'])(
    'B8: Tokyo, London and Tokyo again within a minute leave every %s as it was, with what was used and the credits',
    async (unit) => {
      const [moved, stayed] = [`back-${unit}`, `stayed-${unit}`];
      for (const id of [moved, stayed]) {
        await addOne(sql, { id, timezone: 'Asia/Tokyo' }, at('2026-12-02T00:00:00Z'));
        await record(sql, { customer: id, kind: 'image', as_of: '2026-12-10T03:00:00Z', quantity: 2 });
      }
      await move(moved, 'Europe/London', '2026-12-10T04:00:00Z');
      await move(moved, 'Asia/Tokyo', '2026-12-10T04:01:00Z');
      const read = async (id: string) => {
        const windows: unknown[] = [];
        for (const time of [
          '2026-12-10T03:59:00Z',
          '2026-12-10T04:00:30Z',
          '2026-12-10T05:00:00Z',
          '2026-12-11T00:00:00Z',
          '2027-01-05T00:00:00Z',
        ]) {
          windows.push(await windowOf(id, unit, time));
          const [facts] = await sql`
            select (select jsonb_agg(to_jsonb(l) order by l.meter_id, l.win) from subctl.usage_limits(${id}, ${time}::timestamptz) l) as limits,
                   subctl_internal.credit_balance(${id}, ${time}::timestamptz)::text as balance`;
          windows.push(facts);
        }
        return windows;
      };
      expect(await read(moved)).toEqual(await read(stayed));
    },
  );

  it('B8: who moves every day for ten days has ten days, give or take one', async () => {
    await addOne(sql, { id: 'toggler', timezone: 'Asia/Tokyo' }, at('2026-12-01T00:00:00Z'));
    for (let n = 0; n < 10; n++)
      await move(
        'toggler',
        n % 2 ? 'Asia/Tokyo' : 'Europe/London',
        `2026-12-${String(n + 2).padStart(2, '0')}T20:00:00Z`,
      );
    let ended = 0;
    const until = Date.parse('2026-12-11T20:00:00Z');
    for (let time = Date.parse('2026-12-01T20:00:00Z'); ; ended++) {
      const { end } = await windowOf('toggler', 'day', new Date(time).toISOString());
      expect(end.getTime() - time).toBeLessThanOrEqual(48 * hour);
      time = end.getTime();
      if (time > until) break;
    }
    expect(Math.abs(ended - 10)).toBeLessThanOrEqual(1);
  });
});
