import { Hono } from 'hono';
import { createServer, type IncomingMessage, type RequestListener } from 'node:http';
import type { AddressInfo } from 'node:net';
import { afterAll, beforeAll, beforeEach, describe, expect, it } from 'vitest';
import { subctl } from '../../src/library/subctl.ts';
import { testDatabase } from '../support/database.ts';
import * as world from '../usage/world.ts';
import { booksOf, layWorld, person } from './world.ts';

const { sql, url } = await testDatabase();
const client = subctl({ url, batch: { milliseconds: 1 } });
let count = 0;
let who: string;

beforeAll(async () => {
  await layWorld(sql);
  await sql`insert into subctl.credit_costs (plan_id, kind, amount) values ('big', 'search', 1)`;
  await world.plan(sql, 'big', { limits: { images: { month: 500 } } });
  await sql`update subctl.plan_prices set amount = 20 where plan_id = 'big'`;
});
beforeEach(async () => {
  who = await person(sql, `m${count++}`);
});
afterAll(() => client.close());

async function books() {
  await client.flush();
  const { events, held } = await booksOf(sql, who);
  return { events, held };
}

describe('Node, Express and Connect', () => {
  /** A server that lets the middleware decide, and answers what the path says. */
  async function serve(options: Parameters<typeof client.middleware>[0], handle: RequestListener) {
    const metered = client.middleware(options);
    const server = createServer((request, response) =>
      metered(request, response, (error) => {
        if (error === undefined) return handle(request, response);
        response.statusCode = 500;
        response.end(String((error as Error).message));
      }),
    );
    await new Promise<void>((resolve) => server.listen(0, '127.0.0.1', resolve));
    const door = `http://127.0.0.1:${(server.address() as AddressInfo).port}`;
    return {
      get: (path: string, init?: RequestInit) => fetch(`${door}${path}`, init),
      close: () => server.close(),
    };
  }
  const image = { customer: () => who, kind: 'image' };
  const ok: RequestListener = (_, response) => void response.end('painted');

  it('a request is a use: five fit, the sixth is told why, when again, and which plan would do', async () => {
    const { get, close } = await serve(image, ok);
    const answers = await Promise.all(Array.from({ length: 6 }, () => get('/paint?x=1')));
    expect(answers.map(({ status }) => status).sort()).toEqual([200, 200, 200, 200, 200, 429]);
    const refused = answers.find(({ status }) => status === 429)!;
    expect(refused.headers.get('content-type')).toBe('application/json');
    const seconds = Number(refused.headers.get('retry-after'));
    expect(seconds).toBeGreaterThan(0);
    expect(seconds).toBeLessThanOrEqual(31 * 86_400);
    expect(await refused.json()).toMatchObject({
      error: { code: 'refused', hint: 'Plan big would cover it' },
      ...{
        reason: 'limit_reached',
        customer: who,
        meter: 'images',
        window: 'month',
        limit: '5',
        requested: '1',
      },
      suggestion: { plan: 'big', price: '20', currency: 'USD' },
    });
    expect(await books()).toEqual({ events: 5, held: 0 });
    const [event] =
      await sql`select endpoint, status from subctl.usage_events where customer_id = ${who} limit 1`;
    expect(event).toEqual({ endpoint: '/paint', status: '200' });
    close();
  });

  it('what fails, and what a client leaves before it is answered, is no use', async () => {
    const { get, close } = await serve(image, (request, response) => {
      if (request.url === '/slow') return; // never
      response.statusCode = Number(request.url!.slice(1));
      response.end();
    });
    for (const status of ['500', '404', '302']) await get(`/${status}`, { redirect: 'manual' });
    expect(await books()).toEqual({ events: 1, held: 0 });
    const abort = new AbortController();
    const gone = get('/slow', { signal: abort.signal }).catch(() => undefined);
    await expect.poll(async () => (await booksOf(sql, who)).held).toBe(1);
    abort.abort();
    await gone;
    await expect.poll(async () => (await booksOf(sql, who)).held).toBe(0);
    expect(await books()).toMatchObject({ events: 1 });
    close();
  });

  it('what it has turned out to be is recorded, and may be found out afterwards', async () => {
    const options = {
      ...{ customer: () => who, kind: () => 'llm', amounts: () => ({ inputTokens: 500, outputTokens: 500 }) },
      session: () => 'chat',
      happened: (_: IncomingMessage, answer: unknown) =>
        Promise.resolve({ inputTokens: 20, outputTokens: (answer as { used: number }).used }),
    };
    const { get, close } = await serve(options as never, (_, response) => {
      Object.assign(response, { used: 9 });
      response.end();
    });
    await get('/');
    await books();
    const [event] = await sql`
      select trim_scale(tokens)::text as tokens, session_id as session from subctl.usage_events where customer_id = ${who}`;
    expect(event).toEqual({ tokens: '29', session: 'chat' });
    close();
  });

  it('who is not known is not served, and what is free is', async () => {
    const { get, close } = await serve(
      { customer: (request) => (request.url === '/free' ? null : undefined), kind: 'image' },
      ok,
    );
    expect([(await get('/free')).status, (await get('/')).status]).toEqual([200, 401]);
    close();
  });

  it('a kind that there is not is a mistake of the application, and goes to its error handler', async () => {
    const { get, close } = await serve({ ...image, kind: 'poem' }, ok);
    const answer = await get('/');
    expect([answer.status, await answer.text()]).toEqual([500, expect.stringContaining('Unknown kind poem')]);
    close();
  });

  it('a check is enough where a little more than the limit does no harm: what happened is recorded in batches', async () => {
    const { get, close } = await serve({ ...image, how: 'check' }, ok);
    for (let call = 0; call < 5; call++) {
      expect((await get('/')).status).toBe(200);
      await books();
    }
    expect((await get('/')).status).toBe(429);
    expect(await books()).toEqual({ events: 5, held: 0 });
    close();
  });
});

