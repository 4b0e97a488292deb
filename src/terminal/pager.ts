import { type ChildProcessByStdio, spawn } from 'node:child_process';
import { once } from 'node:events';
import { accessSync, constants } from 'node:fs';
import path from 'node:path';
import type { Writable } from 'node:stream';
import type { Sink } from './sink.ts';
import type { Environment, Terminal } from './terminal.ts';

/**
 * The command that shows long tables: SUBCTL_PAGER, else PAGER, else less. Undefined where that is empty or `cat`, and where there is no such
 * program.
 */
export function pagerOf(env: Environment): string | undefined {
  const command = (env.SUBCTL_PAGER ?? env.PAGER ?? 'less').trim();
  const [program = ''] = command.split(/\s+/);
  return program === '' || program === 'cat' || !isProgram(program, env.PATH ?? '') ? undefined : command;
}

function isProgram(name: string, folders: string): boolean {
  const places = name.includes('/') ? [''] : folders.split(path.delimiter).filter(Boolean);
  return places.some((folder) => {
    try {
      accessSync(path.join(folder, name), constants.X_OK);
      return true;
    } catch {
      return false;
    }
  });
}

/**
 * A sink that gives what is longer than the screen to the pager, and what is not to stdout. The pager is a line for the shell, as git and
 * psql take it; less gets the options F, R and X unless LESS says otherwise.
 */
export function pagedSink(terminal: Terminal, pager: string, env: Environment): Sink {
  const rows = (terminal.streams.stdout as { rows?: number }).rows ?? Infinity;
  let waiting = '';
  let lines = 0;
  let shown: Pager | undefined;
  return {
    async write(text) {
      if (shown) return shown.write(text);
      waiting += text;
      lines += text.split('\n').length - 1;
      if (lines < rows) return;
      shown = openPager(pager, env);
      await shown.write(waiting);
    },
    get closed() {
      return shown ? shown.left : terminal.readerGone;
    },
    async commit() {
      await (shown ? shown.end() : terminal.out(waiting));
    },
    abandon: async () => shown?.end(),
  };
}

interface Pager {
  write(text: string): Promise<void>;
  /** its reader has seen enough */
  readonly left: boolean;
  /** waits until its reader has left it */
  end(): Promise<void>;
}

function openPager(command: string, env: Environment): Pager {
  const child: ChildProcessByStdio<Writable, null, null> = spawn(command, {
    shell: true,
    stdio: ['pipe', 'inherit', 'inherit'],
    env: { ...env, LESS: env.LESS ?? 'FRX', LV: env.LV ?? '-c' } as NodeJS.ProcessEnv,
  });
  let left = false;
  const closed = once(child, 'close').catch(() => undefined);
  void closed.then(() => (left = true));
  child.stdin.on('error', () => (left = true));
  return {
    async write(text) {
      if (left || child.stdin.write(text)) return;
      await Promise.race([once(child.stdin, 'drain').catch(() => undefined), closed]);
    },
    get left() {
      return left;
    },
    async end() {
      child.stdin.end();
      await closed;
    },
  };
}
