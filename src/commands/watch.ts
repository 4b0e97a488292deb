import { setTimeout as sleep } from 'node:timers/promises';
import type { Environment, Terminal } from '../terminal/terminal.ts';

interface Surroundings {
  env: Environment;
  terminal: Terminal;
  signal?: AbortSignal;
}

/**
 * Runs a command repeatedly, `seconds` apart, until the signal and prints each complete result; a terminal is cleared first. Returns the
 * exit code of the last run. An error ends the loop.
 */
export async function watchOutput<A extends Surroundings>(
  around: A,
  seconds: number,
  run: (around: A) => Promise<number>,
): Promise<number> {
  const { terminal, signal } = around;
  const env: Environment = { ...around.env, SUBCTL_PAGER: '' };
  for (;;) {
    let shown = '';
    const code = await run({ ...around, env, terminal: keeping(terminal, (text) => (shown += text)) });
    await terminal.out(terminal.outIsTerminal ? `\x1b[H\x1b[2J\x1b[3J${shown}` : shown);
    if (terminal.readerGone) return code;
    try {
      await sleep(seconds * 1_000, undefined, signal ? { signal } : {});
    } catch {
      return code; // interrupted between two runs: the normal end
    }
  }
}

/** The terminal with its output collected. */
function keeping(terminal: Terminal, keep: (text: string) => void): Terminal {
  const out = async (text: string) => void keep(text);
  return Object.assign(Object.create(terminal) as Terminal, { out });
}
