import fc from 'fast-check';
import { beforeAll, expect, test, vi } from 'vitest';
import { Failure } from '../../src/domain/failure.ts';
import { operations } from '../../src/http/api/operations.ts';
import { testDatabase } from '../support/database.ts';
import { addOne, loadLadder } from '../support/plans.ts';
import { type Asked, startApi } from '../http/api/world.ts';
import { fingerprinter } from './fingerprint.ts';
import { inputs, patience, runs } from './inputs.ts';
import { around, nasty } from './nasty.ts';

vi.setConfig({ testTimeout: patience });
const share = 0.6;
const { sql } = await testDatabase();
const api = await startApi(sql, {
  asOf: new Date('2026-01-10T12:00:00Z'),
  stripe: () => Promise.reject(new Failure('config', 'There is no Stripe here')),
  gateway: () => Promise.reject(new Failure('config', 'There is no Stripe here')),
});
let token: string;
beforeAll(async () => {
  await loadLadder(sql);
  for (const id of ['ada', 'acme', 'ann']) await addOne(sql, { id });
  token = await api.token();
});

/** A value of JSON in place of another. */
const value: fc.Arbitrary<unknown> = fc.oneof(
  { arbitrary: nasty, weight: 4 },
  fc.jsonValue({ maxDepth: 3 }),
  fc.constantFrom<unknown>(
    null,
    true,
    0,
    -1,
    1.5,
    2 ** 53,
    [],
    {},
    [[]],
    '2026-01-10T11:00:00Z',
    '2025-12-20',
    'llm',
    'image',
    'ada',
    '1',
  ),
);

type Change = { place: number; how: string; name: string; value: unknown };
const change: fc.Arbitrary<Change> = fc.record({
  place: fc.nat(30),
  how: fc.constantFrom('value', 'drop', 'add', 'twice'),
  name: fc.oneof(
    fc.constantFrom(
      'customer',
      'kind',
      'quantity',
      'at',
      'key',
      'metadata',
      'units',
      'cost',
      'uses',
      'partial',
      'already_spent',
      'member',
      'latency_ms',
      'hold',
      '__proto__',
      'constructor',
    ),
    nasty,
  ),
  value,
});

/** An object with one of its fields, at any depth, changed, left out or added. */
function changed(body: unknown, { place, how, name, value: instead }: Change): unknown {
  if (typeof body !== 'object' || body === null) return instead;
  const entries = Object.entries(body);
  const at = place % (entries.length + 1);
  const next = { place: Math.floor(place / 3), how, name, value: instead };
  const isInner = place % 2 === 1 && typeof entries[at]?.[1] === 'object';
  if (isInner) entries[at]![1] = changed(entries[at]![1], next);
  else if (how === 'drop') entries.splice(at, 1);
  else if (how === 'twice' && entries[at]) entries.push(entries[at]);
  else if (how === 'value' && entries[at]) entries[at][1] = instead;
  else if (!Array.isArray(body)) entries.push([name, instead]);
  if (Array.isArray(body)) return entries.map(([, each]) => each);
  // as a text, in which a name may stand that no object of JavaScript would take as its own
  return Object.assign(Object.create(null) as object, Object.fromEntries(entries));
}

const word = nasty.map((text) => encodeURIComponent(Buffer.from(text.slice(0, 400)).toString()));
const params = fc.record({
  customer: fc.oneof({ arbitrary: fc.constantFrom('ada', 'ann', 'acme'), weight: 4 }, word),
  other: fc.oneof(fc.constantFrom('sso', 'pro', 'openai', 'free', '%', '%2F', '..'), word),
});
const query = fc.oneof(
  { arbitrary: fc.constant(''), weight: 5 },
  fc
    .tuple(fc.constantFrom('as_of', 'limit', 'unread', 'all', 'x', '__proto__'), word)
    .map(([name, text]) => `?${name}=${text}`),
);
const headers: fc.Arbitrary<Record<string, string>> = fc.oneof(
  { arbitrary: fc.constant<Record<string, string>>({}), weight: 6 },
  // what a header can be at all
  nasty.map((text) => ({
    'Idempotency-Key': text
      .replace(/[^\u0020-\u007e\u00a0-\u00ff]/g, '')
      .trim()
      .slice(0, 2_000),
  })),
  fc.constantFrom<Record<string, string>>(
    { 'Content-Type': 'text/plain' },
    { 'Content-Type': 'application/json; charset=latin1' },
    { 'Content-Encoding': 'gzip' },
    { Authorization: 'Bearer x' },
  ),
);

const request = fc.constantFrom(...operations).chain((one) =>
  fc.record({
    one: fc.constant(one),
    params,
    query,
    headers,
    changes: fc.array(change, { maxLength: 3 }),
    raw: fc.option(around([JSON.stringify(one.example ?? {})]), { freq: 4, nil: undefined }),
  }),
);

function askedOf({
  one,
  params: { customer, other },
  query: search,
  headers: more,
  changes,
  raw,
}: typeof request extends fc.Arbitrary<infer R> ? R : never): [string, Asked] {
  const path = one.path.replace('{customer}', customer).replace(/\{\w+\}/g, other);
  const asked: Asked = { token, headers: more, method: one.method.toUpperCase() };
  if (one.method === 'post') {
    if (raw === undefined) asked.body = changes.reduce(changed, one.example ?? {});
    else asked.raw = raw;
  }
  return [`${path}${search}`, asked];
}

test(`whatever is asked, it is answered or refused with one sentence, and what is refused has written nothing: ${inputs(share)} requests`, async () => {
  const fingerprint = await fingerprinter(sql, ['api_tokens']); // a token notes when it was used
  let before = await fingerprint();
  const answered = new Map<number, number>();
  await fc.assert(
    fc.asyncProperty(request, async (made) => {
      const [path, asked] = askedOf(made);
      const { status, body } = await api.ask(path, asked);
      const shown = `${status} ${asked.method} ${path} ${JSON.stringify(asked.raw ?? asked.body ?? '').slice(0, 600)}: ${JSON.stringify(body)}`;
      answered.set(status, (answered.get(status) ?? 0) + 1);
      if (status >= 400) {
        expect(body, shown).toMatchObject({
          error: {
            code: expect.stringMatching(/^[a-z_]+$/) as string,
            message: expect.stringMatching(/./) as string,
          },
        });
        expect(JSON.stringify(body), shown).not.toMatch(
          / {4}at |\.ts:\d+|Cannot read prop|is not a function/,
        );
        expect(JSON.stringify(body).length, shown).toBeLessThan(3_000);
      }
      if (status >= 500) expect(body.error.code, shown).toBe('config');
      const after = await fingerprint();
      if (status >= 400) expect(after, shown).toBe(before);
      before = after;
    }),
    { ...runs(share), endOnFailure: true },
  );
  expect([...answered.keys()], 'some are right and some are not').toEqual(
    expect.arrayContaining([200, 400, 404]),
  );
  const bugs = api.bugs.filter((error) => !(error instanceof Failure && error.kind === 'config'));
  expect(bugs).toEqual([]);
});
