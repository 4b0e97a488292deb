import { writeFileSync } from 'node:fs';
import path from 'node:path';
import { gather, usageFile } from '../crash/crowd.ts';
import { dump as rawDump } from '../crash/dump.ts';
import { killServer, makeStand, type Stand } from '../crash/stand.ts';
import type { Connection } from '../../src/database/connect.ts';
import { fingerprinter } from '../fuzz/fingerprint.ts';

export { killServer };

/** A command of each way of writing, for those that write in the same way. `again` are the exit codes of the same line after it was done. */
export const commands: Record<string, { line: string; about: string; inParts?: true }> = {
  'customers add': {
    line: 'customers add eva',
    about: 'one transaction with one change, like almost every command',
  },
  'credits add': {
    line: 'credits add c2 25 --reason gift --as-of 2026-02-01',
    about: 'the same, with the ledger',
  },
  'usage record': {
    line: 'usage record c1 --kind message --key fault --as-of 2026-02-01',
    about: 'one call of a SQL function, like the library and the API',
  },
  'customers import': { line: 'customers import people.csv', about: 'a whole file in one transaction' },
  'usage import': {
    line: 'usage import uses.csv --as-of 2026-02-01',
    about: 'a file in batches',
    inParts: true,
  },
  'reset-credits': {
    line: 'reset-credits --as-of 2026-02-20',
    about: 'a task, in pages, under a lease',
    inParts: true,
  },
};

export const wordsOf = (command: string): string[] => commands[command]!.line.split(' ');

export interface World extends Stand {
  /** the folder with the files that lines name */
  cwd: string;
}

/** The server, a database with something to do for each command, and the files. */
export async function makeWorld(cwd: string): Promise<World> {
  writeFileSync(
    path.join(cwd, 'people.csv'),
    ['id', ...Array.from({ length: 40 }, (_, n) => `p${n}`)].join('\n'),
  );
  writeFileSync(path.join(cwd, 'uses.csv'), usageFile(500).replaceAll(/^c40[12],/gm, 'c1,'));
  return {
    ...(await makeStand(gather, { settings: { fsync: 'off', autovacuum: 'off' }, noSync: true })),
    cwd,
  };
}

const isNow = (ms: number): boolean => Math.abs(ms - Date.now()) < 2 * 86_400_000;

/** All that a database holds, without the instants at which the machine did it: those of these days, also in the names of rows. */
export async function dump(sql: Connection): Promise<Record<string, string[]>> {
  const steady = (line: string) =>
    line
      .replace(/"(\d{4}-\d\d-\d\dT[\d:.]+[^"]*)"/g, (text, at: string) =>
        isNow(Date.parse(at)) ? '"now"' : text,
      )
      .replace(/\b([0-9a-f]{8})-([0-9a-f]{4})\b/g, (text, high: string, low: string) =>
        isNow(parseInt(high + low, 16)) ? 'now' : text,
      );
  return Object.fromEntries(
    Object.entries(await rawDump(sql)).map(([table, rows]) => [table, rows.map(steady).sort()]),
  );
}

/** What a database of the stand holds now, against what it held and what a calm run makes of it. */
export type State = 'nothing' | 'all' | 'a part';

export interface Watched {
  url: string;
  state(): Promise<State>;
}

/** Looks at what became of a database: `calm` is its dump after the command ran undisturbed. */
export async function watch(sql: Connection, calm: unknown): Promise<() => Promise<State>> {
  const fingerprint = await fingerprinter(sql);
  const before = await fingerprint();
  return async () => {
    if ((await fingerprint()) === before) return 'nothing';
    return JSON.stringify(await dump(sql)) === JSON.stringify(calm) ? 'all' : 'a part';
  };
}

/** The lease that a killed run leaves is over: its time is made to come. */
export async function endLeases(sql: Connection): Promise<void> {
  await sql`update subctl.jobs set lease_until = clock_timestamp() - interval '1 second' where lease_until is not null`;
}
