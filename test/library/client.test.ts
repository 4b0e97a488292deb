import fc from 'fast-check';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { Failure, subctl, type Use } from '../../src/library/subctl.ts';
import { subctl as command } from '../support/cli.ts';
import { testDatabase } from '../support/database.ts';
import * as world from '../usage/world.ts';

const { sql, url } = await testDatabase();
const client = subctl({ url });
afterAll(() => client.close());

const now = new Date('2026-03-10T12:00:00Z');

beforeAll(async () => {
  await world.lay(sql, world.meters, { lora: '3', image: '1' });
  const limits = { messages: { day: 6, rolling_3h: 4 }, tokens: { month: 9_000 }, images: { month: 3 } };
  await world.plan(sql, 'pro', { limits, credits: '10' });
  await sql`update subctl.plan_versions set features = '{"sso": true, "seats": 12.5, "rows": null, "help": "mail"}' where plan_id = 'pro'`;
});

let people = 0;
async function person(): Promise<string> {
  const id = await world.customer(sql, `p${people++}`);
  await world.subscribe(sql, id, 'pro', { at: '2026-03-01T00:00:00Z' });
  return id;
}

/** An answer without what must differ between twins. */
function bare(answer: object, who: string): unknown {
  const told = JSON.stringify(answer).replaceAll(`"${who}"`, '"who"').replaceAll(` ${who} `, ' who ');
  const { event_id, ...rest } = JSON.parse(told) as Record<string, unknown>;
  return { ...rest, has_event: typeof event_id === 'string' };
}

const use = fc.record(
  {
    kind: fc.constantFrom('llm', 'image', 'lora'),
    quantity: fc.integer({ min: 0, max: 4 }),
    model: fc.constantFrom('gemini-2.5-flash', 'gpt-4o'),
    inputTokens: fc.integer({ min: 0, max: 4_000 }),
    outputTokens: fc.bigInt({ min: 0n, max: 500n }),
    key: fc.constantFrom('k1', 'k2', 'k3'),
    alreadySpent: fc.boolean(),
    partial: fc.boolean(),
  },
  { requiredKeys: ['kind'] },
);

async function toldBySql(name: 'record_usage' | 'check_usage', given: Omit<Use, 'customer'>, who: string) {
  const call = name === 'record_usage' ? world.record : world.check;
  const { inputTokens, outputTokens, alreadySpent, quantity, ...rest } = given;
  const named = {
    ...rest,
    quantity: quantity === undefined ? undefined : String(quantity),
    input_tokens: inputTokens === undefined ? undefined : String(inputTokens),
    output_tokens: outputTokens === undefined ? undefined : String(outputTokens),
    already_spent: alreadySpent,
  };
  return call(sql, { customer: who, as_of: now, ...named } as world.Use);
}

const outcome = async (ask: () => Promise<object>, who: string) =>
  ask()
    .then((answer) => bare(answer, who))
    .catch((error: Error) => error.message.replaceAll(who, 'who'));

