import type { Bench } from './run.ts';
import { findPgbench, initialise, measure } from './pgbench.ts';
import { digits, median } from './results.ts';
import { withoutOwnSession } from '../src/database/own-session.ts';
import { handTables, handTransaction } from './hand-written.ts';
import { populateForRecording } from './population.ts';

const scale = 50;

/** record_usage and check_usage next to pgbench's TPC-B-like: spread over many customers, and one hot one against its hottest row. */
export async function recording({ server, options, add, note }: Bench): Promise<void> {
  const pgbench = findPgbench();
  if (pgbench === undefined) {
    note(
      'Recording was not measured: there is no pgbench on this machine (Debian: apt-get install postgresql-contrib).',
    );
    return;
  }
  const sql = server.connect();
  await populateForRecording(sql, options.customers);
  for (const [name, size] of [
    ['tpcb', scale],
    ['tpcb_hot', 1],
  ] as const) {
    await server.createDatabase(name);
    initialise(pgbench, server, name, size);
  }
  const call = (what: string, customer: string) =>
    `\\set c random(1, ${options.customers})\n\\set k random(1, 1000000000000)\n` +
    `select subctl.${what}(customer => ${customer}, kind => '$kind', key => 'k' || :k);\n`;
  const spread = (kind: string) => call('record_usage_json', "'c' || :c").replace('$kind', kind);
  const variants = {
    tpcb: { database: 'tpcb', script: undefined },
    one: { database: server.main, script: spread('one') },
    three: { database: server.main, script: spread('three') },
    ten: { database: server.main, script: spread('ten') },
    hand: {
      database: server.main,
      script: `\\set c random(1, ${options.customers})\n\\set k random(1, 1000000000000)\n${handTransaction("('c' || :c)", "('k' || :k)").join(';\n')};\n`,
    },
    check: { database: server.main, script: call('check_usage', "'c' || :c").replace('$kind', 'three') },
    tpcb_hot: { database: 'tpcb_hot', script: undefined },
    hot: { database: server.main, script: call('record_usage_json', "'c1'").replace('$kind', 'three') },
  };
  type Variant = keyof typeof variants;
  for (const statement of handTables(options.customers)) await withoutOwnSession(sql).unsafe(statement);
  const wal: number[] = [];
  for (const clients of [1, 4, 16]) {
    const rates = Object.fromEntries(Object.keys(variants).map((name) => [name, [] as number[]])) as Record<
      Variant,
      number[]
    >;
    for (let turn = 0; turn < options.repeat; turn++) {
      for (const name of Object.keys(variants) as Variant[]) {
        await sql`checkpoint`;
        const [before] = await sql<[{ at: string }]>`select pg_current_wal_insert_lsn() - '0/0' as at`;
        const { tps, transactions } = measure(pgbench, server, {
          ...variants[name],
          clients,
          seconds: options.seconds,
        });
        const [after] = await sql<[{ at: string }]>`select pg_current_wal_insert_lsn() - '0/0' as at`;
        rates[name].push(tps);
        if (name === 'three') wal.push((Number(after.at) - Number(before.at)) / transactions);
      }
    }
    const say = (what: string, name: Variant, base: Variant, target?: number) =>
      add({
        section: 'Recording',
        what: `${what}, ${clients} client${clients === 1 ? '' : 's'}`,
        measured: `${digits(median(rates[name]))}/s`,
        baseline: `TPC-B-like${base === 'tpcb_hot' ? ', scale 1' : ''}: ${digits(median(rates[base]))}/s`,
        ratio: median(rates[name].map((rate, turn) => rate / rates[base][turn]!)),
        ...(target === undefined ? {} : { target: { at: 'least', ratio: target } }),
      });
    say('1 counter', 'one', 'tpcb');
    say('3 counters', 'three', 'tpcb', clients === 1 ? 0.9 : 1);
    say('10 counters', 'ten', 'tpcb');
    say('written by hand, 3 counters', 'hand', 'tpcb');
    say('one hot customer, 3 counters', 'hot', 'tpcb_hot', clients === 16 ? 0.85 : 1);
    say('check_usage, 3 counters', 'check', 'tpcb');
  }
  add({
    section: 'Recording',
    what: 'WAL of one event with 3 counters, the pages after a checkpoint included',
    measured: `${digits(median(wal) / 1024)} kB`,
    baseline: '',
  });
  await sql.end();
}
