import { createServer, type IncomingMessage, type ServerResponse } from 'node:http';
import type { AddressInfo } from 'node:net';
import { afterAll, beforeAll, beforeEach, expect, it } from 'vitest';
import { subctl } from '../../src/library/subctl.ts';
import { testDatabase } from '../support/database.ts';
import { booksOf, layWorld, person } from './world.ts';

const { sql, url } = await testDatabase();
const client = subctl({ url });
let count = 0;
let who: string;

type Answer = (response: ServerResponse, body: string) => void | Promise<void>;
let answer: Answer;
let asked: Record<string, unknown>[] = [];

/** Stands where the provider would. */
const provider = createServer((request: IncomingMessage, response) => {
  let body = '';
  request.on('data', (piece: Buffer) => (body += String(piece)));
  request.on('end', () => {
    asked.push(JSON.parse(body || '{}') as Record<string, unknown>);
    void answer(response, body);
  });
});
await new Promise<void>((resolve) => provider.listen(0, '127.0.0.1', resolve));
const door = `http://127.0.0.1:${(provider.address() as AddressInfo).port}`;
const toDoor: typeof fetch = (input, init) => fetch(`${door}/?of=${encodeURIComponent(String(input))}`, init);

beforeAll(() => layWorld(sql));
beforeEach(async () => {
  who = await person(sql, `f${count++}`);
  asked = [];
});
afterAll(async () => {
  await client.close();
  provider.closeAllConnections();
  provider.close();
});

const openai = 'https://api.openai.com/v1/chat/completions';
const json =
  (body: unknown, status = 200): Answer =>
  (response) => {
    response.writeHead(status, { 'content-type': 'application/json' }).end(JSON.stringify(body));
  };
const stream =
  (...events: unknown[]): Answer =>
  (response) => {
    response.writeHead(200, { 'content-type': 'text/event-stream; charset=utf-8' });
    for (const event of events)
      response.write(`data: ${typeof event === 'string' ? event : JSON.stringify(event)}\n\n`);
    response.end();
  };
const chunk = (content: string) => ({ choices: [{ index: 0, delta: { content } }] });
const usage = { choices: [], usage: { prompt_tokens: 40, completion_tokens: 7 } };
const post = (body: object, signal?: AbortSignal) => ({
  method: 'POST',
  headers: { 'content-type': 'application/json' },
  body: JSON.stringify({
    model: 'gpt-4o',
    messages: [{ role: 'user', content: 'x'.repeat(400) }],
    max_tokens: 500,
    ...body,
  }),
  ...(signal && { signal }),
});
const metered = (options = {}) => client.fetch(who, { fetch: toDoor, ...options });
async function recorded() {
  await client.flush();
  const events = await sql`
    select kind, provider, model, trim_scale(input_tokens)::text as input, trim_scale(output_tokens)::text as output, estimated, status, endpoint
      from subctl.usage_events where customer_id = ${who} order by at, id`;
  return { events: [...events], held: (await booksOf(sql, who)).held };
}

it('a call is held before, and settled at what its answer says; the answer is the one that came', async () => {
  answer = async (response) => {
    expect((await booksOf(sql, who)).held).toBe(1);
    return json({
      id: 'c1',
      model: 'gpt-4o-2024-08-06',
      choices: [],
      usage: { prompt_tokens: 9, completion_tokens: 4 },
    })(response, '');
  };
  const response = await metered({ session: 's1' })(openai, post({}));
  expect(response).toMatchObject({ status: 200, ok: true, url: expect.stringContaining(door) as string });
  expect(await response.json()).toMatchObject({ id: 'c1', usage: { completion_tokens: 4 } });
  const event = {
    kind: 'llm',
    provider: 'openai',
    model: 'gpt-4o',
    input: '9',
    output: '4',
    estimated: false,
    status: '200',
    endpoint: '/v1/chat/completions',
  };
  expect(await recorded()).toEqual({ events: [event], held: 0 });
});

it('an answer that nobody reads is settled all the same', async () => {
  answer = json({ choices: [], usage: { prompt_tokens: 9, completion_tokens: 4 } });
  await metered()(openai, post({}));
  await expect.poll(async () => (await recorded()).events.length).toBe(1);
});

it('a stream is asked for its usage, and the application sees what it would have seen without', async () => {
  answer = stream(chunk('Hel'), chunk('lo'), usage, '[DONE]');
  const text = await (await metered()(openai, post({ stream: true }))).text();
  expect(asked).toMatchObject([{ stream: true, stream_options: { include_usage: true } }]);
  expect(text).toBe(
    `data: ${JSON.stringify(chunk('Hel'))}\n\ndata: ${JSON.stringify(chunk('lo'))}\n\ndata: [DONE]\n\n`,
  );
  expect((await recorded()).events).toMatchObject([{ input: '40', output: '7', estimated: false }]);
});

