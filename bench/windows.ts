import type { Bench } from './run.ts';
import { digits, median } from './results.ts';

const calls = 50_000;
const kinds: [kind: string, n: number, zone: string][] = [
  ['hour', 0, 'Europe/Berlin'],
  ['day', 0, 'Europe/Berlin'],
  ['week', 1, 'Europe/Berlin'],
  ['month', 0, 'Europe/Berlin'],
  ['year', 0, 'Europe/Berlin'],
  ['anchored_month', 1, 'Europe/Berlin'],
  ['anchored_day', 30, 'Europe/Berlin'],
  ['rolling_hour', 24, 'UTC'],
  ['lifetime', 0, 'UTC'],
];

/** The time of one window next to one `at time zone` there and back: what can be had without being right about clocks. */
export async function windows({ server, options, add }: Bench): Promise<void> {
  const sql = server.connect(server.main, 1);
  const micros = async (expression: string) => {
    const taken: number[] = [];
    for (let turn = 0; turn < options.repeat; turn++) {
      const from = performance.now();
      await sql.unsafe(
        `select count(${expression}) from (select timestamptz '2026-01-31T10:00Z' + i * interval '7 minutes' as at from generate_series(1, ${calls}) i) x`,
      );
      taken.push(((performance.now() - from) * 1000) / calls);
    }
    return median(taken);
  };
  const empty = await micros('at');
  const bare =
    (await micros("date_trunc('day', at at time zone 'Europe/Berlin') at time zone 'Europe/Berlin'")) - empty;
  for (const [kind, n, zone] of kinds) {
    const each =
      (await micros(`subctl_internal.window_bounds('${kind}', '2025-12-31T23:30Z', at, '${zone}', ${n})`)) -
      empty;
    add({
      section: 'Windows',
      what: `both ends of one window, ${kind}${n > 0 ? ` ${n}` : ''}`,
      measured: `${digits(each)} µs`,
      baseline: `date_trunc, its start only: ${digits(bare)} µs`,
      ratio: each / bare,
    });
  }
  await sql.end();
}
