import { oneLine } from '../domain/plain-text.ts';
import type { Terminal } from './terminal.ts';

/** A line on stderr that says how far a long piece of work is. */
export interface Progress {
  /** `done` of the total so far; `label` replaces the words */
  update(done: number, label?: string): void;
  /** Takes the line away. */
  stop(): void;
}

const nothing: Progress = { update: () => undefined, stop: () => undefined };

/**
 * Shows `label` and a count on stderr once the work has lasted a second, ten times a second, and takes it away at the end.
 * Off a terminal or when `quiet` it shows nothing at all.
 */
export function startProgress(
  terminal: Terminal,
  label: string,
  { total = 0, quiet = false } = {},
): Progress {
  if (quiet || !terminal.errIsTerminal) return nothing;
  let [words, count, drawn] = [label, 0, false];
  const draw = () => {
    const of = total > 0 ? ` of ${total} (${Math.floor((count * 100) / total)} %)` : '';
    const line = oneLine(`${words}: ${count}${of}`).slice(0, terminal.columns - 1);
    terminal.err(`\r\u001b[K${line}`);
    drawn = true;
  };
  let timer: NodeJS.Timeout = setTimeout(() => {
    draw();
    timer = setInterval(draw, 100);
    timer.unref();
  }, 1_000);
  timer.unref();
  return {
    update(done, newLabel) {
      count = done;
      words = newLabel ?? words;
    },
    stop() {
      clearTimeout(timer);
      if (drawn) terminal.err('\r\u001b[K');
      drawn = false;
    },
  };
}
