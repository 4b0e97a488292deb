import { existsSync, readFileSync } from 'node:fs';
import path from 'node:path';
import { type BareUse, writeBareUses } from './bare-uses.ts';
import { digits, median } from './results.ts';
import type { Bench } from './run.ts';

const uses = 5_000;
const wanted = 3_000;

interface Turn {
  ms: number;
  /** microseconds of the server's CPU, where they can be read */
  cpu: number | undefined;
}

/**
 * usage import under a catalogue whose uses count in seventeen windows, six of them rolling, next to the plain SQL that leaves the same
 * rows: of customers who use something for the first time, and again of the same. Whole program next to whole connection, in turns.
 */
export async function usageImport(
  { server, options, add }: Bench,
  database: string,
  file: (name: string, head: string, rows: number, line: (i: number) => string) => string,
): Promise<void> {
  const turns: Record<'first' | 'again' | 'bare', Turn[]> = { first: [], again: [], bare: [] };
  const measure = async (work: () => unknown): Promise<Turn> => {
    const before = cpuOfServer(server.home);
    const from = performance.now();
    await work();
    const ms = performance.now() - from;
    await new Promise((resolve) => setTimeout(resolve, 300)); // the backend ends after the connection
    const after = cpuOfServer(server.home);
    return { ms, cpu: before === undefined || after === undefined ? undefined : after - before };
  };
  for (let turn = 0; turn < options.repeat; turn++) {
    const now = Date.now();
    const made = (from: number, key: string): BareUse[] =>
      Array.from({ length: uses }, (_, i) => ({
        customer: `i${turn}-${from + i}`,
        at: new Date(now - 60_000 + i).toISOString(),
        key: `${key}${i}`,
      }));
    for (const what of ['first', 'again'] as const) {
      const all = made(0, what);
      const full = file(
        `usage-${what}-${turn}.csv`,
        'customer,kind,provider,model,at,input_tokens,output_tokens,key',
        uses,
        (i) => `${all[i]!.customer},llm,openai,gpt-4o-mini,${all[i]!.at},1,1,${all[i]!.key}`,
      );
      await checkpoint();
      turns[what].push(
        await measure(() => server.subctl(['usage', 'import', full, '--json', '--yes'], database)),
      );
      if (what === 'again') continue;
      await checkpoint();
      turns.bare.push(
        await measure(async () => {
          const sql = server.connect(database, 1);
          await writeBareUses(sql, made(50_000, 'bare'), `i${turn}-7`);
          await sql.end();
        }),
      );
    }
  }
  const rate = (of: readonly Turn[]) => (uses * 1000) / median(of.map(({ ms }) => ms));
  const cpu = (of: readonly Turn[]) => median(of.map((turn) => turn.cpu ?? 0)) / uses;
  for (const [what, of] of [
    ['first uses of their customers', turns.first],
    ['further uses of the same customers', turns.again],
  ] as const) {
    add({
      section: 'Import',
      what: `\`usage import\` of ${digits(uses)} rows, ${what}, seventeen windows each`,
      measured: `${digits(rate(of))} rows/s`,
      baseline: `bare SQL of the first uses: ${digits(rate(turns.bare))} rows/s`,
      ratio: median(of.map(({ ms }, turn) => turns.bare[turn]!.ms / ms)),
      target: { at: 'least', ratio: 0.5 },
    });
    if (cpu(of) > 0)
      add({
        section: 'Import',
        what: `the same, CPU of the server`,
        measured: `${digits(cpu(of))} µs a row`,
        baseline: `bare SQL: ${digits(cpu(turns.bare))} µs a row`,
        ratio: cpu(turns.bare) / cpu(of),
        target: { says: `≥ ${digits(wanted)} rows/s`, met: rate(of) >= wanted },
      });
  }

  async function checkpoint(): Promise<void> {
    const sql = server.connect(database, 1);
    await sql`checkpoint`;
    await sql.end();
  }
}

/** Microseconds of CPU of the backends that have ended, of the embedded server on Linux. */
function cpuOfServer(home: string): number | undefined {
  const file = path.join(home, 'data', 'postmaster.pid');
  if (!existsSync(file)) return undefined;
  const stat = `/proc/${readFileSync(file, 'utf8').split('\n')[0]}/stat`;
  if (!existsSync(stat)) return undefined;
  const fields = readFileSync(stat, 'utf8').split(') ')[1]!.split(' ');
  return (Number(fields[13]) + Number(fields[14])) * 10_000;
}
