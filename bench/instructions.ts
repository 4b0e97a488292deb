import { spawnSync } from 'node:child_process';
import * as fs from 'node:fs';
import os from 'node:os';
import path from 'node:path';
import { accountOf } from '../src/database/embedded/account.ts';
import { findPrograms } from '../src/database/embedded/package.ts';
import { embeddedPaths } from '../src/database/embedded/embedded-paths.ts';
import { asAccount, cleanEnvironment } from '../src/database/embedded/run-as.ts';
import { withoutOwnSession } from '../src/database/own-session.ts';
import { cases, preparations, type Case } from './instruction-cases.ts';
import { findPgbench, initialise } from './pgbench.ts';
import { populateForRecording } from './population.ts';
import { digits } from './results.ts';
import type { Bench } from './run.ts';

const customers = 2000;
const warm = 40;
const calls = 80;

/**
 * Counts the instructions of one SQL call inside PostgreSQL, whatever else the machine does: single-user mode under callgrind, warm calls
 * not counted. System calls and the network are not in it. `SUBCTL_BENCH_CASES` names the cases to count, comma-separated.
 */
export async function instructions({ server, options, add, note }: Bench): Promise<void> {
  if (spawnSync('valgrind', ['--version']).status !== 0) {
    note('Instructions were not counted: there is no valgrind on this machine.');
    return;
  }
  const sql = server.connect();
  const [{ made }] = await sql<[{ made: boolean }]>`
    select exists (select from subctl.plans where id = 'bench') as made`;
  if (!made) await populateForRecording(sql, Math.min(options.customers, customers));
  for (const statement of preparations) await withoutOwnSession(sql).unsafe(statement);
  await sql.end();
  const pgbench = findPgbench();
  if (pgbench !== undefined) {
    await server.createDatabase('tpcb');
    initialise(pgbench, server, 'tpcb', 1);
  }
  server.subctl(['db', 'stop']);
  const wanted = process.env['SUBCTL_BENCH_CASES']?.split(',');
  const counted = new Map<string, number>();
  for (const one of cases) {
    if (wanted && !wanted.includes(one.name)) continue;
    if (one.database === 'tpcb' && pgbench === undefined) continue;
    counted.set(one.name, countCase(server.home, one));
    const base = one.base === undefined ? undefined : counted.get(one.base);
    const measured = counted.get(one.name)! / (one.events ?? 1);
    add({
      section: 'Instructions',
      what: one.what,
      measured: `${digits(measured / 1000)} k`,
      baseline: base === undefined ? '' : `${one.base}: ${digits(base / 1000)} k`,
      ...(base === undefined ? {} : { ratio: measured / base }),
      ...(one.target === undefined
        ? {}
        : {
            target:
              typeof one.target === 'number'
                ? { says: `≤ ${digits(one.target / 1000)} k`, met: measured <= one.target }
                : { at: 'most' as const, ratio: one.target.ratio },
          }),
    });
  }
  server.subctl(['db', 'start']);
}

/** Instructions of one execution of a case. */
function countCase(home: string, one: Case): number {
  const place = embeddedPaths(home);
  const programs = findPrograms(place);
  const account = accountOf(place);
  const folder = fs.mkdtempSync(path.join(os.tmpdir(), 'subctl-instructions-'));
  try {
    fs.chmodSync(folder, 0o777);
    const data = path.join(folder, 'data');
    fs.cpSync(place.data, data, { recursive: true });
    const owner = account === undefined ? '' : `${account.uid}:${account.gid}`;
    if (owner !== '') spawnSync('chown', ['-R', owner, data]);
    fs.chmodSync(data, 0o700);
    const out = path.join(folder, 'callgrind');
    const script = [
      ...one.prepare,
      ...Array.from({ length: one.cold ? 0 : warm }, (_, n) => one.execute(n)),
      'select pg_backend_pid()',
      ...Array.from({ length: one.cold ? 1 : calls }, (_, n) => one.execute(warm + n)),
      'select pg_conf_load_time()',
    ].map((line) => line.replaceAll(/\s+/g, ' '));
    const { stdout, stderr } = spawnSync(
      'valgrind',
      [
        '--tool=callgrind',
        `--callgrind-out-file=${out}`,
        '--zero-before=pg_backend_pid',
        '--dump-before=pg_conf_load_time',
        `--log-file=${out}.log`,
        path.join(programs.copy, 'bin/postgres'),
        ...['--single', '-D', data, '-c', 'fsync=off', '-c', 'jit=off', one.database ?? 'postgres'],
      ],
      {
        ...asAccount(account),
        env: cleanEnvironment,
        cwd: '/',
        input: `${script.join('\n')}\n`,
        encoding: 'utf8',
        maxBuffer: 1e9,
      },
    );
    const failed = /ERROR:.*/.exec(`${stdout}${stderr}`);
    if (failed) throw new Error(`${one.name}: ${failed[0]}`);
    const keep = process.env['SUBCTL_BENCH_KEEP'];
    if (keep !== undefined) fs.copyFileSync(`${out}.1`, path.join(keep, `${one.name}.callgrind`));
    const totals = /^(?:summary|totals): (\d+)/m.exec(fs.readFileSync(`${out}.1`, 'utf8'));
    return Number(totals![1]) / (one.cold ? 1 : calls);
  } finally {
    fs.rmSync(folder, { recursive: true, force: true });
  }
}
