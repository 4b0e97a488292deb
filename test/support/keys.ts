import { expect, vi } from 'vitest';
import { run } from '../../src/run.ts';
import { type Screen, screen } from './screen.ts';

export const key = { enter: '\r', down: '\u001b[B', interrupt: '\u0003', end: '\u0004' };

/** What must have been drawn, and what is typed then, or done in place of typing. */
export type Step = [seen: string, keys: string | (() => void)];

/** Types keys, each when the text before it has been drawn since the last key and nothing more follows: a list may still be looked up. */
export async function typeKeys(shown: Screen, ...steps: Step[]): Promise<void> {
  const stdin = shown.streams.stdin as unknown as NodeJS.WritableStream;
  let from = 0;
  let drawn = 0;
  for (const [seen, keys] of steps) {
    await vi.waitFor(
      () => {
        const before = drawn;
        drawn = shown.err().length;
        expect(plain(shown.err().slice(from))).toContain(seen);
        expect(drawn).toBe(before);
      },
      { interval: 40, timeout: 120_000 },
    );
    from = drawn;
    if (typeof keys === 'string') stdin.write(keys);
    else keys();
  }
}

/** Runs one command line at a terminal of 80 signs where somebody types; what is drawn comes without colours and movements. */
export async function playKeys(
  words: readonly string[],
  { env, signal }: { env: Record<string, string>; signal?: AbortSignal },
  ...steps: Step[]
) {
  const shown = screen({ tty: true });
  const around = { env: { SUBCTL_HOME: '/nonexistent/subctl', ...env }, cwd: '/', ...(signal && { signal }) };
  const running = run(words, { ...shown.streams, ...around });
  const [code] = await Promise.all([running, typeKeys(shown, ...steps)]);
  return { code, stdout: shown.out(), stderr: plain(shown.err()) };
}

// eslint-disable-next-line no-control-regex
const plain = (text: string) => text.replace(/\u001b\[[0-9;?]*[A-Za-z]/g, '');
