import { waitForUpdate } from '@pydantic/genai-prices';
import { beforeAll, expect, it } from 'vitest';
import { importCatalogue } from '../../src/pricing/import-catalogue.ts';
import { asTester } from '../support/catalogue.ts';
import { testDatabase } from '../support/database.ts';
import { customer, lay, plan, subscribe } from '../usage/world.ts';

const { sql } = await testDatabase();
const now = '2026-11-25T00:00:00Z';

beforeAll(async () => {
  const catalogue = (await waitForUpdate())!;
  const providers = ['openai', 'azure'].map((id) => ({ id, name: id }));
  await asTester(sql, (tx, change) => importCatalogue(tx, change, catalogue, providers), new Date(now));
  await lay(sql);
  await sql`insert into subctl.meters (id, name, kinds, models) values ('minis', 'minis', '{llm}', '{gpt-4o-mini}')`;
  await sql`insert into subctl.models values ('openai', 'gpt-4o-m*', '{mini}', true, 2)`;
  await plan(sql, 'small', { limits: { minis: { month: 2 } }, allowedModels: ['gpt-4.1*', 'openai/GPT-5*'] });
  await customer(sql, 'ann');
  await subscribe(sql, 'ann', 'small', { at: '2020-01-01T00:00:00Z' });
});

const record = async (model: string, provider: string | null = 'openai') =>
  (
    await sql<[{ told: Record<string, unknown> & { event_id: string } }]>`
      select subctl.record_usage(customer => 'ann', kind => 'llm', provider => ${provider}, model => ${model}, as_of => ${now},
                                 input_tokens => 1000, output_tokens => 10) as told`
  )[0].told;

it('B30: a model in capitals is priced, metered, free and allowed as in small letters', async () => {
  for (const model of ['GPT-4o-Mini', 'gpt-4o-mini'])
    expect(await record(model)).toMatchObject({ allowed: true, cost: '0.000156' });
  expect(await record('GPT-4O-MINI')).toMatchObject({ reason: 'limit_reached', meter: 'minis' });
  const tiers = await sql`select tier, tokens from subctl.usage_events order by id`;
  expect(tiers).toEqual([
    { tier: 'free', tokens: '2020' },
    { tier: 'free', tokens: '2020' },
  ]);
  for (const model of ['GPT-4.1', 'gpt-5']) expect(await record(model)).toMatchObject({ allowed: true });
  expect(await record('o3')).toMatchObject({ reason: 'model_not_in_plan' });
  expect(
    (
      await sql`select subctl_internal.provider_of('MINI') as a, subctl_internal.provider_of('Gpt-4o-Mini') as b`
    )[0],
  ).toEqual({ a: 'openai', b: 'openai' });
});

it('B31: a use of azure is priced as openai’s, its event says whose price it took, and the books agree', async () => {
  const { event_id: id, cost } = await record('gpt-4.1', 'azure');
  expect(cost).toBe('0.00208');
  const event = async () =>
    (await sql`select provider, price_provider, cost, unpriced from subctl.usage_events where id = ${id}`)[0];
  expect(await event()).toEqual({
    provider: 'azure',
    price_provider: 'openai',
    cost: '0.00208',
    unpriced: false,
  });
  expect(await sql`select * from subctl.integrity_costs`).toEqual([]);
  const [told] = await sql`select subctl.explain_event('ann', ${id}, ${now})->'cost' as cost`;
  expect(told!.cost).toMatchObject({ cost: '0.00208', price_provider: 'openai', price_model: 'gpt-4.1' });
});

it('B31: a fallback is dated by the time of the use, and comes after the provider’s own default', async () => {
  await sql`insert into subctl.price_cards values ('late', 'x-1', '2026-11-20', '{input_tokens,output_tokens}', '{1,1}', '{1,1}', '{}')`;
  await sql`insert into subctl.price_fallbacks values ('cloud', 1, 'late')`;
  const at = async (day: string) =>
    (
      await sql`select cost, price_provider from subctl_internal.price_usage('cloud', 'X-1', ${day}, 1, 'llm', 5, 1, 0, null)`
    )[0];
  expect(await at('2026-11-19')).toEqual({ cost: null, price_provider: null });
  expect(await at('2026-11-20')).toEqual({ cost: '6', price_provider: 'late' });
  await sql`insert into subctl.price_cards values ('cloud', 'default', '2026-11-21', '{input_tokens,output_tokens}', '{2,2}', '{1,1}', '{}')`;
  expect(await at('2026-11-21')).toEqual({ cost: '12', price_provider: 'cloud' });
});
