import { beforeAll, describe, expect, test } from 'vitest';
import { testDatabase } from '../../support/database.ts';
import { addOne, loadLadder } from '../../support/plans.ts';
import { startApi } from './world.ts';

const { sql } = await testDatabase();
const api = await startApi(sql, { asOf: new Date('2026-01-10T12:00:00Z') });
let token: string;

beforeAll(async () => {
  await loadLadder(sql);
  for (const id of ['ann', 'a/b c%2F?&ü']) await addOne(sql, { id });
  token = await api.token();
});

const use = { customer: 'ann', kind: 'llm' };
const check = (body: unknown, headers = {}) => api.ask('/v1/check', { token, body, headers });
const sent = (raw: string | Uint8Array, headers = {}) => api.ask('/v1/check', { token, raw, headers });

describe('a request that is not understood is 400 and names what it is', () => {
  test.each<[string, string, RegExp]>([
    ['nothing', '', /no JSON/],
    ['no JSON', '{"customer": ann}', /no JSON/],
    ['no object', '[]', /^The body is not an object$/],
    ['a number', '7', /^The body is not an object$/],
    [
      'an unknown field',
      '{"customer":"ann","kind":"llm","quantitty":1}',
      /field 'quantitty' that is not known, did you mean quantity\?/,
    ],
    ['a field of JavaScript', '{"customer":"ann","kind":"llm","__proto__":{"quantity":5}}', /__proto__/],
    ['a missing field', '{"kind":"llm"}', /^customer is missing$/],
    ['a customer that is a number', '{"customer":7,"kind":"llm"}', /^customer is not a string$/],
    ['a word for yes', '{"customer":"ann","kind":"llm","partial":"yes"}', /^partial is not true or false$/],
    ['an empty customer', '{"customer":"","kind":"llm"}', /^customer is empty$/],
    [
      'a long customer',
      `{"customer":"${'x'.repeat(201)}","kind":"llm"}`,
      /^customer has more than 200 characters$/,
    ],
    [
      'an exponent',
      '{"customer":"ann","kind":"llm","quantity":1e3}',
      /quantity '1e3' is not a plain decimal number/,
    ],
    ['a negative amount', '{"customer":"ann","kind":"llm","quantity":-1}', /quantity '-1' is negative/],
    ['not a number', '{"customer":"ann","kind":"llm","quantity":"NaN"}', /is not a plain decimal number/],
    [
      'an amount that is true',
      '{"customer":"ann","kind":"llm","quantity":true}',
      /quantity is neither a number nor a string/,
    ],
    [
      'half a millisecond',
      '{"customer":"ann","kind":"llm","latency_ms":0.5}',
      /latency_ms '0.5' is not a whole number/,
    ],
    [
      'a day that is none',
      '{"customer":"ann","kind":"llm","at":"2026-02-30"}',
      /names a day that 2026-02 does not have/,
    ],
    [
      'a unit that is a word',
      '{"customer":"ann","kind":"llm","units":{"pages":"many"}}',
      /units\.pages: .*not a plain decimal/,
    ],
    ['two values of one key', '{"customer":"ann","customer":"bob","kind":"llm"}', /Duplicate key 'customer'/],
    [
      'metadata that would lose digits',
      '{"customer":"ann","kind":"llm","metadata":{"a":[12345678901234567890]}}',
      /metadata\.a\[0\] would lose digits/,
    ],
    ['a character of code 0', '{"customer":"ann\\u0000","kind":"llm"}', /character of code 0/],
    [
      'half a character',
      '{"customer":"ann","kind":"llm","metadata":{"a":"\\ud800"}}',
      /half of a surrogate pair/,
    ],
    [
      'a deep nest',
      `{"customer":"ann","kind":"llm","metadata":${'['.repeat(33)}${']'.repeat(33)}}`,
      /nested more than 32 deep/,
    ],
    ['a nest that overflows', '['.repeat(200_000), /nested more than 32 deep/],
    ['an unknown kind', '{"customer":"ann","kind":"telepathy"}', /telepathy/],
  ])('%s', async (_, raw, message) => {
    const { status, body } = await sent(raw);
    expect({ status, ...body.error }).toMatchObject({
      status: 400,
      code: 'usage',
      message: expect.stringMatching(message) as string,
    });
    expect(api.bugs).toEqual([]);
  });

  test('bytes that are no UTF-8', async () => {
    expect(await sent(new Uint8Array([0x7b, 0xff, 0x7d]))).toMatchObject({
      status: 400,
      body: { error: { message: 'The body is not UTF-8' } },
    });
  });

  test('a use of a batch, by its place', async () => {
    const { status, body } = await api.ask('/v1/record/batch', {
      token,
      body: { uses: [use, { ...use, quantity: 'x' }] },
    });
    expect({ status, ...body.error }).toMatchObject({
      status: 400,
      message: expect.stringMatching(/^uses\[1\]\.quantity: /) as string,
    });
    expect(await api.ask('/v1/record/batch', { token, body: { uses: [] } })).toMatchObject({ status: 400 });
    expect(await api.ask('/v1/record/batch', { token, body: { uses: Array(1001).fill(use) } })).toMatchObject(
      { status: 400 },
    );
  });

  test('a query that is not known, or twice there', async () => {
    const alerts = (query: string) => api.ask(`/v1/customers/ann/alerts?${query}`, { token });
    expect(await alerts('limit=5&unread=true&from=2026-01-01')).toMatchObject({
      status: 200,
      body: { alerts: [] },
    });
    expect(await alerts('limits=5')).toMatchObject({
      status: 400,
      body: { error: { message: "The query has a field 'limits' that is not known, did you mean limit?" } },
    });
    expect(await alerts('limit=5&limit=6')).toMatchObject({ status: 400 });
    expect(await alerts('limit=0')).toMatchObject({ status: 400 });
    expect(await alerts('unread=maybe')).toMatchObject({ status: 400 });
  });
});

