import { createServer } from 'node:http';
import type { AddressInfo } from 'node:net';
import { type Client, subctl } from '../src/library/subctl.ts';
import { populateForRecording } from './population.ts';
import { digits, median } from './results.ts';
import type { Bench } from './run.ts';

const section = 'Library';
const connections = 4;

/** What the library adds to the SQL function, batching gains, the cache saves, and the middleware costs a request. */
export async function library({ server, options, add }: Bench): Promise<void> {
  const customers = Math.min(options.customers, 5_000);
  await server.createDatabase('library');
  server.subctl(['setup', '--yes'], 'library');
  const sql = server.connect('library', connections);
  await populateForRecording(sql, customers);
  await sql`update subctl.plan_versions set features = '{"sso": true}'`;
  const url = server.url('library');
  const single = subctl({ url, connections });
  const batched = subctl({ url, connections, batch: true });
  const cached = subctl({ url, connections, cache: true });
  const someone = () => `c${1 + Math.floor(Math.random() * customers)}`;
  const use = () => ({ customer: someone(), kind: 'three' });
  const guest = () => `c${1 + Math.floor(Math.random() * 200)}`; // those who are here at the moment

  const rates = {
    function: {
      flying: 16,
      call: () =>
        sql`select subctl.record_usage(customer => ${someone()}, kind => 'three', key => ${crypto.randomUUID()})`,
    },
    library: { flying: 16, call: () => single.record(use()) },
    batched: { flying: 800, call: () => batched.record(use()) },
    lookup: { flying: 16, call: () => single.has(guest(), 'sso') },
    cached: { flying: 16, call: () => cached.has(guest(), 'sso') },
  };
  type Rate = keyof typeof rates;
  const measured = Object.fromEntries(Object.keys(rates).map((name) => [name, [] as number[]])) as Record<
    Rate,
    number[]
  >;
  const waits: Record<string, number[]> = { bare: [], hold: [], check: [] };
  for (let turn = 0; turn < options.repeat; turn++) {
    for (const name of Object.keys(rates) as Rate[])
      measured[name].push(await callsASecond(rates[name], options.seconds));
    for (const [name, taken] of Object.entries(waits))
      taken.push(...(await requestsOf(name, batched, someone, options.seconds)));
  }
  const say = (what: string, name: Rate, base: Rate, unit: string) =>
    add({
      ...{ section, what, measured: `${digits(median(measured[name]))} ${unit}/s` },
      baseline: `${rates[base].flying} at once, ${base}: ${digits(median(measured[base]))}/s`,
      ratio: median(measured[name].map((each, turn) => each / measured[base][turn]!)),
    });
  say('`client.record`, 4 connections, 16 at once', 'library', 'function', 'uses');
  say('`client.record` with `batch`, 4 connections, 800 at once', 'batched', 'function', 'uses');
  say('`client.has` with `cache`, 200 customers', 'cached', 'lookup', 'look-ups');
  for (const name of ['hold', 'check'])
    for (const share of [0.5, 0.99])
      add({
        ...{ section, what: `a request through the middleware, ${name}, p${share * 100}` },
        measured: `${digits(quantile(waits[name]!, share))} ms`,
        baseline: `the bare request: ${digits(quantile(waits['bare']!, share))} ms`,
        ratio: quantile(waits[name]!, share) / quantile(waits['bare']!, share),
      });
  await Promise.all([single, batched, cached].map((client) => client.close()));
  await sql.end();
}

async function callsASecond(
  { flying, call }: { flying: number; call: () => PromiseLike<unknown> },
  seconds: number,
): Promise<number> {
  const from = performance.now();
  let calls = 0;
  const caller = async () => {
    while (performance.now() - from < seconds * 1_000) {
      await call();
      calls++;
    }
  };
  await Promise.all(Array.from({ length: flying }, caller));
  return (calls * 1_000) / (performance.now() - from);
}

/** Milliseconds of each request to a server that answers at once, four at a time. */
async function requestsOf(
  how: string,
  client: Client,
  someone: () => string,
  seconds: number,
): Promise<number[]> {
  const metered = client.middleware({ customer: someone, kind: 'three', how: how as 'hold' });
  const server = createServer((request, response) =>
    how === 'bare' ? response.end('done') : metered(request, response, () => response.end('done')),
  );
  await new Promise<void>((resolve) => server.listen(0, '127.0.0.1', resolve));
  const door = `http://127.0.0.1:${(server.address() as AddressInfo).port}`;
  const taken: number[] = [];
  const ask = async () => {
    const from = performance.now();
    await (await fetch(door)).text();
    taken.push(performance.now() - from);
  };
  await callsASecond({ flying: 4, call: ask }, seconds);
  await client.flush();
  server.close();
  server.closeAllConnections();
  return taken;
}

function quantile(values: readonly number[], share: number): number {
  return values.toSorted((a, b) => a - b)[Math.floor(share * (values.length - 1))]!;
}
