import { connect } from 'node:net';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { healthRoutes } from '../../src/http/health.ts';
import { type RunningServer, startServer } from '../../src/http/server.ts';

const bugs: unknown[] = [];
let server: RunningServer;
beforeAll(async () => {
  server = await startServer({
    host: '127.0.0.1',
    port: 0,
    onBug: (error) => bugs.push(error),
    routes: [
      healthRoutes({ alive: () => ({ ok: true }), ready: () => Promise.resolve({}) }),
      (app) => app.get('/v1/plans', (context) => context.json([])),
      (app) => app.post('/stripe/webhook', (context) => context.json({})),
    ],
  });
});
afterAll(() => server.close());

/** Sends bytes and gives the status, the media type and the body of the answer; undefined where there is none. */
function ask(bytes: string): Promise<{ status: number; type: string | undefined; body: string }> {
  return new Promise((resolve, reject) => {
    let answer = '';
    const client = connect(Number(new URL(server.url).port), '127.0.0.1', () => client.write(bytes));
    client.on('data', (chunk) => (answer += chunk.toString())).on('error', reject);
    client.on('end', () => {
      client.end();
      const [head = '', body = ''] = answer.split('\r\n\r\n');
      const type = /^content-type: (\S+)/im.exec(head)?.[1];
      resolve({ status: Number(head.split(' ')[1]), type, body });
    });
  });
}

const get = (target: string, ...headers: string[]) =>
  ask([`GET ${target} HTTP/1.1`, ...headers, 'Connection: close', '', ''].join('\r\n'));

describe('H20: what is no ordinary request has an answer in JSON', () => {
  it.each(['/healthz', '/readyz'])('H20: HTTP/1.0 without Host: %s answers', async (target) => {
    expect(await ask(`GET ${target} HTTP/1.0\r\n\r\n`)).toMatchObject({ status: 200 });
  });

  it.each([
    ['HTTP/1.0 without Host: a path', 'GET /v1/plans HTTP/1.0\r\n\r\n'],
    ['HTTP/1.0 without Host: OPTIONS', 'OPTIONS / HTTP/1.0\r\n\r\n'],
    ['HTTP/1.0 without Host: a webhook', 'POST /stripe/webhook HTTP/1.0\r\nContent-Length: 2\r\n\r\n{}'],
    ['HTTP/1.0, another scheme', 'GET ftp://a.example/healthz HTTP/1.0\r\n\r\n'],
    ['HTTP/1.1 without Host', 'GET /healthz HTTP/1.1\r\nConnection: close\r\n\r\n'],
    ['no HTTP', 'garbage\r\n\r\n'],
    ['no path', 'GET healthz HTTP/1.1\r\nHost: x\r\n\r\n'],
  ])('H20: %s: 400', async (_what, bytes) => {
    const { status, type, body } = await ask(bytes);
    expect([status, type]).toEqual([400, 'application/json']);
    expect(JSON.parse(body)).toMatchObject({ error: { code: 'usage', hint: null } });
  });

  it.each(['', 'a b', 'x/y?z#', 'user@x', 'x:99999', '\u00e9'])('H20: Host %j: 400', async (host) => {
    const { status, type } = await get('/healthz', `Host: ${host}`);
    expect([status, type]).toEqual([400, 'application/json']);
  });

  it('H20: two Hosts: 400', async () => {
    expect(await get('/healthz', 'Host: a', 'Host: b')).toMatchObject({ status: 400 });
  });

  it.each(['*', '/a\\b'])('H20: the target %s: 400', async (target) => {
    expect(await get(target, 'Host: x')).toMatchObject({ status: 400, type: 'application/json' });
  });

  it('H20: headers that are too large: 431', async () => {
    const answer = await get('/healthz', 'Host: x', `X: ${'a'.repeat(20_000)}`);
    expect(answer).toMatchObject({ status: 431, type: 'application/json' });
  });

  it.each([
    ['http://a.example/healthz', 'Host: x'],
    ['/healthz', 'Host: [::1]:80'],
    ['/healthz', 'Host: my_host'],
    ['/healthz', 'Host: EXAMPLE.com:443'],
  ])('H20: %s with %s answers', async (target, host) => {
    expect(await get(target, host)).toMatchObject({ status: 200 });
  });

  it('H20: none of it is a bug', () => expect(bugs).toEqual([]));
});
