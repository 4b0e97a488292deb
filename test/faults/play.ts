import { parseDatabaseUrl } from '../../src/database/address.ts';
import { type Connection, connectTo } from '../../src/database/connect.ts';
import { type CliResult, subctl } from '../support/cli.ts';
import { type State, type World, commands, dump, endLeases, watch, wordsOf } from './world.ts';

/** How one play of a command under a fault ended. */
export interface Ended {
  /** null: a signal ended the process */
  exit: number | null;
  /** the first sentence of what was said, without what differs from run to run */
  said: string;
  state: State;
  /** what the same line does afterwards, without the fault: the exit code, and whether the database is then as after a calm run */
  again: { exit: number; state: State };
}

/** What happens to a command: given the database, it runs the line and gives what it said. */
export type Fault = (on: {
  url: string;
  sql: Connection;
  words: string[];
  env: (url: string) => Record<string, string>;
}) => Promise<Pick<CliResult, 'stderr'> & { code: number | null }>;

export const environment = (url: string): Record<string, string> => ({
  DATABASE_URL: url,
  SUBCTL_HOME: '/nonexistent/subctl',
});

/** What a calm run of each command leaves, made once. */
export async function calmRuns(world: World): Promise<Map<string, unknown>> {
  const found = new Map<string, unknown>();
  const failed: string[] = [];
  for (const command of Object.keys(commands)) {
    const url = await world.copy();
    const { code, stderr } = await subctl(wordsOf(command), { env: environment(url), cwd: world.cwd });
    if (code !== 0) failed.push(`${command}: ${stderr}`);
    found.set(command, await world.on(url, dump));
    await world.drop(url);
  }
  if (failed.length > 0) throw new Error(failed.join('\n'));
  return found;
}

/** A place in which a command is played under one fault after the other. */
export interface Seat {
  play(fault: Fault): Promise<Ended>;
  /** what the same line does at last, after all the faults that left nothing */
  finish(): Promise<Ended['again']>;
}

/** A place on a copy of its own, which is used again as long as nothing is written in it. */
export async function seatOf(
  world: World,
  { command, calm }: { command: string; calm: unknown },
): Promise<Seat> {
  const words = wordsOf(command);
  const sit = async () => {
    const url = await world.copy();
    const sql = connectTo(parseDatabaseUrl(url), 2);
    return { url, sql, state: await watch(sql, calm) };
  };
  let seat = await sit();
  const repeat = async (): Promise<Ended['again']> => {
    await endLeases(seat.sql);
    const { code } = await subctl(words, { env: environment(seat.url), cwd: world.cwd });
    const state = await seat.state();
    await seat.sql.end({ timeout: 5 });
    await world.drop(seat.url);
    return { exit: code, state };
  };
  return {
    async play(fault) {
      const { code, stderr } = await fault({ ...seat, words, env: environment });
      const state = await seat.state();
      const ended = { exit: code, said: saidIn(stderr), state, again: { exit: 0, state: 'all' as State } };
      if (state !== 'nothing') {
        ended.again = await repeat();
        seat = await sit();
      } else await endLeases(seat.sql);
      return ended;
    },
    finish: repeat,
  };
}

/** The sentence of an error, without addresses, numbers of processes and what a system's own words say of a broken connection. */
export function saidIn(stderr: string): string {
  const sentence = /^error: (.*)$/m.exec(stderr)?.[1] ?? '';
  return sentence
    .replace(/^(The database cannot be reached): .*/, '$1: …')
    .replace(/127\.0\.0\.1:\d+/g, 'HOST:PORT')
    .replace(/(the clock), [\d-]+T[\d:.]+Z/, '$1, …')
    .replace(/relation "\w+"/g, 'relation "…"');
}
