import { readFileSync } from 'node:fs';
import { findPgbench, run } from './pgbench.ts';
import { populateForRecording } from './population.ts';
import { digits } from './results.ts';
import type { Bench } from './run.ts';
import type { Server } from './server.ts';

const section = 'Growth';
const calls = 4_000;

/**
 * What a call costs the server as customers grow tenfold and tenfold again: CPU of the backend, not time, so that other programs on the
 * machine do not count. Every call is for another customer, none of which is in memory more than the others.
 */
export async function growth({ server, options, add, note }: Bench): Promise<void> {
  const pgbench = findPgbench();
  if (pgbench === undefined || !server.embedded || process.platform !== 'linux') {
    note('Growth was not measured: it needs pgbench, the embedded server and Linux.');
    return;
  }
  const sizes = [10_000, 100_000, 1_000_000].filter((size) => size <= options.rows);
  const costs: Record<string, number[]> = { record: [], check: [] };
  for (const size of sizes) {
    const name = `growth_${size}`;
    await server.createDatabase(name);
    server.subctl(['setup', '--yes'], name);
    const sql = server.connect(name, 1);
    await populateForRecording(sql, size);
    await sql.end();
    for (const [what, call] of [
      ['record', `select subctl.record_usage_json(customer => 'c' || :c, kind => 'three', key => 'k' || :k)`],
      ['check', `select subctl.check_usage(customer => 'c' || :c, kind => 'three')`],
    ] as const)
      costs[what]!.push(cpuOfCalls(server, pgbench, { name, call, size }));
    await server.dropDatabase(name);
  }
  for (const [what, label] of [
    ['record', 'record_usage_json, 3 counters, first and later uses of a customer'],
    ['check', 'check_usage, 3 counters'],
  ] as const)
    sizes.forEach((size, n) =>
      add({
        ...{ section, what: `${label}, ${digits(size)} customers` },
        measured: `${digits(costs[what]![n]!)} µs CPU a call`,
        baseline: `${digits(sizes[0]!)} customers: ${digits(costs[what]![0]!)} µs`,
        ratio: costs[what]![n]! / costs[what]![0]!,
      }),
    );
}

/** Microseconds of CPU that the server's backend took for one call, warm calls not counted. */
function cpuOfCalls(
  server: Server,
  pgbench: string,
  { name, call, size }: { name: string; call: string; size: number },
): number {
  const script = `\\set c random(1, ${size})\n\\set k random(1, 1000000000000)\n${call};\n`;
  const cpu = (transactions: number) => {
    const before = reapedCpu(server);
    run(pgbench, server, { database: name, script, args: ['-M', 'prepared', '-t', String(transactions)] });
    return reapedCpu(server) - before;
  };
  const warm = cpu(calls / 10);
  return ((cpu(calls + calls / 10) - warm) * 1e6) / calls;
}

/** Seconds of CPU of the backends that have ended: the postmaster's children. */
function reapedCpu(server: Server): number {
  const pid = readFileSync(server.pidFile, 'utf8').split('\n')[0]!;
  const fields = readFileSync(`/proc/${pid}/stat`, 'utf8').split(') ')[1]!.split(' ');
  return (Number(fields[13]) + Number(fields[14])) / 100;
}
