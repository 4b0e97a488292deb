import fc from 'fast-check';
import * as fs from 'node:fs';
import path from 'node:path';
import { beforeAll, describe, expect, it } from 'vitest';
import { subctl as command } from '../support/cli.ts';
import { testDatabase } from '../support/database.ts';
import { temporaryFolder } from '../support/test-server.ts';
import { record } from './world.ts';

const { sql, env } = await testDatabase();
const now = '2026-10-30T00:00:00Z';
const catalogue = `
schema: 1
currency: USD
period: {unit: month, length: 1}
default_plan: free
credit_costs: {image: "1"}
plans:
  free: {name: Free, rank: 0, prices: {month: "0.00"}, credits: {period: 10}, limits: {images: {period: 20, every_7d: 20}}}
  pro: {name: Pro, rank: 2, prices: {month: "30.00"}, credits: {period: 100}, limits: {images: {period: 500, every_7d: 400}}}
`;

async function run(line: string, codes = [0]): Promise<string> {
  const { code, stdout, stderr } = await command(line.split(' '), { env });
  if (!codes.includes(code)) throw new Error(`${line}: ${code} ${stderr}`);
  return stdout;
}

/** What the books say, of usage alone: this database has no timetable. */
async function books(repair = false): Promise<string[]> {
  const text = await run(`doctor --deep${repair ? ' --repair --yes' : ''} --as-of ${now}`, [0, 4, 7]);
  return text.split('\n').filter((line) => /^books: .* found/.test(line));
}

let count = 0;
/** Not paid: it ends on 26 October at 10:00, and nobody writes that. */
async function unpaid(): Promise<string> {
  const who = `m${++count}`;
  await run(`customers add ${who} --as-of 2026-10-05T10:00Z`);
  await run(`assign ${who} pro --as-of 2026-10-05T10:00Z`);
  return who;
}

const windowsOf = async (who: string) =>
  sql`select window_start as start, window_end as "end", trim_scale(used + adjusted)::int as used from subctl.window_usage
       where customer_id = ${who} and "window" in ('period', 'every_1mo') and meter_id = 'images' and used + adjusted > 0 order by 1`;

beforeAll(async () => {
  const file = path.join(temporaryFolder('subctl-ends-'), 'cat.yaml');
  fs.writeFileSync(file, catalogue);
  await run(`plans load ${file} --yes`);
});

const at = (time: string) => new Date(time);
const end = at('2026-10-26T10:00:00Z');

describe('H4: an end that nobody has written cuts the windows of late uses', () => {
  it('H4: a late use before the end counts in a window that ends there, and the books are clean after each use', async () => {
    const who = await unpaid();
    const uses = [
      ['2026-10-26T16:00:00Z', 1],
      ['2026-10-06T09:50:00Z', 3],
      ['2026-10-28T14:28:00Z', 2],
    ] as const;
    for (const [time, quantity] of uses) {
      await run(`usage record ${who} --kind image --quantity ${quantity} --at ${time} --as-of ${now}`);
      expect(await books()).toEqual([]);
    }
    expect(await windowsOf(who)).toMatchObject([
      { start: at('2026-10-05T10:00:00Z'), end, used: 3 },
      { start: end, used: 3 },
    ]);
  });

  it('H4: the order of the uses, and when the end is written, change no window and no count', async () => {
    const times = [
      '2026-10-05T11:00',
      '2026-10-12T09:00',
      '2026-10-25T23:00',
      '2026-10-26T09:59',
      '2026-10-26T10:00',
      '2026-10-27T08:00',
      '2026-10-29T20:00',
    ];
    const played = fc.shuffledSubarray(times, { minLength: 2, maxLength: 5 });
    await fc.assert(
      fc.asyncProperty(played, fc.integer({ min: -1, max: 5 }), async (order, writtenAfter) => {
        const who = await unpaid();
        const write = () =>
          run(`tasks run check-expired --as-of ${now}`, [0, 7]).catch(() =>
            run(`check-expired --as-of ${now}`, [0, 7]),
          );
        if (writtenAfter === 0) await write();
        for (const [n, time] of order.entries()) {
          const answer = await record(sql, {
            customer: who,
            kind: 'image',
            quantity: 1,
            at: `${time}:00Z`,
            as_of: now,
            already_spent: true,
          });
          expect(answer.allowed).toBe(true);
          if (writtenAfter === n + 1) await write();
        }
        const before = order.filter((time) => `${time}:00Z` < '2026-10-26T10:00:00Z').length;
        const expected = [
          ...(before > 0 ? [{ start: at('2026-10-05T10:00:00Z'), end, used: before }] : []),
          ...(before < order.length ? [{ start: end, used: order.length - before }] : []),
        ];
        const found = await windowsOf(who);
        expect(
          found.map(({ start, end: until, used }) =>
            used > 0 && (start as Date) < end
              ? { start: start as Date, end: until as Date, used: used as number }
              : { start: start as Date, used: used as number },
          ),
        ).toEqual(expected);
      }),
      { numRuns: 10 },
    );
    expect(await books()).toEqual([]);
  });

  it('H4: --repair ends a window where the next begins, and what it cannot mend it leaves', async () => {
    const who = await unpaid();
    for (const [time, quantity] of [
      ['2026-10-26T16:00:00Z', 1],
      ['2026-10-06T09:50:00Z', 3],
      ['2026-10-28T14:28:00Z', 2],
    ] as const)
      await record(sql, { customer: who, kind: 'image', quantity, at: time, as_of: now });
    // as an earlier version left it
    await sql`update subctl.usage_counters set window_end = '2026-11-05T10:00:00Z', used = 4 where customer_id = ${who} and window_start = '2026-10-05T10:00:00Z'`;
    expect(await books()).not.toEqual([]);
    expect(await books(true)).toEqual([]);
    expect(await books()).toEqual([]);
    expect(await windowsOf(who)).toMatchObject([
      { start: at('2026-10-05T10:00:00Z'), end, used: 3 },
      { start: end, used: 3 },
    ]);
  });
});
