import fc from 'fast-check';
import { beforeAll, expect, test } from 'vitest';
import { testDatabase } from '../support/database.ts';
import { alone, rowsOf, sortedJson, type Told } from './side-by-side.ts';
import { customer, lay, plan, subscribe, type Use } from './world.ts';

const { sql } = await testDatabase();
const start = Date.parse('2026-03-10T12:00:00Z');
const iso = (ms: number) => new Date(ms).toISOString();
let count = 0;

beforeAll(async () => {
  const counted = { voices: { kinds: ['voice'] }, files: { kinds: ['file'] }, tokens: { field: 'tokens' } };
  await lay(
    sql,
    { ...counted, tokens: { ...counted.tokens, kinds: ['llm'] } },
    { voice: '1.5', llm: '0.25' },
  );
  for (const component of ['input_tokens', 'output_tokens'])
    await sql`
      insert into subctl.prices (provider, model, component, effective_from, unit, amount, per, source, recorded_at)
      values ('openai', 'small', ${component}, '2020-01-01', 'token', '0.6', 1000000, 'test', '2026-01-01')`;
  await sql`select subctl_internal.compile_prices()`;
  await plan(sql, 'pro', {
    limits: { voices: { day: 30, rolling_3h: 25 }, files: { month: 9 }, tokens: { month: 4000 } },
    credits: '12',
  });
});

/** A customer with the plan's 12 credits and a bonus of its own that is taken after them. */
async function someone(name: string): Promise<string> {
  await customer(sql, name);
  await subscribe(sql, name, 'pro', { at: '2026-03-01T00:00:00Z' });
  await sql`select subctl_internal.grant_credits(${name}, 4, 'bonus', 'b', 99, '2026-03-02', null, null, 'test')`;
  for (const kind of ['voice', 'llm'])
    await alone(sql, { customer: name, kind, quantity: kind === 'llm' ? 0.5 : 1, as_of: iso(start) });
  return name;
}

test('R21: a use that costs credits is recorded in the loop of its batch until its grant has too little', async () => {
  const who = await someone(`c${++count}`);
  const uses = Array.from({ length: 9 }, () => ({ customer: who, kind: 'voice' }));
  const [row] = await sql<[{ answers: (string | null)[] }]>`
    select subctl_internal.record_plain_batch(subctl_internal.read_batch(${sql.json(uses)}), ${iso(start + 1000)}, array_fill(null::text, array[9]), false) as answers`;
  const told = row.answers.map((each) => each && (JSON.parse(each) as Told).credits);
  expect(told.slice(0, 2)).toEqual([
    { used: '1.5', balance: '12.875' },
    { used: '1.5', balance: '11.375' },
  ]);
  expect(told.map((each) => each !== null)).toEqual([
    true,
    true,
    true,
    true,
    true,
    true,
    false,
    false,
    false,
  ]);
});

const use = fc.record({
  who: fc.nat(2),
  kind: fc.constantFrom('voice', 'voice', 'voice', 'file', 'llm', 'llm'),
  quantity: fc.constantFrom<string | number>(1, 1, 1, 2, '0.5', 0, 7),
  more: fc.constantFrom<object>(
    {},
    {},
    {},
    { at: iso(start - 3_600_000) },
    { provider: 'openai', model: 'small', input_tokens: 20 },
    { session: 's' },
    { partial: true },
  ),
  key: fc.constantFrom(undefined, undefined, undefined, 'a', 'b'),
});

test('R8 R15 R21 R39: uses that cost credits say and write in a batch what they would one after another', async () => {
  await fc.assert(
    fc.asyncProperty(fc.array(use, { minLength: 5, maxLength: 30, size: 'max' }), async (uses) => {
      const run = ++count;
      const name = (side: string, who: number) => `${side}${run}-${who}`;
      for (const side of ['x', 'y']) for (const who of [0, 1, 2]) await someone(name(side, who));
      const asked = (side: string) =>
        uses.map(({ who, kind, quantity, more, key }) => ({
          ...{ customer: name(side, who), kind, quantity, ...more, ...(key && { key }) },
        }));
      const as_of = iso(start + 60_000);
      const single: Told[] = [];
      for (const each of asked('x')) single.push(await alone(sql, { ...each, as_of } as Use));
      const [row] =
        await sql`select subctl.record_usage_many_json(${sql.json(asked('y') as never)}, ${as_of}) as a`;
      const shown = (told: Told[]) =>
        told.map((each) =>
          each.allowed === null
            ? each.error!.code
            : JSON.stringify(sortedJson({ ...each, event_id: null })).replaceAll(/[xy]\d+-/g, 'who-'),
        );
      expect(shown(row!['a'] as Told[])).toEqual(shown(single));
      for (const who of [0, 1, 2])
        expect(await rowsOf(sql, name('y', who)), `who ${who}`).toEqual(await rowsOf(sql, name('x', who)));
    }),
    { numRuns: process.env['SUBCTL_LONG'] ? 150 : 15 },
  );
}, 600_000);
