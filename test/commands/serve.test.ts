import { expect, test } from 'vitest';
import { run } from '../../src/run.ts';
import { subctl } from '../support/cli.ts';
import { testDatabase } from '../support/database.ts';
import { loadLadder } from '../support/plans.ts';
import { screen } from '../support/screen.ts';

const { sql, env } = await testDatabase();

test('serve --openapi prints the document and needs no database', async () => {
  const { code, stdout } = await subctl(['serve', '--openapi'], {
    env: { DATABASE_URL: 'postgres://u@127.0.0.1:1/none' },
  });
  expect(code).toBe(0);
  expect(JSON.parse(stdout)).toMatchObject({ openapi: '3.1.0', info: { title: 'subctl' } });
});

test.each([['8788'], ['host'], ['127.0.0.1:70000'], [':80']])(
  'serve --listen %s is refused',
  async (address) => {
    expect(await subctl(['serve', '--listen', address], { env })).toMatchObject({
      code: 2,
      stderr: expect.stringContaining('is not host:port') as string,
    });
  },
);

test('serve answers without Stripe, logs requests without whom they are about, and ends when it is told', async () => {
  await loadLadder(sql);
  const shown = screen({ tty: false });
  const stop = new AbortController();
  const running = run(['serve', '--listen', '127.0.0.1:0'], {
    ...shown.streams,
    env,
    cwd: '/',
    signal: stop.signal,
  });
  await expect.poll(() => shown.err()).toMatch(/The API is at/);
  const url = /The API is at (\S+)\/v1/.exec(shown.err())![1]!;
  expect(shown.err()).toContain('Stripe webhooks are not received: STRIPE_WEBHOOK_SECRET is not set');
  const made = await subctl(['tokens', 'create', 'app', '--scope', 'read', '--scope', 'alerts', '--json'], {
    env,
  });
  const { token } = JSON.parse(made.stdout) as { token: string };
  const get = (path: string) =>
    fetch(`${url}${path}`, { headers: { Authorization: `Bearer ${token}`, 'X-Request-Id': 'r-1' } });
  expect((await get('/v1/plans')).status).toBe(200);
  expect((await get('/v1/customers/mary.smith/usage')).status).toBe(404);
  expect(await (await get('/readyz')).json()).toEqual({ ok: true, checks: { database: { ok: true } } });
  expect((await get('/docs')).headers.get('content-security-policy')).toContain("default-src 'none'");
  expect((await fetch(`${url}/stripe/webhook`, { method: 'POST' })).status).toBe(404);
  const lines = shown
    .err()
    .split('\n')
    .filter((line) => line.startsWith('{'))
    .map((line) => JSON.parse(line) as object);
  expect(lines).toContainEqual(
    expect.objectContaining({
      msg: 'request',
      id: 'r-1',
      method: 'GET',
      route: '/v1/customers/:customer/usage',
      status: 404,
      token: 'app',
    }),
  );
  expect(shown.err()).not.toContain('mary');
  expect(shown.err()).not.toContain(token);
  stop.abort();
  expect(await running).toBe(0);
  await expect(get('/v1/plans')).rejects.toThrow();
});
