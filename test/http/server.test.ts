import { connect } from 'node:net';
import { expect, test } from 'vitest';
import { Failure } from '../../src/domain/failure.ts';
import { readBody } from '../../src/http/read-body.ts';
import { startServer } from '../../src/http/server.ts';

const host = '127.0.0.1';

test('failures that a route throws have the status of their kind and say no more than they should', async () => {
  const bugs: unknown[] = [];
  const server = await startServer({
    host,
    port: 0,
    onBug: (error) => bugs.push(error),
    routes: [
      (app) =>
        app
          .get('/refused', () => {
            throw new Failure('refused', 'Plan pro allows 10', { hint: 'ask for more' });
          })
          .get('/bug', () => {
            throw new Error('the password is 1234');
          }),
    ],
  });
  const get = async (path: string) => {
    const response = await fetch(`${server.url}${path}`);
    return { status: response.status, body: (await response.json()) as unknown };
  };
  expect(await get('/refused')).toEqual({
    status: 403,
    body: { error: { code: 'refused', message: 'Plan pro allows 10', hint: 'ask for more' } },
  });
  expect(await get('/bug')).toEqual({
    status: 500,
    body: { error: { code: 'bug', message: 'Something went wrong; the log says what', hint: null } },
  });
  expect(bugs).toMatchObject([{ message: 'the password is 1234' }]);
  expect(await get('/nowhere')).toMatchObject({ status: 404, body: { error: { code: 'not_found' } } });
  await server.close();
});

test('a port that is taken is said so, with what to do', async () => {
  const first = await startServer({ host, port: 0, routes: [] });
  const port = Number(new URL(first.url).port);
  await expect(startServer({ host, port, routes: [] })).rejects.toMatchObject({
    kind: 'unavailable',
    message: `Another program listens at 127.0.0.1:${port} already`,
  });
  await first.close();
  const again = await startServer({ host, port, routes: [] });
  await again.close();
});

test('an address of another machine is refused', async () => {
  await expect(startServer({ host: '192.0.2.1', port: 0, routes: [] })).rejects.toMatchObject({
    kind: 'config',
  });
});

test('what the database says of itself stays here: the caller hears 503 and when to try again', async () => {
  const bugs: unknown[] = [];
  const away = Object.assign(new Error('connect ECONNREFUSED 10.0.0.5:5432'), {
    code: 'ECONNREFUSED',
    syscall: 'connect',
  });
  const server = await startServer({
    ...{ host, port: 0, onBug: (error: unknown) => bugs.push(error) },
    routes: [(app) => app.get('/away', () => Promise.reject(away))],
  });
  const response = await fetch(`${server.url}/away`);
  expect([response.status, response.headers.get('retry-after')]).toEqual([503, '1']);
  expect(await response.json()).toEqual({
    error: {
      code: 'unavailable',
      message: 'What this needs cannot be reached now',
      hint: 'try again; a use with the same key is counted once',
    },
  });
  expect(bugs).toEqual([away]);
  await server.close();
});

test('H5 k: a client that hangs up in its body, or sends bad chunks, is no bug of ours', async () => {
  const bugs: unknown[] = [];
  const seen: unknown[] = [];
  const server = await startServer({
    host,
    port: 0,
    onBug: (error) => bugs.push(error),
    routes: [
      (app) =>
        app.post('/body', async (context) => {
          const size = await readBody(context, 1_000).then(
            (body) => body.length,
            (error: unknown) => {
              seen.push(error);
              throw error;
            },
          );
          return context.json({ size });
        }),
    ],
  });
  const { port } = new URL(server.url);
  const send = (text: string) =>
    new Promise<void>((resolve) => {
      const client = connect(Number(port), host, () =>
        client.write(text, () => setTimeout(() => client.destroy(), 100)),
      );
      client.on('error', () => undefined).on('close', () => resolve());
    });
  await send('POST /body HTTP/1.1\r\nHost: x\r\nContent-Length: 100\r\n\r\nabc');
  await send('POST /body HTTP/1.1\r\nHost: x\r\nTransfer-Encoding: chunked\r\n\r\nZZ\r\nabc');
  await server.close();
  expect(bugs).toEqual([]);
  expect(seen.length).toBeGreaterThan(0);
  for (const error of seen) expect(error).toMatchObject({ kind: 'usage' });
});
