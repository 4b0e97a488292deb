import { shortened } from './plain-text.ts';

/**
 * What can go wrong, once: every expected refusal is a Failure of one of these kinds, and everything else is a bug.
 * The kind decides the exit code of the program, the HTTP status of the server and whether trying again can help.
 */
const kinds = {
  bug: { exit: 1, status: 500, retry: false, means: 'unexpected failure, a bug' },
  usage: { exit: 2, status: 400, retry: false, means: 'wrong usage or invalid input' },
  not_found: { exit: 3, status: 404, retry: false, means: 'not found' },
  refused: { exit: 4, status: 403, retry: false, means: 'refused: a limit, a rule or a role says no' },
  config: {
    exit: 5,
    status: 500,
    retry: false,
    means: 'configuration: missing, invalid, schema not set up or out of date',
  },
  unavailable: {
    exit: 6,
    status: 503,
    retry: true,
    means: 'unavailable now (database, Stripe, mail server): try again',
  },
  incomplete: { exit: 7, status: 500, retry: false, means: 'incomplete: some rows parked, the rest done' },
  conflict: {
    exit: 8,
    status: 409,
    retry: false,
    means: 'conflict: exists already, changed meanwhile, key reused with other content',
  },
  interrupted: { exit: 130, status: 503, retry: true, means: 'interrupted' },
  terminated: { exit: 143, status: 503, retry: true, means: 'terminated' },
} as const;

export type FailureKind = keyof typeof kinds;

/** All kinds in the order of their exit codes. */
export const failureKinds = Object.keys(kinds) as FailureKind[];

export interface FailureOptions {
  /** the next command or the accepted forms: one sentence or one command line */
  hint?: string | undefined;
  cause?: unknown;
  /** facts for `--json` and HTTP, snake_case */
  details?: Record<string, unknown> | undefined;
}

/** An expected refusal: the message names the thing, its state and the value given, cut where it is long; the hint says what to do next. */
export class Failure extends Error {
  readonly kind: FailureKind;
  readonly hint: string | undefined;
  readonly details: Record<string, unknown> | undefined;

  constructor(kind: FailureKind, message: string, { hint, cause, details }: FailureOptions = {}) {
    super(shortened(message), cause === undefined ? undefined : { cause });
    this.name = 'Failure';
    this.kind = kind;
    this.hint = hint;
    this.details = details;
  }
}

/** The exit code of a kind: the only table of exit codes (`subctl help exit-codes` prints it). */
export function exitCodeOf(kind: FailureKind): number {
  return kinds[kind].exit;
}

/** The HTTP status that the server answers for a kind. */
export function httpStatusOf(kind: FailureKind): number {
  return kinds[kind].status;
}

/** Whether the same request may succeed later without anyone changing anything. */
export function isRetryable(kind: FailureKind): boolean {
  return kinds[kind].retry;
}

/** What a kind means, in the words of the help pages. */
export function meaningOf(kind: FailureKind): string {
  return kinds[kind].means;
}
