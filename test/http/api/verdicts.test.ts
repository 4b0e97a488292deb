import Ajv from 'ajv/dist/2020.js';
import fc from 'fast-check';
import { beforeAll, describe, expect, test } from 'vitest';
import { openApiDocument } from '../../../src/http/api/document.ts';
import { operations } from '../../../src/http/api/operations.ts';
import { canUse } from '../../../src/subscriptions/can-use.ts';
import { testDatabase } from '../../support/database.ts';
import { addOne, assign, loadLadder } from '../../support/plans.ts';
import { type Answered, startApi } from './world.ts';

const asOf = new Date('2026-01-10T12:00:00Z');
const [one, other] = [await testDatabase(), await testDatabase()];
const api = await startApi(one.sql, { asOf });
let token: string;

const customers = ['ann', 'max', 'new', 'gone', 'nobody'];

// two databases alike: one is asked over HTTP, the other by the functions
beforeAll(async () => {
  for (const { sql } of [one, other]) {
    await loadLadder(sql);
    await sql`update subctl.plan_versions set features = '{"sso": true, "projects": 10, "support": "email"}' where plan_id = 'pro'`;
    for (const id of ['ann', 'max', 'new', 'gone']) await addOne(sql, { id });
    await assign(sql, '2026-01-01T00:00:00Z', { customer: 'ann', plan: 'pro', collection: 'complimentary' });
    await assign(sql, '2026-01-01T00:00:00Z', { customer: 'max', plan: 'max', collection: 'complimentary' });
    await sql`update subctl.customers set disabled_at = '2026-01-05' where id = 'gone'`;
  }
  token = await api.token();
});

const schemas = new Ajv({
  strict: false,
  allErrors: true,
  formats: { 'date-time': true, uuid: true, uri: true },
});
const document = openApiDocument('0.0.0') as { components: { schemas: object } };
// a field that nobody described would pass in an open shape
const closed = JSON.parse(
  JSON.stringify(document).replaceAll('"additionalProperties":{}', '"unevaluatedProperties":false'),
) as typeof document;
schemas.addSchema({ $id: 'api', ...closed });

/** An answer has the shape that the document says, and no field that it does not. */
function checkShape(id: string, { status, body }: Answered): void {
  const { path, method } = operations.find((each) => each.id === id)!;
  const name =
    status === 200
      ? (
          closed as never as {
            paths: Record<
              string,
              Record<
                string,
                { responses: Record<number, { content: Record<string, { schema: { $ref: string } }> }> }
              >
            >;
          }
        ).paths[path]![method]!.responses[200]!.content['application/json']!.schema.$ref
      : undefined;
  if (name === undefined) return expect(Object.keys(body.error)).toEqual(['code', 'message', 'hint']);
  const validate = schemas.getSchema(`api${name}`)!;
  expect(validate(body), `${id}: ${JSON.stringify(validate.errors)} in ${JSON.stringify(body)}`).toBe(true);
}

const amount = fc.oneof(
  fc.integer({ min: 0, max: 60 }),
  fc.constantFrom('0.5', '1.25', '0', '100', '99.999999999999999999'),
);
const maybe = <T>(arbitrary: fc.Arbitrary<T>) => fc.option(arbitrary, { nil: undefined, freq: 2 });
const use = fc.record({
  customer: fc.constantFrom(...customers),
  kind: fc.constantFrom('llm', 'message', 'image', 'nothing'),
  quantity: maybe(amount),
  provider: maybe(fc.constantFrom('openai', 'gemini')),
  model: maybe(fc.constantFrom('gpt-4o', 'x')),
  input_tokens: maybe(amount),
  output_tokens: maybe(amount),
  cost: maybe(amount),
  member: maybe(fc.constant('bob')),
  session: maybe(fc.constantFrom('s1', 's2')),
  status: maybe(fc.constantFrom('ok', 'error')),
  latency_ms: maybe(fc.nat(5000)),
  at: maybe(fc.constantFrom('2026-01-09T00:00:00Z', '2025-11-01', '2026-01-10T12:04:00+00:00', '2026-01-11')),
  key: maybe(fc.constantFrom('k1', 'k2', 'k3', 'k4')),
  already_spent: maybe(fc.boolean()),
  partial: maybe(fc.boolean()),
  metadata: maybe(fc.constantFrom({ a: 1 }, [0.5, null])),
});
type UseJson = Record<string, unknown>;

/** What is the same in both: ids differ, and so may what is left of names. */
function comparable(answer: object): unknown {
  return JSON.parse(
    JSON.stringify(answer, (key, value: unknown) =>
      ['event_id', 'reservation'].includes(key) && value !== null ? 'an id' : value,
    ),
  );
}

