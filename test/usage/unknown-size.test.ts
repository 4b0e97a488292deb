import { beforeAll, expect, test } from 'vitest';
import { exportYaml } from '../../src/catalog/export-catalogue.ts';
import { findCatalogue } from '../../src/catalog/find-catalogue.ts';
import { readCatalogue } from '../../src/catalog/read-catalogue.ts';
import { readYaml } from '../../src/catalog/read-yaml.ts';
import { comparePlans } from '../../src/catalog/differences.ts';
import { readStandard } from '../../src/catalog/shipped.ts';
import { loadPreset } from '../support/catalogue.ts';
import { programOn } from '../support/program.ts';
import { testDatabase } from '../support/database.ts';
import { failedChecks } from '../integrity/failed-checks.ts';
import { release, reserve, settle } from './holds.ts';
import { check, customer, record, subscribe, used } from './world.ts';

const { sql, env } = await testDatabase();
const day = (n: number) => `2025-01-0${n}T12:00:00Z`;
let count = 0;

beforeAll(async () => {
  await loadPreset(sql, 'mobix');
  await sql`insert into subctl.models (provider, pattern, free_tier, multiplier) values ('acme', 'gift-*', true, 1), ('acme', 'half-*', false, 0.505)`;
});

async function someone(plan = 'free'): Promise<string> {
  const who = await customer(sql, `c${count++}`);
  await subscribe(sql, who, plan, { at: '2025-01-01T00:00:00Z', every: '30d' });
  return who;
}
const eventOf = async (who: string) =>
  sql`select trim_scale(tokens)::text as tokens, estimated from subctl.usage_events where customer_id = ${who} order by at desc, id desc limit 1`;

test('G4 W12 R18: the estimate of mobix counts against the term, and fits exactly', async () => {
  const who = await someone();
  await record(sql, { customer: who, as_of: day(2), input_tokens: 5000 });
  await record(sql, { customer: who, as_of: day(3), input_tokens: 4900 });
  const use = { customer: who, as_of: day(4) };
  expect(await check(sql, use)).toMatchObject({ allowed: true, estimated: true });
  await record(sql, { ...use, input_tokens: 50 });
  expect(await check(sql, use)).toMatchObject({
    ...{ allowed: false, estimated: true, meter: 'tokens', window: 'term' },
    ...{ used: '9950', limit: '10000', requested: '100' },
  });
  const other = await someone();
  await record(sql, { customer: other, as_of: day(2), input_tokens: 5000 });
  await record(sql, { customer: other, as_of: day(3), input_tokens: 4900 });
  const fits = await record(sql, { customer: other, as_of: day(4) });
  expect([fits.allowed, used(fits, 'tokens', 'term')]).toEqual([true, '10000']);
  expect(await eventOf(other)).toEqual([{ tokens: '100', estimated: true }]);
});

test.each([
  ['a paid model', {}, '100', true],
  ['a free model', { provider: 'acme', model: 'gift-1', cost: '0' }, '50', true],
  ['a multiplied model, rounded up once (R28)', { provider: 'acme', model: 'half-1', cost: '0' }, '51', true],
  ['three uses at once', { quantity: 3 }, '300', true],
  ['as many of seven as fit', { quantity: 7, partial: true }, '500', true],
  ['none', { quantity: 0 }, '0', true],
  ['tokens that were given', { output_tokens: 7 }, '7', false],
  ['a size that was given', { units: { words: 10 } }, '13', true],
  ['units that are no text', { units: { seconds: 10 } }, null, false],
  ['a failed call', { status: 'error' }, null, false],
])('W12 R18: %s', async (_, use, tokens, estimated) => {
  const who = await someone();
  const [asked, done] = [
    await check(sql, { customer: who, as_of: day(2), ...use }),
    await record(sql, { customer: who, as_of: day(2), ...use }),
  ];
  expect(asked).toEqual({ ...done, event_id: null, alerts: [] });
  expect(await eventOf(who)).toEqual([{ tokens, estimated }]);
  expect((done as { estimated?: boolean }).estimated ?? false).toBe(estimated);
});

test('W12 R15: a repeated key says that it was estimated', async () => {
  const use = { customer: await someone(), as_of: day(2), key: 'k' };
  await record(sql, use);
  expect(await record(sql, use)).toMatchObject({ replayed: true, estimated: true });
});

test('W12: what is no llm, and a plan without an estimate, count no tokens', async () => {
  const who = await someone();
  await record(sql, { customer: who, as_of: day(2), kind: 'image' });
  expect(await eventOf(who)).toEqual([{ tokens: null, estimated: false }]);
});

test('W12 R18: a reservation holds the estimate, and its settlement counts what it was', async () => {
  const who = await someone();
  const held = await reserve(sql, { customer: who, kind: 'llm', as_of: day(2) });
  expect(held).toMatchObject({ allowed: true, estimated: true });
  const settled = await settle(sql, {
    customer: who,
    reservation: held.reservation!,
    input_tokens: 12,
    as_of: day(2),
  });
  expect(used(settled, 'tokens', 'term')).toBe('12');
  expect(await eventOf(who)).toEqual([{ tokens: '12', estimated: false }]);
  const other = await reserve(sql, { customer: who, kind: 'llm', as_of: day(2) });
  await release(sql, { customer: who, reservation: other.reservation!, as_of: day(2) });
});

test('W12: people are told, and explain says where the tokens came from', async () => {
  const who = await someone();
  const { say } = programOn(env);
  const said = await say(`usage record ${who} --kind llm --as-of ${day(2)}`);
  expect(said.stdout).toContain('its tokens are an estimate (R18)');
  expect((await say(`usage explain ${who} llm --as-of ${day(2)}`)).stdout).toContain('an estimate (R18)');
  const [event] = await sql<{ id: string }[]>`select id from subctl.usage_events where customer_id = ${who}`;
  expect((await say(`usage explain ${who} ${event!.id} --as-of ${day(2)}`)).stdout).toContain(
    'size unknown = 100, estimated (R18)',
  );
});

test('W12 P6: an export keeps the estimate, and loads as the same plans', async () => {
  const stored = await findCatalogue(sql);
  const file = readYaml(exportYaml(stored, readStandard()), 'export');
  expect(file).toMatchObject({ plans: { free: { estimate_tokens: { paid: '100', free: '50' } } } });
  const again = readCatalogue(file, { file: 'export', standard: readStandard() }).catalogue;
  for (const plan of stored.plans)
    expect(
      comparePlans(
        plan,
        again.plans.find(({ id }) => id === plan.id)!,
      ),
    ).toEqual({ row: [], version: [] });
});

test('W12 R45: the books agree with what was estimated', async () => {
  // these subscriptions name no change, of which the check of the audit speaks
  const found = await failedChecks(sql, new Date('2025-01-10T00:00:00Z'));
  expect(found.filter(({ check }) => check !== 'audit')).toEqual([]);
});
