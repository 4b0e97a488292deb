import { afterAll, expect } from 'vitest';
import { Failure } from '../../src/domain/failure.ts';

/** What a sentence for people never says: the words of a program that stumbled, or a value that was never meant to be text. */
const stumbled =
  /Cannot read prop|Cannot destructure|is not a function|is not iterable|is not defined|Invalid time value|Maximum call stack|Unexpected (token|end)|\[object |\bundefined\b|\bNaN\b|\.(ts|js|mjs):\d+|\n {1,8}at /;

/** A refusal of `given` is one sentence, of a length that is read, with a kind that is no bug. What was given may be repeated in it. */
export function expectSentence(
  { kind, message, hint }: Pick<Failure, 'kind' | 'message' | 'hint'>,
  given = '',
): void {
  expect(kind, message).not.toBe('bug');
  for (const text of [message, hint ?? 'x']) {
    expect(text.trim(), 'it says something').not.toBe('');
    expect(text.length, text).toBeLessThan(2_500);
    if (stumbled.test(text) && !stumbled.test(given)) expect(text).not.toMatch(stumbled);
  }
}

/** What a parser gives for `given`, or its refusal; anything else that it throws is a defect. */
export function read<T>(given: string, work: (given: string) => T): { value: T } | { refused: Failure } {
  try {
    return { value: work(given) };
  } catch (error) {
    return { refused: refusalIn(error, given) };
  }
}

/** The same of one that waits. */
export async function readLater<T>(
  given: string,
  work: (given: string) => Promise<T>,
): Promise<{ value: T } | { refused: Failure }> {
  try {
    return { value: await work(given) };
  } catch (error) {
    return { refused: refusalIn(error, given) };
  }
}

function refusalIn(error: unknown, given: string): Failure {
  if (!(error instanceof Failure)) throw error;
  expectSentence(error, given);
  return error;
}

/** After the file's last test: no library has written a warning of its own to stderr meanwhile, as Node does for those that ask it to. */
export function expectNoWarnings(): void {
  const warnings: Error[] = [];
  const note = (warning: Error) => void warnings.push(warning);
  process.on('warning', note);
  afterAll(async () => {
    await new Promise((resolve) => setImmediate(resolve));
    process.off('warning', note);
    expect(warnings).toEqual([]);
  });
}
