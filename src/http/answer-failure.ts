import { refusalOf } from '../database/refusals.ts';
import { Failure, httpStatusOf, isRetryable } from '../domain/failure.ts';
import { HttpFailure } from './http-failure.ts';

export interface ErrorAnswer {
  status: number;
  headers: Record<string, string>;
  body: { error: { code: string; message: string; hint: string | null } };
  /** somebody should look at it, for the caller is not told all */
  isOurs: boolean;
}

/**
 * What a caller is told of an error: the one place where errors become statuses. What is a bug, and what the database or Stripe said of
 * itself (hosts, roles, paths), stays in the log. A status that may pass comes with Retry-After.
 */
export function answerFailure(error: unknown): ErrorAnswer {
  const failure = refusalOf(error) ?? new Failure('bug', 'unexpected');
  const { kind } = failure;
  const isOurs = kind === 'bug' || kind === 'config' || kind === 'unavailable';
  const told = isOurs && (kind === 'bug' || failure.cause !== undefined) ? hushed(failure) : failure;
  const http = failure instanceof HttpFailure ? failure : undefined;
  return {
    status: http?.status ?? httpStatusOf(kind),
    headers: { ...(isRetryable(kind) && { 'Retry-After': '1' }), ...http?.headers },
    body: { error: { code: http?.code ?? kind, message: told.message, hint: told.hint ?? null } },
    isOurs,
  };
}

function hushed({ kind }: Failure): Failure {
  if (kind === 'unavailable')
    return new Failure(kind, 'What this needs cannot be reached now', {
      hint: 'try again; a use with the same key is counted once',
    });
  if (kind === 'config') return new Failure(kind, 'The server is not set up for this; its log says why');
  return new Failure(kind, 'Something went wrong; the log says what');
}
