import fc from 'fast-check';
import { beforeAll, expect, test } from 'vitest';
import { testDatabase } from '../support/database.ts';
import { alone, rowsOf, sortedJson, type Told } from './side-by-side.ts';
import { type Answer, customer, lay, type MeterFacts, meters, plan, subscribe, type Use } from './world.ts';

const { sql } = await testDatabase();
const start = Date.parse('2026-03-10T12:00:00Z');
const hour = 3_600_000;
const iso = (ms: number) => new Date(ms).toISOString();
let count = 0;

beforeAll(async () => {
  // counting calls would leave quantities other than 1 to the general path
  const { messages, images, files, tokens } = meters as Record<
    'messages' | 'images' | 'files' | 'tokens',
    MeterFacts
  >;
  await lay(sql, { messages, images, files, tokens, searches: { kinds: ['search'] } }, { image: '1.5' });
  // llm is counted by the rules that are kept, until a stop is reached; image takes credits, file has a window that rolls
  for (const [model, component, amount] of [
    ['small', 'input_tokens', '0.15'],
    ['small', 'output_tokens', '0.6'],
    ['large', 'input_tokens', '2.5'],
  ])
    await sql`
      insert into subctl.prices (provider, model, component, effective_from, unit, amount, per, source, recorded_at)
      values ('openai', ${model!}, ${component!}, '2020-01-01', 'token', ${amount!}, 1000000, 'test', '2026-01-01')`;
  await sql`insert into subctl.models (provider, pattern, multiplier) values ('openai', 'large', 2.5)`;
  await sql`select subctl_internal.compile_prices()`;
  await plan(sql, 'pro', {
    limits: {
      messages: { day: 15, month: 40, year: null },
      tokens: { month: 5000 },
      searches: { month: [25, 'soft'] },
      images: { each: 9, session: 12 },
      files: { rolling_3h: 30, period: 50 },
    },
    memberLimits: { messages: { day: 8 } },
    credits: '20',
  });
});

type Sent = Partial<Omit<Use, 'as_of' | 'customer'>> & { who: number; hours?: number };

const odd = fc.constantFrom<Partial<Sent>>(
  { session: 's1' },
  { input_tokens: 5, output_tokens: 2 },
  { model: 'gpt-5', input_tokens: 3 },
  { partial: true, quantity: 30 },
  { already_spent: true, quantity: 50 },
  { member: 'nobody' },
  { hours: 2 },
  { hours: -30 },
  { hours: -2000 },
  { units: { pages: '3' } },
);
const wrong = fc.constantFrom<Partial<Sent>>(
  { kind: 'telepathy' },
  { quantity: -1 },
  { quantity: 'NaN' },
  { key: `sk_live_${'a1B2'.repeat(8)}` },
  { key: 'a', quantity: 3 },
);
const priced = fc.record({
  kind: fc.constant('llm'),
  quantity: fc.constant(1),
  provider: fc.constant('openai'),
  model: fc.constantFrom('small', 'small', 'large'),
  input_tokens: fc.constantFrom(10, 10, '7.0', 900),
  output_tokens: fc.constantFrom(undefined, 0, 3),
  cached_tokens: fc.constantFrom(undefined, undefined, 2),
  session: fc.constantFrom(undefined, undefined, undefined, 's1'),
});
const again = fc
  .constantFrom('a', 'b', 'c', 'd')
  .map((key): Partial<Sent> => ({ kind: 'llm', quantity: 1, hours: undefined, key }));
const use: fc.Arbitrary<Sent> = fc
  .tuple(
    fc.record({
      who: fc.constantFrom(0, 0, 0, 1, 2, 9),
      kind: fc.constantFrom(
        'llm',
        'llm',
        'llm',
        'llm',
        'message',
        'search',
        'search',
        'image',
        'file',
        'file',
        'file',
      ),
      quantity: fc.constantFrom<string | number>(1, 1, 2, '0.50', 7, 0),
      key: fc.option(fc.constantFrom('a', 'b', 'c', 'd', 'e', 'f', 'g'), { nil: undefined }),
      hours: fc.constantFrom(undefined, undefined, undefined, 0, -1, -5),
    }),
    fc.oneof(
      { weight: 30, arbitrary: fc.constant({}) },
      { weight: 8, arbitrary: odd },
      { weight: 12, arbitrary: again },
      { weight: 30, arbitrary: priced },
      { weight: 1, arbitrary: wrong },
    ),
  )
  .map(
    ([plain, more]) =>
      Object.fromEntries(Object.entries({ ...plain, ...more }).filter(([, v]) => v !== undefined)) as Sent,
  );

const batches = fc.array(fc.array(use, { minLength: 1, maxLength: 40, size: 'max' }), {
  minLength: 1,
  maxLength: 3,
});

