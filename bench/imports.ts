import { spawnSync } from 'node:child_process';
import { writeFileSync } from 'node:fs';
import path from 'node:path';
import { digits, median } from './results.ts';
import type { Bench } from './run.ts';
import { usageImport } from './usage-import.ts';

const most = 100_000;

/** customers import next to psql's \copy of the same file into a table with the same key, and usage import (usageImport). */
export async function imports(bench: Bench): Promise<void> {
  const { server, options, add, note } = bench;
  if (spawnSync('psql', ['--version']).status !== 0) {
    note('Imports were not measured: there is no psql on this machine to copy with.');
    return;
  }
  await server.createDatabase('imports');
  server.subctl(['setup', '--yes', '--catalogue', 'mobix', '--default-plan', 'free'], 'imports');
  server.subctl(['pricing', 'import', '--source', 'code', '--yes'], 'imports');
  const folder = path.dirname(server.home);
  const file = (name: string, head: string, rows: number, line: (i: number) => string) => {
    const full = path.join(folder, name);
    writeFileSync(full, `${[head, ...Array.from({ length: rows }, (_, i) => line(i))].join('\n')}\n`);
    return full;
  };
  const customers = (turn: number) =>
    file(
      `customers-${turn}.csv`,
      'id,name,email,timezone',
      most,
      (i) => `i${turn}-${i},Person ${i},p${turn}-${i}@example.org,Europe/Berlin`,
    );
  const sql = server.connect('imports', 1);
  await sql`create table public.copied_customers (id text primary key, name text, email text, timezone text)`;
  const ours: number[] = [];
  const copied: number[] = [];
  for (let turn = 0; turn < options.repeat; turn++) {
    const full = customers(turn);
    await sql`checkpoint`;
    let from = performance.now();
    const copy = spawnSync(
      'psql',
      ['-q', '-c', `\\copy public.copied_customers from '${full}' csv header`, 'imports'],
      {
        env: server.libpq,
        encoding: 'utf8',
      },
    );
    if (copy.status !== 0) throw new Error(copy.stderr);
    copied.push(performance.now() - from);
    await sql`checkpoint`;
    from = performance.now();
    server.subctl(['customers', 'import', full, '--json', '--yes'], 'imports');
    ours.push(performance.now() - from);
  }
  const rate = (ms: readonly number[]) => `${digits((most * 1000) / median(ms))} rows/s`;
  add({
    section: 'Import',
    what: `\`customers import\` of ${digits(most)} rows`,
    measured: rate(ours),
    baseline: `\\copy: ${rate(copied)}`,
    ratio: median(ours.map((ms, turn) => copied[turn]! / ms)),
    target: { at: 'least', ratio: 0.5 },
  });
  await sql.end();
  await usageImport(bench, 'imports', file);
}
