import fc from 'fast-check';
import { beforeAll, describe, expect, it } from 'vitest';
import { extendByDays } from '../../src/subscriptions/extend.ts';
import { pauseSubscription } from '../../src/subscriptions/pause.ts';
import { resumeSubscription } from '../../src/subscriptions/resume.ts';
import { asTester } from '../support/catalogue.ts';
import { subctl as command } from '../support/cli.ts';
import { testDatabase } from '../support/database.ts';
import { addOne, assign } from '../support/plans.ts';
import { record } from '../usage/world.ts';

const { sql, env } = await testDatabase();

async function run(line: string): Promise<string> {
  const { code, stdout, stderr } = await command(line.split(' '), { env });
  if (code !== 0) throw new Error(`${line}: ${stderr}`);
  return stdout;
}
const json = async <T>(line: string) => JSON.parse(await run(`${line} --json`)) as T;
const at = (time: string | number) => new Date(time);
const days = 86_400_000;

beforeAll(async () => {
  await run(
    'plans create free --name Free --price 1mo=0 --rank 0 --credits 10 --limit messages/day=20 --default',
  );
  await run(
    'plans create basic --name Basic --price 1mo=29.99 --price 1y=299.90 --rank 1 --credits 100 --limit messages/day=100 --limit messages/period=1000',
  );
  await run(
    'plans create gift --name Gift --price 1mo=complimentary --price 1y=complimentary --price 30d=complimentary --rank 1 --credits 100 --limit messages/period=1000 --limit messages/every_7d=200',
  );
});

