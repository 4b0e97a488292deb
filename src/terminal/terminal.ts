import { Failure } from '../domain/failure.ts';

export interface Streams {
  stdin: NodeJS.ReadableStream & { isTTY?: boolean };
  stdout: NodeJS.WritableStream & Screen;
  stderr: NodeJS.WritableStream & Screen;
}

interface Screen {
  isTTY?: boolean;
  columns?: number;
  getColorDepth?: (env?: object) => number;
}

export type Environment = Record<string, string | undefined>;

/** What the program knows about the three streams it was started with, and the only way it writes to them. */
export interface Terminal {
  /** Writes a piece of the result and waits until the reader has room. After the reader has gone it does nothing. */
  out(text: string): Promise<void>;
  /** Writes to stderr what is not the result. */
  err(text: string): void;
  /** the reader of stdout has gone (`| head -1`) */
  readonly readerGone: boolean;
  readonly outIsTerminal: boolean;
  readonly errIsTerminal: boolean;
  /** a person can be asked: stdin and stderr are terminals and no CI is at work */
  readonly interactive: boolean;
  /** the width for tables: the terminal's, or 80 in a pipe unless COLUMNS says otherwise */
  readonly columns: number;
  readonly outColours: ColourLevel;
  readonly errColours: ColourLevel;
  readonly streams: Streams;
  detach(): void;
}

export type ColourLevel = 0 | 1 | 2 | 3;

/**
 * Takes hold of the streams; `detach` gives them back. Stdin and stderr are touched only when they are needed, since making them
 * takes the process a good part of its start.
 */
export function openTerminal(streams: Streams, env: Environment, { colour = true } = {}): Terminal {
  const { stdout } = streams;
  let gone = false;
  let broken: Error | undefined;
  let stderr: Streams['stderr'] | undefined;
  const wakers = new Set<() => void>();
  const wake = () => wakers.forEach((resolve) => resolve());
  const onOutError = (error: NodeJS.ErrnoException) => {
    if (error.code === 'EPIPE' || error.code === 'ERR_STREAM_DESTROYED') gone = true;
    else broken = error;
    wake();
  };
  const ignore = () => undefined;
  const errStream = () => (stderr ??= streams.stderr.on('error', ignore) as Streams['stderr']);
  stdout.on('error', onOutError).on('drain', wake);
  return {
    streams,
    async out(text) {
      if (gone || text === '') return;
      if (!stdout.write(text)) await new Promise<void>((resolve) => wakers.add(resolve));
      wakers.clear();
      if (broken)
        throw new Failure('unavailable', `The output cannot be written: ${broken.message}`, {
          cause: broken,
        });
    },
    err: (text) => void errStream().write(text),
    get readerGone() {
      return gone;
    },
    outIsTerminal: stdout.isTTY === true,
    get errIsTerminal() {
      return errStream().isTTY === true;
    },
    get interactive() {
      return streams.stdin.isTTY === true && errStream().isTTY === true && !env.CI;
    },
    columns: widthOf(stdout, env),
    outColours: colourLevel(stdout, env, colour),
    get errColours() {
      return colourLevel(errStream(), env, colour);
    },
    detach() {
      stdout.off('error', onOutError).off('drain', wake);
      stderr?.off('error', ignore);
    },
  };
}

function widthOf(stdout: Screen, env: Environment): number {
  const asked = Number(env.COLUMNS);
  if (stdout.isTTY && stdout.columns) return Math.max(stdout.columns, 40);
  return Number.isInteger(asked) && asked >= 40 ? asked : 80;
}

const forcedLevels: Readonly<Record<string, ColourLevel>> = { '0': 0, '1': 1, '2': 2, '3': 3, false: 0 };

/** Bits of color that a terminal has at least, the most first, and its level. */
const levelOfDepth: readonly (readonly [bits: number, level: ColourLevel])[] = [
  [24, 3],
  [8, 2],
  [4, 1],
];

/** `--no-color`, then NO_COLOR, then FORCE_COLOR, then what the terminal can do. NO_COLOR and FORCE_COLOR count when not empty. */
export function colourLevel(stream: Screen, env: Environment, asked: boolean): ColourLevel {
  if (!asked || env.NO_COLOR) return 0;
  if (env.FORCE_COLOR) return forcedLevels[env.FORCE_COLOR] ?? 1;
  if (!stream.isTTY || env.TERM === 'dumb') return 0;
  const depth = stream.getColorDepth?.(env) ?? 1;
  return levelOfDepth.find(([bits]) => depth >= bits)?.[1] ?? 0;
}