describe('the library', () => {
  it('its verdicts are those of the SQL functions, whatever is asked in which order', async () => {
    const step = fc.tuple(fc.boolean(), use);
    await fc.assert(
      fc.asyncProperty(fc.array(step, { minLength: 1, maxLength: 12 }), async (steps) => {
        const [one, twin] = [await person(), await person()];
        for (const [writes, given] of steps) {
          const asked = { ...given, customer: one };
          const ours = () => (writes ? client.record : client.check)(asked, { asOf: now });
          const theirs = () => toldBySql(writes ? 'record_usage' : 'check_usage', given, twin);
          expect(await outcome(ours, one)).toEqual(await outcome(theirs, twin));
        }
      }),
      { numRuns: 25, seed: 7 },
    );
  });

  it('C8 R18: what is reserved counts, and is settled once at its true amounts or let go', async () => {
    const ada = await person();
    const hold = { customer: ada, kind: 'llm', inputTokens: 3_000, outputTokens: 1_000 };
    const first = await client.reserve(hold);
    expect(first).toMatchObject({ allowed: true, replayed: false });
    const at = { customer: ada, reservation: first.reservation! };
    const done = await client.settle({ ...at, inputTokens: 2_500, outputTokens: 50 });
    expect(done.limits.find(({ meter }) => meter === 'tokens')).toMatchObject({ used: '2550' });
    expect(await client.settle({ ...at, inputTokens: 2_500, outputTokens: 50 })).toMatchObject({
      replayed: true,
    });
    await expect(client.release(at)).rejects.toMatchObject({ kind: 'conflict' });
    const second = await client.reserve(hold);
    expect(await client.release({ customer: ada, reservation: second.reservation! })).toMatchObject({
      status: 'released',
    });
  });

  it('the at of a reservation is its own to the last digit', async () => {
    const ada = await person();
    const { reservation, at } = await client.reserve({ customer: ada, kind: 'image' });
    const [row] =
      await sql`select at = ${at}::timestamptz as same from subctl.reservations where id = ${reservation!}`;
    expect(row).toEqual({ same: true });
  });

  it('W11: a list of uses is checked as a whole, and held as a whole', async () => {
    const ada = await person();
    const uses = [
      { kind: 'image', quantity: 2 },
      { kind: 'llm', quantity: 2, inputTokens: 100 },
    ];
    expect(await client.preflight({ customer: ada, uses })).toMatchObject({
      allowed: true,
      reservations: [],
    });
    const held = await client.preflight({ customer: ada, uses, holdSeconds: 60 });
    expect(held.reservations).toHaveLength(2);
    expect(await client.preflight({ customer: ada, uses })).toMatchObject({
      ...{ allowed: false, refused_at: 1, reason: 'limit_reached' },
    });
  });

  it('B23, B26: usage is what the command line says as JSON, its basis and amounts too', async () => {
    const ada = await person();
    const asOf = now.toISOString();
    const { stdout } = await command(['usage', 'show', ada, '--as-of', asOf, '--json'], {
      env: { DATABASE_URL: url },
    });
    const usage = await client.usage(ada, { asOf: now });
    expect(JSON.parse(JSON.stringify(usage))).toEqual(JSON.parse(stdout));
    expect(usage.basis).toBe('subscription');
  });

  it('usage, plan and features of a customer', async () => {
    const ada = await person();
    await client.record({ customer: ada, kind: 'image', quantity: 3 }, { asOf: now });
    const usage = await client.usage(ada, { asOf: now });
    expect(usage).toMatchObject({ plan: 'pro', usage_status: 'limit_reached', credits: { balance: '7' } });
    expect(await client.plan(ada, { asOf: now })).toMatchObject({
      ...{ plan: 'pro', access: true, period_end: '2026-04-01T00:00:00.000Z' },
      features: {
        sso: { allowed: true, type: 'boolean', value: true },
        rows: { allowed: true, type: 'number', value: null, unlimited: true },
        help: { allowed: true, type: 'text', value: 'mail' },
      },
    });
    const seats = await client.feature(ada, 'seats', { asOf: now });
    expect(seats).toMatchObject({ allowed: true, type: 'number', value: '12.5', plan: 'pro' });
    expect(await client.has(ada, 'sso', { asOf: now })).toBe(true);
    expect(await client.has(ada, 'sso', { asOf: new Date('2019-01-01') })).toBe(false);
    await expect(client.has(ada, 'ssso')).rejects.toMatchObject({ kind: 'not_found' });
  });

  it('R17 W18: without a database nothing is answered', async () => {
    const lost = subctl({ url: 'postgres://nobody@127.0.0.1:1/nothing' });
    await expect(lost.check({ customer: 'ada', kind: 'llm' })).rejects.toMatchObject({ kind: 'unavailable' });
    await expect(lost.record({ customer: 'ada', kind: 'llm' })).rejects.toBeInstanceOf(Failure);
    await lost.close();
  });

  it('a wrong question is a Failure that says what is wrong', async () => {
    const ada = await person();
    await expect(client.record({ customer: ada, kind: 'poem' })).rejects.toMatchObject({
      ...{ kind: 'usage', message: expect.stringContaining('Unknown kind poem') as string },
    });
    await expect(client.record({ customer: ada, kind: 'llm', inputTokens: 1.5 })).rejects.toMatchObject({
      ...{ kind: 'usage', hint: expect.stringContaining('strings') as string },
    });
    await expect(client.plan('nobody')).rejects.toMatchObject({ kind: 'not_found' });
  });

  it('with a transaction of the application a use stands or falls with it', async () => {
    const ada = await person();
    const mine = subctl({ sql });
    const count = async () => (await sql`select from subctl.usage_events where customer_id = ${ada}`).length;
    await sql
      .begin(async (tx) => {
        expect(await mine.record({ customer: ada, kind: 'image' }, { sql: tx })).toMatchObject({
          allowed: true,
        });
        throw new Error('the application changes its mind');
      })
      .catch(() => undefined);
    expect(await count()).toBe(0);
    await sql.begin((tx) => mine.record({ customer: ada, kind: 'image' }, { sql: tx }));
    expect(await count()).toBe(1);
    await mine.close();
  });
});
