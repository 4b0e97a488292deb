import { readFileSync } from 'node:fs';
import type { Connection } from '../src/database/connect.ts';
import { populateForRecording } from './population.ts';
import { digits } from './results.ts';
import type { Bench } from './run.ts';

const section = 'Growth';
const calls = 4_000;

type Call = (sql: Connection, customer: string) => PromiseLike<unknown>;
const ways: Record<'record' | 'check', Call> = {
  record: (sql, customer) =>
    sql`select subctl.record_usage_json(customer => ${customer}, kind => 'three', key => ${crypto.randomUUID()})`,
  check: (sql, customer) => sql`select subctl.check_usage(customer => ${customer}, kind => 'three')`,
};

/**
 * What a call costs the server as customers grow tenfold and tenfold again: CPU of the backend, not time, so that other programs on the
 * machine do not count. Every call is for another customer, none of which is in memory more than the others.
 */
export async function growth({ server, options, add, note }: Bench): Promise<void> {
  if (!server.embedded || process.platform !== 'linux') {
    note('Growth was not measured: it needs the embedded server and Linux.');
    return;
  }
  const sizes = [10_000, 100_000, 1_000_000].filter((size) => size <= options.rows);
  const costs = { record: [] as number[], check: [] as number[] };
  for (const size of sizes) {
    const name = `growth_${size}`;
    await server.createDatabase(name);
    server.subctl(['setup', '--yes'], name);
    const sql = server.connect(name, 1);
    await populateForRecording(sql, size);
    for (const what of ['record', 'check'] as const)
      costs[what].push(await cpuOfCalls(sql, size, ways[what]));
    await sql.end();
    await server.dropDatabase(name);
  }
  for (const [what, label] of [
    ['record', 'record_usage_json, 3 counters, first and later uses of a customer'],
    ['check', 'check_usage, 3 counters'],
  ] as const)
    sizes.forEach((size, n) =>
      add({
        ...{ section, what: `${label}, ${digits(size)} customers` },
        measured: `${digits(costs[what][n]!)} µs CPU a call`,
        baseline: `${digits(sizes[0]!)} customers: ${digits(costs[what][0]!)} µs`,
        ratio: costs[what][n]! / costs[what][0]!,
      }),
    );
}

/** Microseconds of CPU that the connection's backend took for one call, warm calls not counted. */
async function cpuOfCalls(sql: Connection, size: number, call: Call): Promise<number> {
  const [{ pid }] = await sql<[{ pid: number }]>`select pg_backend_pid() as pid`;
  const someone = () => `c${1 + Math.floor(Math.random() * size)}`;
  for (let n = 0; n < calls / 10; n++) await call(sql, someone());
  const before = cpuOf(pid);
  for (let n = 0; n < calls; n++) await call(sql, someone());
  return ((cpuOf(pid) - before) * 1e6) / calls;
}

/** Seconds of CPU of a process until now. */
function cpuOf(pid: number): number {
  const fields = readFileSync(`/proc/${pid}/stat`, 'utf8').split(') ')[1]!.split(' ');
  return (Number(fields[11]) + Number(fields[12])) / 100;
}
