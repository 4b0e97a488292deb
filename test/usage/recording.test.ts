import { beforeAll, describe, expect, test } from 'vitest';
import { testDatabase } from '../support/database.ts';
import { customer, lay, plan, record, subscribe, used } from './world.ts';

const { sql } = await testDatabase();
const as_of = '2026-03-10T12:00:00Z';
let count = 0;

beforeAll(async () => {
  await lay(sql);
  await plan(sql, 'any', {
    limits: { tokens: { month: 100_000 }, calls: { month: 100 }, 'calls.gemini': { month: 50 } },
  });
  await sql`insert into subctl.models (provider, pattern, aliases) values ('acme', 'house-*', '{the-house}')`;
  await sql`insert into subctl.price_cards values ('gemini', 'flash-x', '2025-01-01', '{input_tokens}', '{1}', '{1000000}', '{}')`;
});
async function someone(): Promise<string> {
  const who = await customer(sql, `c${count++}`);
  await subscribe(sql, who, 'any', { at: '2026-02-15T00:00:00Z' });
  return who;
}
const eventOf = async (who: string) =>
  (
    await sql`select provider, trim_scale(cost)::text as cost, trim_scale(tokens)::text as tokens, estimated, status from subctl.usage_events where customer_id = ${who}`
  )[0]!;

test.each([
  ['7 words', { words: 7 }, '9'],
  ['100 words', { words: 100 }, '130'],
  ['1,003 characters', { characters: 1003 }, '250'],
])('U5 G39 R18: a text of %s is estimated and marked so', async (_, units, tokens) => {
  const who = await someone();
  await record(sql, { customer: who, units, as_of });
  expect(await eventOf(who)).toMatchObject({ tokens, estimated: true });
});

test('U5: tokens that are given are never estimated', async () => {
  const who = await someone();
  await record(sql, { customer: who, input_tokens: 40, units: { words: 7 }, as_of });
  expect(await eventOf(who)).toMatchObject({ tokens: '40', estimated: false });
});

test('U8: a failed call is recorded and counted as a call, and costs only what was said', async () => {
  const [free, paid] = [await someone(), await someone()];
  const use = { provider: 'gemini', model: 'flash-x', input_tokens: 1000, status: 'error', as_of };
  const answer = await record(sql, { customer: free, ...use });
  expect([answer.allowed, answer.cost, used(answer, 'calls', 'month')]).toEqual([true, null, '1']);
  await record(sql, { customer: paid, ...use, cost: '0.01' });
  expect([await eventOf(free), await eventOf(paid)]).toMatchObject([
    { status: 'error', cost: null },
    { cost: '0.01' },
  ]);
});

describe('U10: whose model it is', () => {
  test.each([
    ['house-7b', 'acme', 'a pattern of models'],
    ['the-house', 'acme', 'an alias'],
    ['flash-x', 'gemini', 'the only provider with a price for it'],
    ['gpt-4o-mini', 'openai', 'a family of names'],
    ['claude-opus-4', 'anthropic', 'a family of names'],
    ['gemini-2.5-flash', 'gemini', 'a family of names'],
    ['openai/gpt-oss-120b', 'huggingface', 'a repository'],
    ['something-else', null, 'nobody'],
  ])('%s is of %s, by %s', async (model, provider, _by) => {
    const who = await someone();
    await record(sql, { customer: who, model, input_tokens: 10, as_of });
    expect((await eventOf(who))['provider']).toBe(provider);
  });
  test('it counts on the provider’s meter and at its price; a provider that is named wins', async () => {
    const who = await someone();
    const answer = await record(sql, { customer: who, model: 'flash-x', input_tokens: 1000, as_of });
    expect([answer.cost, used(answer, 'calls.gemini', 'month')]).toEqual(['0.001', '1']);
    const other = await someone();
    await record(sql, { customer: other, provider: 'acme', model: 'gpt-4o', as_of });
    expect((await eventOf(other))['provider']).toBe('acme');
  });
  test('R15: the key is of what was supplied', async () => {
    const who = await someone();
    const use = { customer: who, model: 'gpt-4o', key: 'k', as_of };
    await record(sql, use);
    expect((await record(sql, use)).replayed).toBe(true);
    await expect(record(sql, { ...use, provider: 'openai' })).rejects.toThrow('was used for another use');
  });
});

describe('U11: metadata', () => {
  const write = (metadata: object) =>
    sql`select subctl.record_usage(customer => ${'c0'}, kind => 'llm', as_of => ${as_of}, metadata => ${sql.json(metadata as never)})`;
  const long = 'a1B2c3D4e5F6g7H8i9J0k1L2m3N4o5P6q7R8s9T0';
  test.each([
    ['an API key', `sk-${long}`],
    ['a Stripe key', `sk_${'live'}_${long}`],
    ['a GitHub token', `ghp_${long}`],
    ['an AWS key', `AKIA${'ABCDEFGH12345678'}`],
    ['a Google API key', `AIza${long.slice(0, 35)}`],
    ['a Hugging Face token', `hf_${long}`],
    ['a private key', '-----BEGIN RSA PRIVATE KEY-----'],
    ['a password in an address', 'postgres://me:secret@db/x'],
  ])('with %s is refused with a sentence', async (what, secret) => {
    await expect(write({ note: { deep: [`key ${secret}`] } })).rejects.toThrow(
      `The metadata contains ${what}`,
    );
  });
  test('of other things is kept', async () => {
    const harmless = {
      task: 'task-12345678901234567890-abc',
      url: 'https://example.org/a?b=c',
      id: '019b76da-a800-7000-8000-000000000001',
      risk: 'risk-averse',
    };
    await write(harmless);
    expect(await sql`select metadata from subctl.usage_events where metadata is not null`).toEqual([
      { metadata: harmless },
    ]);
  });
});
