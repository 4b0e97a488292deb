import type { Connection } from '../src/database/connect.ts';
import type { Bench } from './run.ts';
import { digits, median } from './results.ts';

/** record_usage_many next to as many calls of record_usage, from four connections that have their own customers each. */
export async function batches({ server, options, add }: Bench): Promise<void> {
  const connections = await Promise.all(Array.from({ length: 4 }, () => server.connect(server.main, 1)));
  const sizes = [1, 10, 100, 1000];
  const rates = new Map(sizes.map((size) => [size, [] as number[]]));
  for (let turn = 0; turn < options.repeat; turn++) {
    for (const size of sizes) {
      await connections[0]!`checkpoint`;
      rates.get(size)!.push(await eventsASecond(connections, size, options));
    }
  }
  const single = rates.get(1)!;
  for (const size of sizes.slice(1)) {
    const rate = median(rates.get(size)!);
    add({
      section: 'Batches',
      what: `record_usage_many, ${digits(size)} events of 3 counters a call, 4 connections`,
      measured: `${digits(rate)} events/s`,
      baseline: `record_usage: ${digits(median(single))}/s`,
      ratio: median(rates.get(size)!.map((each, turn) => each / single[turn]!)),
      ...(size === 100 ? { target: { says: '≥ 15,000 events/s', met: rate >= 15_000 } } : {}),
    });
  }
  await Promise.all(connections.map((connection) => connection.end()));
}

async function eventsASecond(
  connections: readonly Connection[],
  size: number,
  { customers, seconds }: { customers: number; seconds: number },
): Promise<number> {
  const share = Math.floor(customers / connections.length);
  const make = (at: number, call: number) =>
    JSON.stringify(
      Array.from({ length: size }, (_, i) => ({
        customer: `c${at * share + 1 + Math.floor(Math.random() * share)}`,
        kind: 'three',
        key: `${process.hrtime.bigint()}-${at}-${call}-${i}`,
      })),
    );
  const calls = Math.ceil(8000 / size) * Math.ceil(seconds);
  const ready = connections.map((_, at) => Array.from({ length: calls }, (_, call) => make(at, call)));
  const from = performance.now();
  const until = from + seconds * 1000;
  const done = await Promise.all(
    connections.map(async (sql, at) => {
      let events = 0;
      for (const text of ready[at]!) {
        if (size === 1) {
          const [{ customer, kind, key }] = JSON.parse(text) as [
            { customer: string; kind: string; key: string },
          ];
          await sql`select subctl.record_usage(customer => ${customer}, kind => ${kind}, key => ${key})`;
        } else {
          const [row] = await sql<[{ n: number }]>`
            select json_array_length(subctl.record_usage_many_json(${text}::text::jsonb)) as n`;
          if (row.n !== size) throw new Error(`record_usage_many answered ${row.n} of ${size} events`);
        }
        events += size;
        if (performance.now() > until) break;
      }
      return events;
    }),
  );
  return (done.reduce((sum, events) => sum + events, 0) * 1000) / (performance.now() - from);
}
