import { Failure } from '../domain/failure.ts';
import { nearest } from '../domain/nearest.ts';

/** Problems and warnings of a catalogue file, each with its path in the file: `plans.basic.limits.messages.day`. */
export class Findings {
  readonly warnings: string[] = [];
  readonly #problems: { path: string; problem: string; hint: string | undefined }[] = [];
  readonly #file: string;

  constructor(file: string) {
    this.#file = file;
  }

  /** Adds a problem that makes the file unacceptable. Reading continues, so that all problems are found. */
  refuse(path: string, problem: string, hint?: string): void {
    this.#problems.push({ path, problem, hint });
  }

  /** Adds a warning about something that is accepted but may not do what its author expects. */
  warn(path: string, sentence: string): void {
    this.warnings.push(path ? `${path}: ${sentence}` : sentence);
  }

  /** Runs one of the domain's readers and keeps its failure as a problem; returns undefined then. */
  attempt<T>(path: string, read: () => T): T | undefined {
    try {
      return read();
    } catch (error) {
      if (!(error instanceof Failure)) throw error;
      this.refuse(path, error.message, error.hint);
      return undefined;
    }
  }

  /** Warns about every key of `map` that is not one of `known`, with the nearest known key. */
  unknownKeys(path: string, map: Record<string, unknown>, known: readonly string[]): void {
    for (const key of Object.keys(map).filter((key) => !known.includes(key))) {
      const near = nearest(key, known);
      this.warn(
        join(path, key),
        `this key is unknown and has no effect${near ? `; did you mean ${near}?` : ''}`,
      );
    }
  }

  /** @throws Failure usage with the first problem as the message and all of them in its details */
  throwIfRefused(): void {
    const [first, ...others] = this.#problems;
    if (!first) return;
    const more =
      others.length === 0 ? '' : ` (and ${others.length} more: ${others.map(({ path }) => path).join(', ')})`;
    throw new Failure('usage', `${this.#file}: ${first.path || 'file'}: ${first.problem}${more}`, {
      hint: first.hint,
      details: { problems: this.#problems.map(({ path, problem }) => ({ path, problem })) },
    });
  }
}

/** The path of a key below a path. */
export function join(path: string, key: string | number): string {
  return path === '' ? String(key) : `${path}.${key}`;
}
