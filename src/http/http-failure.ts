import { Failure, type FailureOptions } from '../domain/failure.ts';

/** The refusals that only HTTP knows: their word, and their status. */
const statuses = {
  unauthenticated: 401,
  method_not_allowed: 405,
  too_large: 413,
  unsupported_media_type: 415,
  too_many_requests: 429,
} as const;

export type HttpCode = keyof typeof statuses;

/** A refusal of HTTP's own, in place of one of the kinds that commands have too. */
export class HttpFailure extends Failure {
  readonly code: HttpCode;
  readonly headers: Record<string, string>;

  constructor(
    code: HttpCode,
    message: string,
    { headers = {}, ...options }: FailureOptions & { headers?: Record<string, string> } = {},
  ) {
    super(code === 'unauthenticated' ? 'refused' : 'usage', message, options);
    this.code = code;
    this.headers = headers;
  }

  get status(): number {
    return statuses[this.code];
  }
}