describe('B13: pauses and given days move every_… windows and credits with the period', () => {
  it('B13 (a): a month that is paused for ten days has one window, which ends with the period', async () => {
    await run('customers add b13a');
    await run('assign b13a basic --every 1mo --as-of 2026-12-01T10:00Z');
    const [invoice] = await json<{ number: string }[]>('invoices list --customer b13a');
    await run(`invoices pay ${invoice!.number} --reference b13a --as-of 2026-12-01T11:00Z`);
    await run('subscriptions pause b13a --as-of 2026-12-10T10:00Z');
    await run('subscriptions resume b13a --as-of 2026-12-20T10:00Z');
    await run('usage record b13a --kind message --quantity 100 --as-of 2026-12-30T10:00Z');
    const { limits } = await json<{ limits: { window: string; used: string; resets_at: string }[] }>(
      'usage show b13a --as-of 2027-01-05T10:00Z',
    );
    expect(limits.find(({ window }) => window === 'every_1mo')).toMatchObject({
      used: '100',
      resets_at: '2027-01-11T10:00:00.000Z',
    });
    await run('doctor --deep --as-of 2027-01-05T10:00Z').catch((error: Error) =>
      expect(error.message).not.toMatch(/books/),
    );
  });

  it('B13 (b): a year that was paused for five minutes has twelve grants, and the twelfth lives until it ends', async () => {
    await run('customers add b13b');
    await run('assign b13b basic --every 1y --as-of 2026-12-01T10:00Z');
    const [invoice] = await json<{ number: string }[]>('invoices list --customer b13b');
    await run(`invoices pay ${invoice!.number} --reference b13b --as-of 2026-12-01T11:00Z`);
    await run('subscriptions pause b13b --as-of 2026-12-10T10:00Z');
    await run('subscriptions resume b13b --as-of 2026-12-10T10:05Z');
    await sql`select subctl_internal.post_due_credits('{b13b}', '2027-12-01T10:02:00Z', null)`;
    const grants =
      await sql`select expires_at from subctl.credit_grants where customer_id = 'b13b' and source = 'plan' and source_key like 'plan:basic%' order by granted_at`;
    expect(grants).toHaveLength(12);
    expect(grants[11]).toEqual({ expires_at: at('2027-12-01T10:05:00Z') });
    expect(
      await sql`select subctl_internal.credit_balance('b13b', '2027-12-01T10:02:00Z')::int as b`,
    ).toEqual([{ b: 100 }]);
  });

  it('B13: with pauses of any length and given days a paid period has as many windows and grants as without', async () => {
    let count = 0;
    const pauseOf = fc.record({
      from: fc.double({ min: 0.01, max: 0.9, noNaN: true }),
      length: fc.integer({ min: 1, max: 90 * 1440 }),
      until: fc.boolean(),
    });
    await fc.assert(
      fc.asyncProperty(
        fc.constantFrom(['1mo', 31, 1, 5], ['1y', 365, 12, 53], ['30d', 30, 1, 5]) as fc.Arbitrary<
          [string, number, number, number]
        >,
        fc.array(pauseOf, { maxLength: 2 }),
        fc.integer({ min: 0, max: 40 }),
        async ([every, length, cycles, weeks], pauses, given) => {
          const who = `p${++count}`;
          const start = Date.parse('2026-12-01T10:00:00Z');
          await addOne(sql, { id: who }, at(start));
          await assign(sql, new Date(start).toISOString(), { customer: who, plan: 'gift', every } as never);
          let now = start + 60_000;
          const step = async (ms: number) => {
            now = Math.max(now + 60_000, ms);
            await record(sql, { customer: who, kind: 'message', as_of: at(now) });
            return at(now);
          };
          for (const { from, length: minutes, until } of pauses) {
            const begins = await step(now + from * 0.4 * length * days);
            const ends = at(begins.getTime() + minutes * 60_000);
            await asTester(
              sql,
              (tx, change) =>
                pauseSubscription(tx, change, {
                  customer: who,
                  clock: 'stops',
                  until: until ? ends : undefined,
                }),
              begins,
            );
            if (!until) await asTester(sql, (tx, change) => resumeSubscription(tx, change, who), ends);
            now = ends.getTime();
          }
          if (given > 0) {
            const when = await step(now + 60_000);
            await asTester(
              sql,
              (tx, change) => extendByDays(tx, change, { customer: who, days: given }),
              when,
            );
          }
          const [head] = await sql<{ start: Date; end: Date }[]>`
            select current_period_start as start, current_period_end as "end" from subctl.subscriptions where customer_id = ${who}`;
          expect(head!.end.getTime()).toBeGreaterThanOrEqual(start + length * days + given * days - 2 * days);
          const windows = async (kind: string, n: number) => {
            let found = 0;
            for (let time = head!.start; time < head!.end; found++) {
              const [row] = await sql<{ start: Date; end: Date }[]>`
                select lower(w) as start, upper(w) as "end" from subctl.subscriptions s
                 cross join lateral subctl_internal.limit_window(s.customer_id, ${kind}, ${n}, true, ${time}, s.anchor, s.anchor_timezone, s.current_period_start, s.current_period_end, s.usage_reset_at) w
                 where s.customer_id = ${who}`;
              expect(row!.start).toEqual(time); // they tile
              time = row!.end;
            }
            return found;
          };
          expect(await windows('anchored_day', 7)).toBe(weeks);
          if (every !== '30d') expect(await windows('anchored_month', 1)).toBe(cycles);
          await sql`select subctl_internal.post_due_credits(array[${who}], ${at(head!.end.getTime() - 1000)}, null)`;
          const [grants] = await sql`
            select count(*)::int as n, max(expires_at) as ends from subctl.credit_grants where customer_id = ${who} and source = 'plan' and source_key like 'plan:gift%'`;
          // a month of credits that begins with 30 days goes on over their end, unless days were given or paused
          const isMoved = pauses.length > 0 || given > 0;
          expect(grants).toEqual({
            n: cycles,
            ends: every === '30d' && !isMoved ? at('2027-01-01T10:00Z') : head!.end,
          });
        },
      ),
      { numRuns: 20 },
    );
  });

  it('R24 R34a: a month of credits that began before a fortnight that is paused is paused with it, and rolls over where it ends', async () => {
    await sql`insert into subctl.meters (id, name, kinds, tier) values ('free_messages', 'Free messages', '{llm}', 'free')`;
    await sql`insert into subctl.models (provider, pattern, free_tier) values ('gratis', '*', true)`;
    await run(
      'plans create fortnight --name Fortnight --price 2w=complimentary --rank 1 --credits 60/1mo --rollover-max 12 --limit free_messages/every_30d=9',
    );
    await run('customers add fortnight');
    await run('assign fortnight fortnight --every 2w --as-of 2026-12-01T10:00Z');
    await sql`
      select subctl.record_usage('fortnight', 'message', at => '2026-12-20T10:00Z', as_of => '2026-12-20T10:00Z', provider => 'gratis', cost => 0)`;
    await run('subscriptions pause fortnight --until 2027-01-01T08:00Z --as-of 2026-12-23T08:00Z');
    // its fortnight ends on 7 January, and the cycles of credits are counted anew from there: one grant, not one on the first as well
    const instants = [
      '2027-01-01T09:00Z',
      '2027-01-01T11:00Z',
      '2027-01-07T09:00Z',
      '2027-01-07T11:00Z',
      '2027-02-07T09:00Z',
    ];
    const balances = () => sql`
      select subctl_internal.credit_balance('fortnight', t::timestamptz)::int as b, subctl_internal.next_credits('fortnight', t::timestamptz) as next
        from unnest(${instants}::text[]) t`;
    const [first, second] = [at('2027-01-07T10:00Z'), at('2027-02-07T10:00Z')];
    const expected = [
      ...[60, 60, 60].map((b) => ({ b, next: first })),
      ...[72, 72].map((b) => ({ b, next: second })),
    ];
    expect(await balances()).toEqual(expected);
    await sql`select subctl_internal.post_due_credits('{fortnight}', '2027-01-07T09:00Z', null)`;
    expect(await balances()).toEqual(expected);
    const [window] = await sql`
      select window_end from subctl.window_usage where customer_id = 'fortnight' and meter_id = 'free_messages'`;
    expect(window).toEqual({ window_end: first });
  });
});
