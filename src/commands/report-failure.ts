import { Failure, exitCodeOf } from '../domain/failure.ts';
import { sentenceInDigits } from '../domain/currency-digits.ts';
import { withoutSecrets } from '../domain/secret-shapes.ts';
import { oneLine } from '../domain/plain-text.ts';
import type { Terminal } from '../terminal/terminal.ts';

/**
 * Prints an error on stderr, as a message and a hint or with --json as one object, and returns the exit code.
 * --verbose adds the stack trace of a bug.
 */
export async function report(error: unknown, argv: readonly string[], terminal: Terminal): Promise<number> {
  const failure = await failureOf(error);
  const verbose = argv.includes('--verbose') || argv.includes('-v');
  const { kind, details } = failure;
  // the message may quote input and end up in a log
  const message = withoutSecrets(sentenceInDigits(oneLine(failure.message)));
  const hint = failure.hint === undefined ? undefined : withoutSecrets(failure.hint);
  if (wantsJson(argv)) {
    const facts = { code: kind, message, hint: hint ?? null, ...(details ? { details } : {}) };
    terminal.err(`${JSON.stringify({ error: facts })}\n`);
  } else {
    const red = terminal.errColours > 0 ? ['\u001b[31m', '\u001b[39m'] : ['', ''];
    terminal.err(`${red[0]}error:${red[1]} ${message}\n`);
    if (hint) terminal.err(`hint: ${oneLine(hint)}\n`);
    if (kind === 'bug' && verbose) terminal.err(`${withoutSecrets(stackOf(error))}\n`);
  }
  return exitCodeOf(kind);
}

async function failureOf(error: unknown): Promise<Failure> {
  if (error instanceof Failure) return error;
  const { refusalOf } = await import('../database/refusals.ts');
  const refusal = refusalOf(error);
  if (refusal) return refusal;
  const message = error instanceof Error ? error.message || error.name : String(error);
  return new Failure('bug', message, {
    cause: error,
    hint: 'This is a bug in subctl; --verbose shows the stack trace',
  });
}

function wantsJson(argv: readonly string[]): boolean {
  return argv.some(
    (word, at) =>
      word === '--json' || word === '--format=json' || (word === 'json' && argv[at - 1] === '--format'),
  );
}

function stackOf(error: unknown): string {
  const stack = error instanceof Error ? (error.stack ?? error.message) : String(error);
  return error instanceof Error && error.cause ? `${stack}\ncaused by: ${stackOf(error.cause)}` : stack;
}
