import { spawnSync } from 'node:child_process';
import { writeFileSync } from 'node:fs';
import path from 'node:path';
import { digits, median } from './results.ts';
import type { Bench } from './run.ts';

const most = { customers: 100_000, uses: 5_000 };

/** customers import and usage import next to psql's \copy of the same file into a table with the same key. */
export async function imports({ server, options, add, note }: Bench): Promise<void> {
  if (spawnSync('psql', ['--version']).status !== 0) {
    note('Imports were not measured: there is no psql on this machine to copy with.');
    return;
  }
  await server.createDatabase('imports');
  server.subctl(['setup', '--yes', '--catalogue', 'mobix', '--default-plan', 'free'], 'imports');
  const folder = path.dirname(server.home);
  const file = (name: string, head: string, rows: number, line: (i: number) => string) => {
    const full = path.join(folder, name);
    writeFileSync(full, `${[head, ...Array.from({ length: rows }, (_, i) => line(i))].join('\n')}\n`);
    return full;
  };
  const now = Date.now();
  const customers = (turn: number) =>
    file(
      `customers-${turn}.csv`,
      'id,name,email,timezone',
      most.customers,
      (i) => `i${turn}-${i},Person ${i},p${turn}-${i}@example.org,Europe/Berlin`,
    );
  const uses = (turn: number) =>
    file(
      `usage-${turn}.csv`,
      'customer,kind,at,input_tokens,output_tokens,key',
      most.uses,
      (i) => `i${turn}-${i},llm,${new Date(now - 60_000 + (i % 50_000)).toISOString()},1,1,k${i}`,
    );
  const kinds = [
    {
      what: 'customers import',
      rows: most.customers,
      make: customers,
      table: 'copied_customers (id text primary key, name text, email text, timezone text)',
      args: ['customers', 'import'],
    },
    {
      what: 'usage import',
      rows: most.uses,
      make: uses,
      table:
        'copied_usage (customer text, kind text, at timestamptz, input_tokens numeric, output_tokens numeric, key text, primary key (customer, key))',
      args: ['usage', 'import'],
    },
  ];
  const sql = server.connect('imports', 1);
  for (const { what, rows, make, table, args } of kinds) {
    const ours: number[] = [];
    const copied: number[] = [];
    for (let turn = 0; turn < options.repeat; turn++) {
      const full = make(turn);
      await sql.unsafe(`create table if not exists public.${table}`);
      const name = `public.${table.split(' ')[0]}`;
      await sql`checkpoint`;
      let from = performance.now();
      const copy = spawnSync('psql', ['-q', '-c', `\\copy ${name} from '${full}' csv header`, 'imports'], {
        env: server.libpq,
        encoding: 'utf8',
      });
      if (copy.status !== 0) throw new Error(copy.stderr);
      copied.push(performance.now() - from);
      await sql`checkpoint`;
      from = performance.now();
      server.subctl([...args, full, '--json', '--yes'], 'imports');
      ours.push(performance.now() - from);
    }
    const rate = (ms: readonly number[]) => `${digits((rows * 1000) / median(ms))} rows/s`;
    add({
      section: 'Import',
      what: `\`${what}\` of ${digits(rows)} rows`,
      measured: rate(ours),
      baseline: `\\copy: ${rate(copied)}`,
      ratio: median(ours.map((ms, turn) => copied[turn]! / ms)),
      target: { at: 'least', ratio: 0.5 },
    });
  }
  await sql.end();
}
