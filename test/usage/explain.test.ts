import fc from 'fast-check';
import { beforeAll, describe, expect, test } from 'vitest';
import { explainEvent, explainUse } from '../../src/usage/explain.ts';
import { testDatabase } from '../support/database.ts';
import { reserve } from './holds.ts';
import { check, customer, everything, lay, plan, record, subscribe } from './world.ts';

const { sql } = await testDatabase();
const began = '2026-01-15T09:30:00Z';
const at = (time: string) => new Date(time);
let count = 0;

beforeAll(async () => {
  await lay(sql, undefined, { image: '2' });
  await plan(sql, 'tight', { limits: { messages: { rolling_1h: 5, rolling_3h: 8, day: 12, month: 60 } } });
  await plan(sql, 'tokens', { limits: { tokens: { rolling_1h: 5000 }, messages: { day: 100 } } });
  await plan(sql, 'paid', { credits: '50' });
});

async function someone(on: string, zone: string | null = null): Promise<string> {
  const who = await customer(sql, `c${count++}`, { zone });
  await subscribe(sql, who, on, { at: began });
  return who;
}

describe('a use', () => {
  test('G3 R10: a refusal is told as the sum that decided, with its limit, window and uses; nothing is written', async () => {
    const who = await someone('tokens', 'Europe/Berlin');
    for (const [minute, input_tokens] of [
      ['00', 3000],
      ['20', 1990],
    ])
      await record(sql, { customer: who, input_tokens: input_tokens!, as_of: `2026-02-02T10:${minute}:00Z` });
    const before = await everything(sql);
    const facts = await explainUse(
      sql,
      { customer: who, kind: 'llm', inputTokens: '11' },
      at('2026-02-02T10:30:00Z'),
    );
    expect(facts).toMatchObject({
      ...{ allowed: false, reason: 'limit_reached', rule: 'R10', meter: 'tokens', window: 'rolling_1h' },
      ...{ works_again_at: '2026-02-02T11:00:00.000Z', never: null, suggestion: null },
      standing: { plan: 'tokens', version: 1, timezone: 'Europe/Berlin', segment: { cause: 'assigned' } },
    });
    const limit = facts.limits.find(({ exceeded }) => exceeded);
    expect(limit).toMatchObject({
      ...{ sum: '4990 + 11 = 5001 > 5000', source: 'plan', enforcement: 'hard', uses: 2, window_rule: 'R7' },
      first_use_at: '2026-02-02T10:00:00.000Z',
    });
    expect(limit?.rows).toContain('plan_limits tokens 1 tokens rolling_1h customer');
    const ten = await explainUse(
      sql,
      { customer: who, kind: 'llm', inputTokens: '10' },
      at('2026-02-02T10:30:00Z'),
    );
    expect(ten).toMatchObject({ allowed: true, rule: 'R10', works_again_at: null });
    expect(ten.limits.map(({ sum }) => sum)).toContain('4990 + 10 = 5000 ≤ 5000');
    expect(await everything(sql)).toBe(before);
  });

  test('R7 W20 R9: it works again at the instant that is named and not a moment before, whatever was used and however many limits stand in the way', async () => {
    const uses = fc.array(
      fc.record({ wait: fc.integer({ min: 0, max: 90 }), quantity: fc.integer({ min: 1, max: 4 }) }),
      {
        minLength: 4,
        maxLength: 12,
      },
    );
    let refusals = 0;
    await fc.assert(
      fc.asyncProperty(uses, fc.integer({ min: 1, max: 8 }), async (list, asked) => {
        const who = await someone('tight', 'America/New_York');
        let now = Date.parse('2026-02-28T15:00:00Z');
        for (const { wait, quantity } of list) {
          now += wait * 60_000;
          await record(sql, { customer: who, quantity, as_of: new Date(now) });
        }
        const facts = await explainUse(
          sql,
          { customer: who, kind: 'llm', quantity: String(asked) },
          new Date(now),
        );
        const now_ = await check(sql, { customer: who, quantity: asked, as_of: new Date(now) });
        expect([facts.allowed, facts.reason]).toEqual([now_.allowed, now_.reason]);
        if (asked > 5)
          expect([facts.allowed, facts.works_again_at, facts.never]).toEqual([
            false,
            null,
            expect.stringContaining('more than the whole limit'),
          ]);
        if (facts.works_again_at === null) return;
        refusals++;
        const then = Date.parse(facts.works_again_at);
        const verdict = async (ms: number) =>
          (await check(sql, { customer: who, quantity: asked, as_of: new Date(ms) })).allowed;
        expect([await verdict(then - 1), await verdict(then)]).toEqual([false, true]);
      }),
      { numRuns: process.env['SUBCTL_LONG'] ? 400 : 30, seed: 20261125 },
    );
    expect(refusals).toBeGreaterThan(5);
  });

  test('R8: every limit that does not fit is marked, the one with the least room is named, and all of them must pass', async () => {
    const who = await someone('tight');
    for (const hour of ['10', '12', '14'])
      await record(sql, { customer: who, quantity: 4, as_of: `2026-02-02T${hour}:00:00Z` });
    const facts = await explainUse(
      sql,
      { customer: who, kind: 'message', quantity: '5' },
      at('2026-02-02T14:30:00Z'),
    );
    expect(facts.limits.filter(({ exceeded }) => exceeded).map(({ window }) => window)).toEqual([
      'day',
      'rolling_1h',
      'rolling_3h',
    ]);
    expect([facts.window, facts.works_again_at]).toEqual(['day', '2026-02-03T00:00:00.000Z']);
  });

  test('what reservations hold is named with its end, and the use works again when they let go', async () => {
    const who = await someone('tight');
    const held = await reserve(sql, {
      customer: who,
      kind: 'llm',
      quantity: 4,
      as_of: '2026-02-02T10:00:00Z',
    });
    const facts = await explainUse(
      sql,
      { customer: who, kind: 'llm', quantity: '2' },
      at('2026-02-02T10:01:00Z'),
    );
    const limit = facts.limits.find(({ window }) => window === 'rolling_1h');
    expect(limit).toMatchObject({
      sum: '0 + 4 held + 2 = 6 > 5',
      holds: [{ reservation: held.reservation, amount: '4', expires_at: '2026-02-02T10:15:00.000Z' }],
    });
    expect(facts.works_again_at).toBe('2026-02-02T10:15:00.000Z');
  });

  test('W19: a limit of the customer’s own is named with its span and reason beside the plan’s', async () => {
    const who = await someone('tight');
    await sql`update subctl.customers set has_overrides = true where id = ${who}`;
    await sql`insert into subctl.limit_overrides values (${who}, 'messages', 'day', 'customer', '2026-02-01', '2026-03-01', 0, 'abuse', 'carl')`;
    const facts = await explainUse(sql, { customer: who, kind: 'llm' }, at('2026-02-02T10:00:00Z'));
    expect(facts).toMatchObject({
      allowed: false,
      reason: 'disabled',
      rule: 'R11',
      window: 'day',
      works_again_at: null,
    });
    expect(facts.limits.find(({ window }) => window === 'day')).toMatchObject({
      source: 'override',
      override: { reason: 'abuse', actor: 'carl', plan_limit: '12', ends_at: '2026-03-01T00:00:00.000Z' },
    });
  });

  test('C13 R23: without enough credits it says what is needed, what there is and when there are more', async () => {
    const who = await someone('paid');
    await record(sql, { customer: who, kind: 'image', quantity: 20, as_of: '2026-02-02T10:00:00Z' });
    const facts = await explainUse(
      sql,
      { customer: who, kind: 'image', quantity: '6' },
      at('2026-02-02T11:00:00Z'),
    );
    expect(facts).toMatchObject({
      ...{ allowed: false, reason: 'no_credits', rule: 'R23', works_again_at: '2026-02-15T09:30:00.000Z' },
      credits: { needed: '12', balance: '10' },
    });
  });

  test.each([
    ['in a pause it says until when', 'paused', 'R16', '2026-02-20T00:00:00.000Z'],
    ['without a plan no waiting helps', 'no_subscription', 'R19', null],
  ])('R16: %s', async (_, reason, rule, again) => {
    const who = await customer(sql, `c${count++}`);
    if (reason === 'paused') {
      await subscribe(sql, who, 'tight', { at: began });
      await sql`
        update subctl.subscriptions set status = 'paused', from_at = '2026-02-01', paused_at = '2026-02-01', resumes_at = '2026-02-20', pause_clock = 'runs'
         where customer_id = ${who}`;
    }
    const facts = await explainUse(sql, { customer: who, kind: 'llm' }, at('2026-02-02T10:00:00Z'));
    expect(facts).toMatchObject({ allowed: false, reason, rule, works_again_at: again });
  });
});

test('H5 (a): a customer that is not there is not found', async () => {
  await expect(
    explainUse(sql, { customer: 'nobody', kind: 'llm' }, at('2026-02-02T10:00:00Z')),
  ).rejects.toMatchObject({ kind: 'not_found', message: "There is no customer 'nobody'" });
});

test('an event that is not there is not found', async () => {
  const who = await someone('tight');
  const event = '019b76da-a800-7000-8000-000000000001';
  await expect(explainEvent(sql, { customer: who, event, now: at(began) })).rejects.toThrow(
    'There is no event',
  );
});
