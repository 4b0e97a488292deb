import fc from 'fast-check';
import { beforeAll, describe, expect, test } from 'vitest';
import { subctl } from '../support/cli.ts';
import { testDatabase } from '../support/database.ts';
import { customer, lay, plan } from './world.ts';

const { sql, env } = await testDatabase();
const now = '2026-10-07T00:00:00Z';
let count = 0;

beforeAll(async () => {
  await lay(sql);
  await plan(sql, 'any', { isDefault: true });
  await customer(sql, 'm2');
});

const good = () => ({ customer: 'm2', kind: 'llm', at: '2026-10-06T10:00:00Z', key: `good-${count++}` });
const isRecorded = async ({ key }: { key: string }) =>
  (await sql`select from subctl.usage_keys where customer_id = 'm2' and key = ${key}`).length === 1;

/** Plays a line among good ones; the two must be recorded, whatever becomes of it. */
async function importBetween(line: string) {
  const [before, after] = [good(), good()];
  const stdin = [JSON.stringify(before), line, JSON.stringify(after)].join('\n');
  const { code, stdout, stderr } = await subctl(['usage', 'import', '-', '--as-of', now, '--json'], {
    env,
    stdin,
  });
  expect([code, stderr]).toEqual([expect.toBeOneOf([0, 7]), expect.not.stringMatching(/bug|^error/m)]);
  expect([line, await isRecorded(before), await isRecorded(after)]).toEqual([line, true, true]);
  return { ...(JSON.parse(stdout) as { recorded: number; rejected: number }), stderr };
}

const row = (more: string) => `{"customer":"m2","kind":"llm","at":"2026-10-06T10:00:00Z",${more}}`;

describe('H6: one bad row of an import stops nobody', () => {
  test.each([
    ['the year 0', '{"customer":"m2","kind":"llm","at":"0000-01-01","key":"k2"}', 'is before the year 1'],
    ['code 0 in metadata', row('"metadata":{"a":"\\u0000"}'), 'which no database keeps'],
    ['half a surrogate pair in metadata', row('"metadata":{"a":"\\ud800"}'), 'which no database keeps'],
    ['code 0 in a name inside', row('"metadata":{"a\\u0000":1}'), 'which no database keeps'],
    ['code 0 in a text', row('"session":"a\\u0000"'), 'which no database keeps'],
    ['a number beyond all', row('"metadata":{"a":1e400}'), 'would lose digits'],
    ['an amount with more digits than a number has', row('"cost":0.12345678901234567'), 'would lose digits'],
    ['a key that no index holds', row(`"key":"${'k'.repeat(9_000)}"`), '500 are the most'],
    [
      'metadata that is nested too deep',
      row(`"metadata":${'{"a":'.repeat(200)}1${'}'.repeat(200)}`),
      'too deep',
    ],
    ['metadata that is too long', row(`"metadata":{"a":"${'x'.repeat(70_000)}"}`), '65536 are the most'],
    ['units that are a list', row('"units":[1]'), 'is not a JSON object'],
    ['a latency beyond an integer', row('"latency_ms":2147483648'), 'whole number'],
  ])('%s', async (_, line, reason) => {
    const { recorded, rejected, stderr } = await importBetween(line);
    expect([recorded, rejected]).toEqual([2, 1]);
    expect(stderr).toMatch(/^line 2: /);
    expect(stderr).toContain(reason);
  });

  const word = fc.oneof(
    fc.constantFrom(
      ...Object.getOwnPropertyNames(Object.prototype),
      '',
      ' ',
      '\0',
      '\ud800',
      '0',
      '-1',
      '1e400',
      'NaN',
      'Infinity',
      '9'.repeat(40),
      'x'.repeat(3_000),
    ),
    fc.string({ unit: 'binary', maxLength: 8 }),
  );
  const json = fc.oneof(
    word,
    fc.jsonValue({ maxDepth: 3 }),
    fc.double(),
    fc.bigInt().map(Number),
    fc.boolean(),
    fc.constant(null),
  );
  const at = fc.oneof(
    fc.constantFrom(
      '0000-01-01',
      '0001-01-01',
      '9999-12-31',
      '10000-01-01',
      'infinity',
      '-infinity',
      'now',
      '2026-02-30',
      '2026-10-06T23:59:60Z',
    ),
    word,
  );
  const column = fc.oneof(
    fc.tuple(fc.constant('at'), at),
    fc.tuple(
      fc.constantFrom(
        'customer',
        'kind',
        'quantity',
        'provider',
        'model',
        'input_tokens',
        'cached_tokens',
        'units',
        'bytes',
        'cost',
        'member',
        'session',
        'status',
        'latency_ms',
        'endpoint',
        'key',
        'already_spent',
        'partial',
        'metadata',
        '__proto__',
        'constructor',
      ),
      json,
    ),
  );

  test('whatever is in a column', async () => {
    await fc.assert(
      fc.asyncProperty(fc.array(column, { minLength: 1, maxLength: 3 }), async (columns) => {
        const fields = columns.map(([name, value]) => `${JSON.stringify(name)}:${JSON.stringify(value)}`);
        await importBetween(`{"customer":"m2","kind":"llm",${fields.join(',')}}`);
      }),
      { numRuns: 60 },
    );
  });
});

describe('H6: one use that cannot be read stops no batch of record_usage_many', () => {
  const many = async (...uses: unknown[]) => {
    const [found] =
      await sql`select subctl.record_usage_many(${JSON.stringify(uses)}::text::jsonb, ${now}) as answers`;
    return found!.answers as { allowed: boolean | null; reason: string | null; error?: { code: string } }[];
  };

  test.each([
    ['a day that does not exist', { at: '0000-01-01' }],
    ['an instant without end', { at: 'infinity' }],
    ['text in place of a number', { quantity: 'many' }],
    ['a number beyond an integer', { latency_ms: 2 ** 31 }],
    ['a key that no index holds', { key: 'k'.repeat(9_000) }],
    ['text in place of truth', { partial: 'perhaps' }],
  ])('%s', async (_, more) => {
    const answers = await many(good(), { ...good(), ...more }, good());
    expect(answers.map(({ allowed }) => allowed)).toEqual([true, null, true]);
    expect(answers[1]).toMatchObject({ reason: 'invalid', error: { code: 'usage' } });
  });

  test('what is no object', async () => {
    const answers = await many(good(), 'x', null, [1], good());
    expect(answers.map(({ allowed }) => allowed)).toEqual([true, null, null, null, true]);
  });

  test('B36: a batch of none is answered with none', async () => {
    expect(await many()).toEqual([]);
  });
});

test('H6: customers import leaves out the row whose metadata no database keeps', async () => {
  const stdin = 'id,metadata\nc1,"{""a"":1}"\nc2,"{""a"":""\\u0000""}"\nc3,"{""a"":""\\ud800""}"\nc4,\n';
  const { code, stderr } = await subctl(['customers', 'import', '-'], { env, stdin });
  expect([code, stderr.match(/^line \d/gm)]).toEqual([7, ['line 3', 'line 4']]);
  expect(await sql`select id from subctl.customers where id like 'c_' order by id`).toEqual([
    { id: 'c1' },
    { id: 'c4' },
  ]);
});
