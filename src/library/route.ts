import type { Happened } from './answers.ts';
import type { GuardResult, UsageGuard } from './usage-guard.ts';
import type { How } from './options.ts';
import type { RefusalResponse } from './refusal.ts';
import type { Amounts } from './use.ts';

type Maybe<T> = T | undefined | Promise<T | undefined>;

/** How a route is metered. `Request` and `Answer` are those of the framework. */
export interface RouteOptions<Request, Answer> {
  /** who uses it: their id; null where it is free, undefined where nobody is known (401) */
  customer: (request: Request) => Maybe<string | null>;
  kind: string | ((request: Request) => string);
  /** how much it is going to be; one use unless said */
  amounts?: ((request: Request) => Maybe<Amounts>) | undefined;
  member?: ((request: Request) => Maybe<string>) | undefined;
  session?: ((request: Request) => Maybe<string>) | undefined;
  /** what it has turned out to be; what was expected unless said */
  happened?: ((request: Request, answer: Answer) => Maybe<Happened>) | undefined;
  /** whether an answer with that status counts as a use; below 400 unless said */
  counts?: ((status: number) => boolean) | undefined;
  how?: How | undefined;
  /** how long a request may take until what is held for it lapses, 900 unless said */
  holdSeconds?: number | undefined;
}

/** A request that may go on, and what to do when it is over. */
export interface AllowedRequest<Answer> {
  /** `status` 0: it has failed without an answer */
  over(status: number, answer: Answer | undefined): void;
}

/** Asks whether a request may go on. @throws Failure usage and others that are the application's own: a kind that there is not */
export async function guardRoute<Request, Answer>(
  guard: UsageGuard,
  options: RouteOptions<Request, Answer>,
  { request, endpoint }: { request: Request; endpoint: string },
): Promise<{ onItsWay: AllowedRequest<Answer> } | { refused: RefusalResponse }> {
  const { kind, holdSeconds, how = 'hold', counts = (status) => status < 400 } = options;
  const customer = await options.customer(request);
  if (customer === undefined) return { refused: unknown() };
  if (customer === null) return { onItsWay: { over: () => undefined } };
  const result: GuardResult = await guard.admit(
    {
      ...{ customer, kind: typeof kind === 'string' ? kind : kind(request), endpoint, holdSeconds },
      ...(await options.amounts?.(request)),
      ...{ member: await options.member?.(request), session: await options.session?.(request) },
    },
    how,
  );
  if ('refused' in result) return result;
  const { allowedCall } = result;
  const began = Date.now();
  const over = (status: number, answer: Answer | undefined) => {
    if (status === 0 || !counts(status)) return allowedCall.release();
    const latencyMs = Date.now() - began;
    guard.recorder.inBackground(async () => {
      const happened = answer === undefined ? undefined : await options.happened?.(request, answer);
      allowedCall.settle({ latencyMs, status: String(status), ...happened });
    });
  };
  return { onItsWay: { over } };
}

function unknown(): RefusalResponse {
  const error = { code: 'unauthenticated', message: 'Who uses this is not known', hint: null };
  return { status: 401, headers: {}, body: { error, reason: 'unauthenticated' } };
}
