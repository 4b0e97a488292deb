import { readFileSync } from 'node:fs';
import type { Connection } from '../src/database/connect.ts';
import { populateForRecording } from './population.ts';
import { digits } from './results.ts';
import type { Bench } from './run.ts';

const section = 'Growth';
const calls = 3_000;

type Call = (sql: Connection, customer: string) => PromiseLike<unknown>;
const record: Call = (sql, customer) =>
  sql`select subctl.record_usage_json(customer => ${customer}, kind => 'three', key => ${crypto.randomUUID()})`;
const check: Call = (sql, customer) =>
  sql`select subctl.check_usage(customer => ${customer}, kind => 'three')`;

/** Each customer is called once a way, so that a way meets as many first uses with few customers as with many. */
const ways: { label: string; call: Call; again: boolean }[] = [
  { label: 'record_usage_json, 3 counters, the first use of a customer', call: record, again: false },
  { label: 'record_usage_json, 3 counters, a later use', call: record, again: true },
  { label: 'check_usage, 3 counters', call: check, again: true },
];

/**
 * What a call costs the server as customers grow tenfold and tenfold again: CPU of the backend, not time, so that other programs on the
 * machine do not count. The customers are spread over the tables; those of one way are used again by the next.
 */
export async function growth({ server, options, add, note }: Bench): Promise<void> {
  if (!server.embedded || process.platform !== 'linux') {
    note('Growth was not measured: it needs the embedded server and Linux.');
    return;
  }
  const sizes = [10_000, 100_000, 1_000_000].filter((size) => size <= options.rows);
  const costs = ways.map(() => [] as number[]);
  for (const size of sizes) {
    const name = `growth_${size}`;
    await server.createDatabase(name);
    server.subctl(['setup', '--yes'], name);
    const sql = server.connect(name, 1);
    await populateForRecording(sql, size, { usedBefore: false });
    let customers: string[] = [];
    for (const [n, { call, again }] of ways.entries()) {
      if (!again) customers = spread(size, calls * 1.2);
      costs[n]!.push(await cpuOfCalls(sql, customers, call));
    }
    await sql.end();
    await server.dropDatabase(name);
  }
  ways.forEach(({ label }, way) =>
    sizes.forEach((size, n) =>
      add({
        ...{ section, what: `${label}, ${digits(size)} customers` },
        measured: `${digits(costs[way]![n]!)} µs CPU a call`,
        baseline: `${digits(sizes[0]!)} customers: ${digits(costs[way]![0]!)} µs`,
        ratio: costs[way]![n]! / costs[way]![0]!,
      }),
    ),
  );
}

/** Different customers in no order, evenly from all of them; the first is left out, whose rows the others are copies of. */
function spread(size: number, count: number): string[] {
  const step = Math.floor((size - 1) / count);
  return Array.from({ length: count }, (_, n) => `c${2 + ((n * 7919) % count) * step}`);
}

/** Microseconds of CPU that the connection's backend took for one call, the first sixth of the calls not counted. */
async function cpuOfCalls(sql: Connection, customers: readonly string[], call: Call): Promise<number> {
  const [{ pid }] = await sql<[{ pid: number }]>`select pg_backend_pid() as pid`;
  for (const customer of customers.slice(0, -calls)) await call(sql, customer);
  const before = cpuOf(pid);
  for (const customer of customers.slice(-calls)) await call(sql, customer);
  return ((cpuOf(pid) - before) * 1e6) / calls;
}

/** Seconds of CPU of a process until now. */
function cpuOf(pid: number): number {
  const fields = readFileSync(`/proc/${pid}/stat`, 'utf8').split(') ')[1]!.split(' ');
  return (Number(fields[11]) + Number(fields[12])) / 100;
}
