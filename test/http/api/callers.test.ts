import { beforeAll, describe, expect, test } from 'vitest';
import { scopeNames } from '../../../src/api-tokens/scopes.ts';
import { operations } from '../../../src/http/api/operations.ts';
import { testDatabase } from '../../support/database.ts';
import { addOne, loadLadder } from '../../support/plans.ts';
import { requestOf } from './request-of.ts';
import { startApi } from './world.ts';

const { sql } = await testDatabase();
const clock = { now: new Date('2026-01-10T12:00:00Z') };
const api = await startApi(sql, { clock: () => clock.now });
const pass = (seconds: number) => (clock.now = new Date(clock.now.getTime() + seconds * 1000));

beforeAll(async () => {
  await loadLadder(sql);
  for (const id of ['ann', 'acme-1', 'acme-2']) await addOne(sql, { id });
});

describe('who asks', () => {
  test('every operation wants its scope and no other: 403 without, and something else with it', async () => {
    const tokens = new Map<string, string>();
    for (const scope of scopeNames) tokens.set(scope, await api.token({ scopes: [scope] }));
    for (const one of operations) {
      const [path, asked] = requestOf(one, 'ann');
      for (const [scope, token] of tokens) {
        const { status, body } = await api.ask(path, { ...asked, token });
        const refused = status === 403 && /has not the scope/.test(body.error?.message ?? '');
        expect([one.id, scope, refused]).toEqual([one.id, scope, scope !== one.scope]);
      }
    }
  });

  test('a request without a token is 401 everywhere, before anything is read', async () => {
    for (const one of operations) {
      const [path, asked] = requestOf(one, 'ann');
      const { status, headers, body } = await api.ask(path, {
        ...asked,
        ...(asked.body !== undefined && { body: 7 }),
      });
      expect([one.id, status, body.error.code, headers.get('www-authenticate')]).toEqual([
        one.id,
        401,
        'unauthenticated',
        'Bearer',
      ]);
      pass(61);
    }
  });

  test.each([
    [{ customer: 'acme-1' }, 'acme-1', true],
    [{ customer: 'acme-1' }, 'acme-2', false],
    [{ customer: 'acme-1' }, 'nobody', false],
    [{ prefix: 'acme-' }, 'acme-2', true],
    [{ prefix: 'acme-' }, 'ann', false],
    [{}, 'ann', true],
  ])('a token bound to %j asks of %s: %s', async (bound, customer, may) => {
    const token = await api.token(bound);
    for (const one of operations.filter(
      ({ path, example }) => path.includes('{customer}') || JSON.stringify(example ?? '').includes('ada'),
    )) {
      const [path, asked] = requestOf(one, customer);
      const { status, body } = await api.ask(path, { ...asked, token });
      const refused = status === 403 && /may not speak for/.test(body.error?.message ?? '');
      expect([one.id, refused]).toEqual([one.id, !may]);
    }
  });

  test('one use for somebody else refuses the whole batch, and nothing of it is recorded', async () => {
    const token = await api.token({ prefix: 'acme-' });
    const uses = ['acme-1', 'ann'].map((customer) => ({ customer, kind: 'llm', key: 'mixed' }));
    expect(await api.ask('/v1/record/batch', { token, body: { uses } })).toMatchObject({ status: 403 });
    const [row] =
      await sql`select count(*)::int as n from subctl.usage_events where customer_id = 'acme-1' and id in (select event_id from subctl.usage_keys where key = 'mixed')`;
    expect(row!.n).toBe(0);
  });
});

describe('a token', () => {
  const ask = (token: string) => api.ask('/v1/plans', { token });

  test('that is revoked works five seconds more at most, and then never', async () => {
    const token = await api.token();
    expect((await ask(token)).status).toBe(200);
    await sql`update subctl.api_tokens set revoked_at = ${clock.now} where revoked_at is null and ending = ${token.slice(-4)}`;
    pass(4.9);
    expect((await ask(token)).status).toBe(200);
    pass(0.1);
    expect((await ask(token)).status).toBe(401);
    expect((await ask(token)).status).toBe(401);
  });

  test('that is over is refused at that instant, however well it is known', async () => {
    const token = await api.token({ expiresAt: new Date('2099-01-01T00:00:00Z') });
    expect((await ask(token)).status).toBe(200);
    clock.now = new Date('2098-12-31T23:59:59Z');
    expect((await ask(token)).status).toBe(200);
    await sql`update subctl.api_tokens set expires_at = '2020-01-01' where ending = ${token.slice(-4)}`;
    clock.now = new Date('2099-01-01T00:00:00Z');
    expect((await ask(token)).status).toBe(401);
  });

  test.each([
    '',
    'Basic YTpi',
    'Bearer',
    'Bearer subctl_short',
    'Bearer subctl_' + 'x'.repeat(43),
    'Bearer ' + 'x'.repeat(8000),
  ])('that is none is 401: %.40s', async (authorization) => {
    pass(61);
    expect(await api.ask('/v1/plans', { headers: { Authorization: authorization } })).toMatchObject({
      status: 401,
    });
  });

  test('that is wrong makes its address wait after twenty, at no cost to the database; known tokens go on', async () => {
    pass(61);
    const good = await api.token();
    expect((await ask(good)).status).toBe(200);
    const wrong = (n: number) => `subctl_${String(n).padStart(43, 'x')}`;
    for (let n = 0; n < 20; n++) expect((await ask(wrong(n))).status).toBe(401);
    const { status, headers, body } = await ask(wrong(20));
    expect({ status, code: body.error.code }).toEqual({ status: 429, code: 'too_many_requests' });
    expect(headers.get('retry-after')).toBe('60');
    pass(30);
    expect((await ask(wrong(21))).headers.get('retry-after')).toBe('30');
    expect((await ask(good)).status).toBe(200);
    pass(31);
    expect((await ask(wrong(22))).status).toBe(401);
  });

  test('H15: a new valid token works from an address of anonymous requests and wrong tokens', async () => {
    pass(61);
    for (let n = 0; n < 1_000; n += 50)
      for (const { status } of await Promise.all(Array.from({ length: 50 }, () => api.ask('/v1/plans'))))
        expect(status).toBe(401);
    const wrong = (n: number) => ask(`subctl_${String(n).padStart(43, 'w')}`);
    expect((await wrong(0)).status).toBe(401);
    for (let n = 1; n < 20; n++) await wrong(n);
    expect((await wrong(20)).status).toBe(429);
    expect((await ask(await api.token())).status).toBe(200);
  });

  test('notes when it was used', async () => {
    const token = await api.token();
    await ask(token);
    const used = async () =>
      (await sql`select last_used_at from subctl.api_tokens where ending = ${token.slice(-4)}`)[0]!
        .last_used_at as Date | null;
    for (let round = 0; round < 200 && (await used()) === null; round++)
      await new Promise((resolve) => setImmediate(resolve));
    expect(await used()).toEqual(clock.now);
  });
});

test('behind a proxy the address is the last that it adds: one who shows wrong tokens makes nobody else wait', async () => {
  const proxied = await startApi(sql, { clock: () => clock.now, behindProxy: true });
  const from = (address: string) =>
    proxied.ask('/v1/plans', {
      token: `subctl_${'y'.repeat(43)}`,
      headers: { 'X-Forwarded-For': `10.0.0.1, ${address}` },
    });
  for (let n = 0; n < 20; n++) await from('192.0.2.1');
  expect((await from('192.0.2.1')).status).toBe(429);
  expect((await from('192.0.2.2')).status).toBe(401);
});
