import { createRequire } from 'node:module';
import type { Connection } from '../src/database/connect.ts';
import { withoutOwnSession } from '../src/database/own-session.ts';
import { handTables, meters } from './hand-written.ts';
import { populateForRecording } from './population.ts';
import { digits, median } from './results.ts';
import type { Bench } from './run.ts';

const section = 'From Node';
const connections = 4;
const flying = 16;

/** The part of rate-limiter-flexible that is used: three limiters are three calls, with no key, no event and no history. */
interface RateLimiters {
  RateLimiterPostgres: new (
    options: object,
    ready: (error?: Error) => void,
  ) => { consume(key: string): Promise<unknown> };
}

/** record_usage from Node next to what a developer would write, and to rate-limiter-flexible's counters, over the same driver. */
export async function fromNode({ server, options, add }: Bench): Promise<void> {
  const customers = Math.min(options.customers, 5_000);
  await server.createDatabase('from_node');
  server.subctl(['setup', '--yes'], 'from_node');
  const sql = server.connect('from_node', connections);
  await populateForRecording(sql, customers);
  for (const statement of handTables(customers)) await withoutOwnSession(sql).unsafe(statement);
  const limiters = await Promise.all(meters.map((meter) => limiter(sql, meter)));
  const someone = () => `c${1 + Math.floor(Math.random() * customers)}`;
  const ways: Record<string, () => PromiseLike<unknown>> = {
    subctl: () =>
      sql`select subctl.record_usage_json(customer => ${someone()}, kind => 'three', key => ${crypto.randomUUID()})`,
    hand: () => byHand(sql, someone()),
    limiters: async () => {
      const customer = someone();
      for (const one of limiters) await one.consume(customer);
    },
  };
  const rates: Record<string, number[]> = { subctl: [], hand: [], limiters: [] };
  for (const call of Object.values(ways)) await callsASecond(call, 1); // each connection plans and compiles
  for (let turn = 0; turn < options.repeat; turn++)
    for (const [name, call] of Object.entries(ways))
      rates[name]!.push(await callsASecond(call, options.seconds));
  for (const [base, what] of [
    ['hand', 'written by hand in one transaction'],
    ['limiters', 'three RateLimiterPostgres, without key and event'],
  ] as const)
    add({
      ...{ section, what: `record_usage_json, 3 counters, ${connections} connections, ${flying} at once` },
      measured: `${digits(median(rates['subctl']!))}/s`,
      baseline: `${what}: ${digits(median(rates[base]!))}/s`,
      ratio: median(rates['subctl']!.map((rate, turn) => rate / rates[base]![turn]!)),
      ...(base === 'hand' && { target: { at: 'least' as const, ratio: 1 } }),
    });
  await sql.end();
}

async function byHand(sql: Connection, customer: string): Promise<void> {
  await sql.begin(async (tx) => {
    const [key, event] = [crypto.randomUUID(), crypto.randomUUID()];
    await tx`insert into hand.keys values (${customer}, ${key}, ${event}) on conflict do nothing`;
    for (const meter of meters)
      await tx`update hand.counters set used = used + 1 where customer = ${customer} and meter = ${meter} and used + 1 <= 1000000`;
    await tx`insert into hand.events (id, customer, kind, quantity) values (${event}, ${customer}, 'three', 1)`;
  });
}

/** A limiter over our driver, which it takes for a pool of node-postgres: of that it only calls `query`. */
async function limiter(sql: Connection, meter: string) {
  const { RateLimiterPostgres } = createRequire(import.meta.url)('rate-limiter-flexible') as RateLimiters;
  const query = async ({ text, values = [] }: { text: string; values?: unknown[] }) => {
    const rows = await withoutOwnSession(sql).unsafe(text, values as never[], { prepare: true });
    return { rows: [...rows] };
  };
  const options = { storeType: 'pool', tableName: `limiter_${meter}`, keyPrefix: meter };
  return new Promise<{ consume(key: string): Promise<unknown> }>((resolve, reject) => {
    const made = new RateLimiterPostgres(
      {
        ...options,
        storeClient: { query },
        points: 1_000_000,
        duration: 2_592_000,
        clearExpiredByTimeout: false,
      },
      (error) => (error ? reject(error) : resolve(made)),
    );
  });
}

async function callsASecond(call: () => PromiseLike<unknown>, seconds: number): Promise<number> {
  const from = performance.now();
  let calls = 0;
  const caller = async () => {
    for (; performance.now() - from < seconds * 1_000; calls++) await call();
  };
  await Promise.all(Array.from({ length: flying }, caller));
  return (calls * 1_000) / (performance.now() - from);
}