it('an application that asks for the usage itself gets it', async () => {
  answer = stream(chunk('Hello'), usage, '[DONE]');
  const response = await metered()(openai, post({ stream: true, stream_options: { include_usage: true } }));
  expect(await response.text()).toContain('"completion_tokens":7');
  expect((await recorded()).events).toMatchObject([{ input: '40', output: '7' }]);
});

it('pieces arrive as they are sent: nothing waits for the end', async () => {
  let goOn!: () => void;
  const paused = new Promise<void>((resolve) => (goOn = resolve));
  answer = async (response) => {
    response.writeHead(200, { 'content-type': 'text/event-stream' });
    response.write(`data: ${JSON.stringify(chunk('first'))}\n\n`);
    await paused;
    response.end(`data: ${JSON.stringify(usage)}\n\n`);
  };
  const response = await metered()(openai, post({ stream: true }));
  const reader = response.body!.getReader();
  expect(new TextDecoder().decode((await reader.read()).value)).toContain('first');
  goOn();
  expect((await reader.read()).done).toBe(true);
  expect((await recorded()).events).toMatchObject([{ output: '7' }]);
});

it('R18: a stream that is cut off counts what had come, and is marked as estimated', async () => {
  answer = (response) => {
    response.writeHead(200, { 'content-type': 'text/event-stream' });
    response.write(`data: ${JSON.stringify(chunk('y'.repeat(80)))}\n\n`);
  };
  const abort = new AbortController();
  const first = await metered()(openai, post({ stream: true }, abort.signal));
  await first.body!.getReader().read();
  abort.abort();
  const second = await metered()(openai, post({ stream: true }));
  const reader = second.body!.getReader();
  await reader.read();
  await reader.cancel();
  await expect.poll(async () => (await recorded()).events.length).toBe(2);
  const event = { input: '100', output: '20', estimated: true };
  expect(await recorded()).toMatchObject({ events: [event, event], held: 0 });
});

it('G17: a call that fails is let go, or recorded as failed where that is wanted (U8)', async () => {
  answer = json({ error: { message: 'overloaded' } }, 529);
  expect((await metered()(openai, post({}))).status).toBe(529);
  expect(await recorded()).toEqual({ events: [], held: 0 });
  await metered({ failures: 'record' })(openai, post({}));
  expect((await recorded()).events).toMatchObject([{ status: '529', output: '0' }]);
  const refused: typeof fetch = () => Promise.reject(new TypeError('fetch failed'));
  await expect(client.fetch(who, { fetch: refused })(openai, post({}))).rejects.toThrow('fetch failed');
  expect(await recorded()).toMatchObject({ events: [{ status: '529' }], held: 0 });
});

it('B22: a call that is larger than the whole limit is not made: 429 with the reason, without a time to wait for, and the plan that would do', async () => {
  await sql`insert into subctl.plans (id, name, current_version, created_at, active) values ('max', 'Max', 1, '2020-01-01', true) on conflict do nothing`;
  answer = json({});
  const response = await metered()(openai, post({ max_tokens: 20_000 }));
  expect(asked).toEqual([]);
  expect(response.status).toBe(429);
  expect(response.headers.get('retry-after')).toBeNull();
  expect(response.headers.get('x-should-retry')).toBe('false');
  expect(await response.json()).toMatchObject({
    error: { code: 'refused', message: expect.stringContaining('tokens') as string },
    ...{
      reason: 'limit_reached',
      meter: 'tokens',
      window: 'month',
      limit: '10000',
      used: '0',
      requested: '20100',
      suggestion: null,
    },
  });
});

it('R17: while the database is away nothing is called', async () => {
  const lost = subctl({ url: 'postgres://nobody@127.0.0.1:1/nothing' });
  answer = json({});
  const response = await lost.fetch(who, { fetch: toDoor })(openai, post({}));
  expect([response.status, asked]).toEqual([503, []]);
  expect(await response.json()).toMatchObject({ reason: 'unavailable' });
  await lost.close();
});

it('what is said wins over what is seen, and what uses nothing is passed on', async () => {
  answer = json({ choices: [], usage: { prompt_tokens: 1, completion_tokens: 1 } });
  await metered({ provider: 'mine', model: 'own', metadata: { job: 1 } })(openai, post({}));
  expect((await recorded()).events).toMatchObject([{ provider: 'mine', model: 'own' }]);
  await metered()('https://api.openai.com/v1/models');
  await metered({ kind: 'image' })('https://paint.example/draw');
  expect((await recorded()).events.map(({ kind }) => kind as string)).toEqual(['llm', 'image']);
});
