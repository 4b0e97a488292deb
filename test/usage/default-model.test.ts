import { beforeAll, expect, test } from 'vitest';
import { subctl } from '../support/cli.ts';
import { testDatabase } from '../support/database.ts';

const { sql, env } = await testDatabase();
const run = async (line: string) => {
  const done = await subctl(line.split(' '), { env });
  expect(done, line).toMatchObject({ code: 0 });
  return done;
};
interface Answer {
  cost: string | null;
  unpriced?: boolean;
  replayed: boolean;
}
const record = async (given: Record<string, string>): Promise<Answer> => {
  const [row] = await sql<[{ answer: Answer }]>`
    select subctl.record_usage(customer => 'ann', kind => ${given['kind'] ?? 'llm'}, input_tokens => ${given['input'] ?? null}, output_tokens => 0,
             provider => ${given['provider'] ?? null}, model => ${given['model'] ?? null}, key => ${given['key'] ?? null}) as answer`;
  return row.answer;
};
const lastEvent = async () =>
  (
    await sql`select provider, model, cost::text from subctl.usage_events order by recorded_at desc, id desc limit 1`
  )[0];

beforeAll(async () => {
  await sql`select subctl_internal.ensure_partitions(now())`;
  for (const line of [
    'setup --catalogue sketchmaker',
    'pricing set openai gpt-4o input_tokens 2 --per 1000',
    'pricing set openai gpt-4o output_tokens 2 --per 1000',
    'pricing set mistral small input_tokens 1 --per 1000',
    'pricing set mistral small output_tokens 1 --per 1000',
    'plans create open --price 1mo=0',
    'customers add ann',
    'assign ann open',
  ])
    await run(line);
});

test('Y6: a use with tokens that says neither provider nor model is of the default ones: priced, and recorded as such', async () => {
  for (let round = 0; round < 2; round += 1)
    expect(await record({ input: '1000' })).toMatchObject({ unpriced: true, cost: null });
  await run('keys use openai --model gpt-4o');
  for (let round = 0; round < 3; round += 1) expect((await record({ input: '1000' })).cost).toBe('2');
  expect(await lastEvent()).toEqual({ provider: 'openai', model: 'gpt-4o', cost: '2' });
  await run('keys use mistral --model small');
  expect((await record({ input: '1000' })).cost).toBe('1');
});

test('one that says a provider or a model is of that one', async () => {
  expect((await record({ input: '1000', provider: 'openai', model: 'gpt-4o' })).cost).toBe('2');
  expect((await record({ input: '1000', model: 'gpt-4o' })).cost).toBe('2');
});

test('a key that is sent again after the default has changed is the same use', async () => {
  await run('keys use openai --model gpt-4o');
  expect(await record({ input: '1000', key: 'once' })).toMatchObject({ cost: '2', replayed: false });
  await run('keys use mistral --model small');
  expect(await record({ input: '1000', key: 'once' })).toMatchObject({ cost: '2', replayed: true });
  await run('keys use --none');
  expect(await record({ input: '1000', key: 'once' })).toMatchObject({ cost: '2', replayed: true });
});

test('checks, batches, reservations and the command do the same', async () => {
  await run('keys use openai --model gpt-4o');
  const [checked] = await sql<[{ cost: string }]>`
    select subctl.check_usage(customer => 'ann', kind => 'llm', input_tokens => 1000, output_tokens => 0)->>'cost' as cost`;
  const [many] = await sql<[{ answers: Answer[] }]>`
    select subctl.record_usage_many('[{"customer": "ann", "kind": "llm", "input_tokens": 1000, "output_tokens": 0}]'::jsonb) as answers`;
  const [held] = await sql<[{ cost: string }]>`
    select subctl.reserve_usage(customer => 'ann', kind => 'llm', input_tokens => 1000, output_tokens => 0)->>'cost' as cost`;
  expect([checked.cost, many.answers[0]!.cost, held.cost]).toEqual(['2', '2', '2']);
  await run('usage record ann --kind llm --input-tokens 1000 --output-tokens 0');
  expect(await lastEvent()).toEqual({ provider: 'openai', model: 'gpt-4o', cost: '2' });
});

test('a use without tokens has no model', async () => {
  const [row] = await sql<
    [{ answer: Answer }]
  >`select subctl.record_usage(customer => 'ann', kind => 'llm') as answer`;
  expect(row.answer.unpriced).not.toBe(true);
  expect(await lastEvent()).toMatchObject({ provider: null, model: null });
});
