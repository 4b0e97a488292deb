import { PassThrough, Writable } from 'node:stream';
import type { Program } from '../../src/commands/program-types.ts';
import { run } from '../../src/run.ts';
import { type Streams, type Terminal, openTerminal } from '../../src/terminal/terminal.ts';

export interface Screen {
  streams: Streams;
  out(): string;
  err(): string;
}

/** Streams that keep what is written; with `tty` they say that they are a terminal of `columns` signs that knows colours. */
export function screen({ tty = false, columns = 80 } = {}): Screen {
  const [out, err] = [keeper(tty, columns), keeper(tty, columns)];
  const stdin = Object.assign(new PassThrough(), { isTTY: tty });
  return {
    streams: { stdin, stdout: out.stream, stderr: err.stream },
    out: () => out.text(),
    err: () => err.text(),
  };
}

export function terminalOf({ streams }: Screen, env: Record<string, string> = {}): Terminal {
  return openTerminal(streams, env);
}

/** Plays one command line of a program made for the test. */
export async function play(argv: string, program: Program, { tty = false, env = {}, signal }: Playing = {}) {
  const shown = screen({ tty });
  const words = argv.match(/'[^']*'|\S+/g)?.map((word) => word.replace(/^'|'$/g, '')) ?? [];
  const code = await run(words, { ...shown.streams, env, cwd: '/', program, ...(signal && { signal }) });
  return { code, out: shown.out(), err: shown.err() };
}

interface Playing {
  tty?: boolean;
  env?: Record<string, string>;
  signal?: AbortSignal;
}

function keeper(tty: boolean, columns: number) {
  const chunks: string[] = [];
  const stream = new Writable({
    write(chunk: Buffer, _encoding, done) {
      chunks.push(chunk.toString());
      done();
    },
  });
  return {
    stream: Object.assign(stream, tty ? { isTTY: true, columns, getColorDepth: () => 8 } : {}),
    text: () => chunks.join(''),
  };
}