test('a batch says and writes what its uses would one after another', async () => {
  let stops = 0;
  let replays = 0;
  let plain = 0;
  await fc.assert(
    fc.asyncProperty(batches, async (sent) => {
      const run = (count += 1);
      const [one, many] = ['x', 'y'].map((side) => (who: number) => `${side}${run}-${who}`) as [
        (who: number) => string,
        (who: number) => string,
      ];
      for (const name of [one, many])
        for (const who of [0, 1, 2]) {
          await customer(sql, name(who));
          await subscribe(sql, name(who), 'pro', { at: '2026-03-01T00:00:00Z' });
        }
      for (const [turn, uses] of sent.entries()) {
        const now = start + turn * 20 * hour;
        const asked = uses.map(({ who, hours, ...more }) => ({
          ...{ kind: 'llm', ...more },
          ...(hours === undefined ? {} : { at: iso(now + hours * hour) }),
          name: (side: (who: number) => string) => side(who),
        }));
        const single: Told[] = [];
        for (const { name, ...each } of asked)
          single.push(await alone(sql, { ...each, customer: name(one), as_of: iso(now) }));
        const body = asked.map(({ name, ...each }) => ({ ...each, customer: name(many) }));
        const [row] =
          await sql`select subctl.record_usage_many_json(${sql.json(body as never)}, ${iso(now)}) as a`;
        const batch = row!['a'] as Told[];
        const seen = [new Map<string, number>(), new Map<string, number>()];
        const shown = (told: Told[], side: number) =>
          told.map((each, place) => {
            if (each.allowed === null)
              return `${each.error!.code} ${each.error!.message}`.replace(/[xy]\d+-/, 'who-');
            const id = each.event_id;
            if (id && !seen[side]!.has(id)) seen[side]!.set(id, turn * 1000 + place);
            const own = JSON.stringify({ ...each, event_id: id && seen[side]!.get(id) });
            return own.replaceAll(`${['x', 'y'][side]}${run}-`, 'who-');
          });
        // keys of different JSON order are the same answer
        const sorted = (told: Told[]) => told.map((each) => sortedJson(each));
        expect(shown(sorted(batch), 1)).toEqual(shown(sorted(single), 0));
        stops += batch.filter(({ allowed, alerts }) => allowed === false || (alerts?.length ?? 0) > 0).length;
        replays += batch.filter(({ replayed }) => replayed).length;
        plain += batch.filter(({ allowed, replayed }) => allowed && !replayed).length;
      }
      for (const who of [0, 1, 2]) expect(await rowsOf(sql, many(who))).toEqual(await rowsOf(sql, one(who)));
    }),
    { numRuns: 25 },
  );
  expect(Math.min(stops, replays, plain)).toBeGreaterThan(5);
});

test('a use that reaches a stop is decided before the smaller ones that come after it', async () => {
  await customer(sql, 'stopped');
  await subscribe(sql, 'stopped', 'pro', { at: '2026-03-01T00:00:00Z' });
  const send = async (...quantities: number[]) => {
    const uses = quantities.map((quantity) => ({ customer: 'stopped', kind: 'llm', quantity }));
    const [row] = await sql`select subctl.record_usage_many_json(${sql.json(uses)}, ${iso(start)}) as a`;
    return (row!['a'] as Answer[]).map(({ allowed, limits, alerts }) => [
      allowed,
      limits.find(({ meter, window }) => meter === 'messages' && window === 'day')!.used,
      alerts.length,
    ]);
  };
  expect(await send(1, 1, 1, 1)).toEqual([1, 2, 3, 4].map((used) => [true, `${used}`, 0]));
  // 80, 90 and 100 % of the day's 15 are told about
  expect(await send(1, 1, 7, 1, 9, 1, 1)).toEqual([
    [true, '5', 0],
    [true, '6', 0],
    [true, '13', 1],
    [true, '14', 1],
    [false, '14', 0],
    [true, '15', 1],
    [false, '15', 0],
  ]);
});

test('R7: a use after another of its batch has left a rolling window counts those that are still in it', async () => {
  await customer(sql, 'rolling');
  await subscribe(sql, 'rolling', 'pro', { at: '2026-03-01T00:00:00Z' });
  const file = (quantity: number, hours: number) => ({
    ...{ customer: 'rolling', kind: 'file', quantity },
    at: iso(start + hours * hour),
  });
  for (const more of [4, 6]) await alone(sql, { ...file(more, 0), as_of: iso(start) } as Use);
  const uses = [file(7, 1), file(8, 2), file(1, 3.25)]; // 10 are there, and leave after three hours
  const [row] = await sql`
    select subctl.record_usage_many_json(${sql.json(uses)}, ${iso(start + 3.25 * hour)}) as a`;
  const used = (row!['a'] as Answer[]).map(
    ({ limits }) => limits.find(({ window }) => window === 'rolling_3h')!.used,
  );
  expect(used).toEqual(['17', '25', '16']);
});