describe('HTTP', () => {
  test('only JSON is taken, and not compressed: 415', async () => {
    for (const type of [
      'text/plain',
      'application/x-www-form-urlencoded',
      'application/json; charset=latin1',
      'application/jsonp',
    ])
      expect([type, (await sent('{}', { 'Content-Type': type })).status]).toEqual([type, 415]);
    expect(
      (await sent(JSON.stringify(use), { 'Content-Type': 'application/json; charset=utf-8' })).status,
    ).toBe(200);
    expect((await sent('{}', { 'Content-Encoding': 'gzip' })).status).toBe(415);
  });

  test('a body of more than a mebibyte is refused: 413', async () => {
    const { status, body } = await sent(JSON.stringify({ ...use, metadata: 'x'.repeat(1024 * 1024) }));
    expect({ status, code: body.error.code }).toEqual({ status: 413, code: 'too_large' });
  });

  test('another method is 405 and says which; another path is 404; both whoever asks', async () => {
    const { status, headers, body } = await api.ask('/v1/record', { method: 'DELETE' });
    expect({ status, allow: headers.get('allow'), code: body.error.code }).toEqual({
      status: 405,
      allow: 'POST',
      code: 'method_not_allowed',
    });
    expect((await api.ask('/v1/plans', { method: 'POST', raw: '{}' })).headers.get('allow')).toBe(
      'GET, HEAD',
    );
    expect(await api.ask('/v1/nothing', { token })).toMatchObject({
      status: 404,
      body: { error: { code: 'not_found' } },
    });
    expect(await api.ask('/v1/', { token })).toMatchObject({ status: 404 });
  });

  test('each answer has an id, that of the caller where it is a plain word; answers of the API are kept by nobody', async () => {
    const { headers } = await check(use, { 'X-Request-Id': 'trace-7' });
    expect(headers.get('x-request-id')).toBe('trace-7');
    expect(headers.get('cache-control')).toBe('no-store');
    expect((await check(use)).headers.get('x-request-id')).toMatch(/^[0-9a-f-]{36}$/);
    expect((await check(use, { 'X-Request-Id': '<script>' })).headers.get('x-request-id')).not.toContain('<');
    expect((await api.ask('/v1/nothing')).headers.get('x-request-id')).toMatch(/^[0-9a-f-]{36}$/);
  });

  test('what is told of a request has its route and token, and nobody’s name', async () => {
    api.facts.length = 0;
    await api.ask('/v1/customers/ann/usage', { token });
    await api.ask('/v1/customers/ann/nothing', { token });
    expect(api.facts).toMatchObject([
      {
        method: 'GET',
        route: '/v1/customers/:customer/usage',
        status: 200,
        token: expect.stringMatching(/^t\d+$/) as string,
      },
      { method: 'GET', route: null, status: 404, token: null },
    ]);
    expect(JSON.stringify(api.facts)).not.toContain('ann');
  });
});

describe('amounts and names', () => {
  test('go in as they are written, with all their digits, as a number or a string', async () => {
    for (const quantity of ['0.100000000000000005', '"0.100000000000000005"', '12345678901234567890.5']) {
      const { status, body } = await sent(`{"customer":"ann","kind":"llm","quantity":${quantity}}`);
      const { used, requested } = body as { used: string; requested: string };
      expect([status, requested ?? used ?? body.limits[0].used]).toEqual([200, quantity.replaceAll('"', '')]);
    }
  });

  test('whatever an id has in it, it is found', async () => {
    const id = 'a/b c%2F?&ü';
    const { status, body } = await api.ask(`/v1/customers/${encodeURIComponent(id)}/subscription`, { token });
    expect({ status, customer: body.customer }).toEqual({ status: 200, customer: id });
    expect(await api.ask('/v1/customers/nobody/subscription', { token })).toMatchObject({ status: 404 });
  });

  test('metadata stays what it was', async () => {
    const metadata = { a: [1, 0.25, null, true, 'x'], b: { c: 1e3 } };
    const { body } = await api.ask('/v1/record', { token, body: { ...use, customer: id(), metadata } });
    const [row] = await sql`select metadata from subctl.usage_events where id = ${body.event_id}`;
    expect(row!.metadata).toEqual(metadata);
  });
});

const id = () => 'a/b c%2F?&ü';