describe('the Fetch API', () => {
  it('in Hono as a middleware', async () => {
    const meter = client.meter({
      customer: (request) => request.headers.get('x-user') ?? undefined,
      kind: 'image',
    });
    const app = new Hono();
    app.use('/ai/*', (context, next) =>
      meter(context.req.raw, async () => {
        await next();
        return context.res;
      }),
    );
    app.get('/ai/paint', (context) => context.json({ painted: true }));
    app.get('/ai/fail', (context) => context.json({}, 503));
    const get = (path: string) => app.request(path, { headers: { 'x-user': who } });
    for (let call = 0; call < 5; call++)
      expect(await (await get('/ai/paint')).json()).toEqual({ painted: true });
    expect((await get('/ai/paint')).status).toBe(429);
    expect((await app.request('/ai/paint')).status).toBe(401);
    expect(await books()).toEqual({ events: 5, held: 0 });
  });

  it('around a handler, as in Next: the answer may say what was used, and a handler that throws has used nothing', async () => {
    const meter = client.meter({
      ...{ customer: () => who, kind: 'llm', amounts: () => ({ inputTokens: 900, outputTokens: 900 }) },
      happened: async (_, response) =>
        (await response.json()) as { inputTokens: number; outputTokens: number },
    });
    const request = new Request('https://app.example/api/chat', { method: 'POST' });
    const answer = await meter(request, () => Response.json({ inputTokens: 3, outputTokens: 4 }));
    expect(await answer.json()).toEqual({ inputTokens: 3, outputTokens: 4 });
    await expect(meter(request, () => Promise.reject(new Error('out of paint')))).rejects.toThrow(
      'out of paint',
    );
    expect(await books()).toEqual({ events: 1, held: 0 });
    const [event] =
      await sql`select trim_scale(tokens)::text as tokens from subctl.usage_events where customer_id = ${who}`;
    expect(event).toEqual({ tokens: '7' });
  });

  it('no credits is 402, and says what is needed', async () => {
    const poor = await world.customer(sql, `poor${count}`);
    await world.subscribe(sql, poor, 'big', { at: '2020-01-01T00:00:00Z' });
    const meter = client.meter({ customer: () => poor, kind: 'search' });
    const answer = await meter(new Request('https://app.example/find'), () => new Response());
    expect(answer.status).toBe(402);
    expect(await answer.json()).toMatchObject({
      reason: 'no_credits',
      credits: { needed: '1', balance: '0' },
    });
  });
});