/** The function's answer, or its refusal of the arguments. */
async function byFunction(name: string, given: UseJson): Promise<object> {
  const args = Object.entries(given).filter(([, value]) => value !== undefined);
  const values = args.map(([, value]) =>
    typeof value === 'boolean' ? value : typeof value === 'object' ? JSON.stringify(value) : String(value),
  );
  const list = args.map(
    ([field], at) => `${field} => $${at + 1}${field === 'metadata' ? '::text::jsonb' : ''}`,
  );
  try {
    const [row] = await other.sql.unsafe<[{ answer: object }]>(
      `select subctl.${name}(${[...list, `as_of => '${asOf.toISOString()}'`].join(', ')}) as answer`,
      values as never[],
    );
    return row.answer;
  } catch (error) {
    return { error: (error as Error).message };
  }
}

describe('the API answers what the functions answer', () => {
  test('check, record and reserve: verdict, figures, replays and conflicts, in the same order', async () => {
    await fc.assert(
      fc.asyncProperty(fc.constantFrom('check', 'record', 'reserve'), use, async (what, given) => {
        const { at, already_spent, status, latency_ms, ...held } = given;
        const body = what === 'reserve' ? held : { ...held, at, already_spent, status, latency_ms };
        const answered = await api.ask(`/v1/${what}`, { token, body });
        const expected = await byFunction(`${what}_usage`, body);
        checkShape(what, answered);
        const { error, ...answer } = answered.body as { error?: { message: string } };
        if ('error' in expected) {
          expect(error?.message).toBe(expected.error);
          return;
        }
        expect(comparable(answer)).toEqual(comparable(expected));
        const { allowed } = expected as { allowed: boolean };
        expect(answered.status === 200).toBe(allowed || what === 'check');
      }),
      { numRuns: 300, seed: 7, endOnFailure: true },
    );
    const counts = (sql: typeof one.sql) =>
      sql`select customer_id, kind, count(*)::int as n, sum(quantity) as sum from subctl.usage_events group by 1, 2 order by 1, 2`;
    expect([...(await counts(one.sql))]).toEqual([...(await counts(other.sql))]);
  });

  test('batches: each use in its place', async () => {
    await fc.assert(
      fc.asyncProperty(fc.array(use, { minLength: 1, maxLength: 12 }), async (uses) => {
        const answered = await api.ask('/v1/record/batch', { token, body: { uses } });
        checkShape('recordBatch', answered);
        const sent = uses.map(({ at, ...rest }) => ({
          ...rest,
          ...(at !== undefined && { at: new Date(at).toISOString() }),
        }));
        const [row] = await other.sql<
          [{ answers: object[] }]
        >`select subctl.record_usage_many(${other.sql.json(sent as never)}, ${asOf}) as answers`;
        expect(comparable(answered.body.answers)).toEqual(comparable(row.answers));
        expect(answered.body.recorded + answered.body.refused).toBe(uses.length);
      }),
      { numRuns: 60, seed: 8, endOnFailure: true },
    );
  });

  test('preflight, features and what a customer has', async () => {
    const uses = [
      { kind: 'llm', quantity: '30' },
      { kind: 'llm', quantity: 60 },
    ];
    for (const customer of ['ann', 'new']) {
      const answered = await api.ask('/v1/preflight', { token, body: { customer, uses } });
      checkShape('preflight', answered);
      const [row] = await other.sql<
        [{ answer: object }]
      >`select subctl.preflight_usage(${customer}, ${other.sql.json(uses)}, ${asOf}) as answer`;
      expect(comparable(answered.body)).toEqual(comparable(row.answer));
      for (const feature of ['sso', 'projects', 'support', 'api_access']) {
        const told = await api.ask(`/v1/customers/${customer}/features/${feature}`, { token });
        checkShape('canUse', told);
        expect(told.body).toEqual(await canUse(other.sql, { customer, feature, now: asOf }));
      }
      for (const [id, path] of Object.entries({
        listFeatures: 'features',
        showUsage: 'usage',
        showSubscription: 'subscription',
        listAlerts: 'alerts',
      }))
        checkShape(id, await api.ask(`/v1/customers/${customer}/${path}`, { token }));
    }
    const plans = await api.ask('/v1/plans', { token });
    checkShape('listPlans', plans);
    expect((plans.body.plans as { plan: string }[]).map(({ plan }) => plan)).toEqual([
      'free',
      'bare',
      'pro',
      'trial',
      'carry',
      'max',
      'gift',
    ]);
    checkShape('showPlan', await api.ask('/v1/plans/old', { token }));
    expect((await api.ask('/v1/customers/ann/features/ssso', { token })).status).toBe(404);
    expect((await api.ask('/v1/plans/none', { token })).status).toBe(404);
  });
});
