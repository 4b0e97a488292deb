import type { Happened } from '../answers.ts';
import type { UsageGuard } from '../usage-guard.ts';
import { toResponse } from '../refusal.ts';
import type { Amounts } from '../use.ts';
import { type FetchInit, type FetchInput, readRequest } from './read-request.ts';
import { recogniseCall, type SeenCall } from './recognise.ts';
import { amountsOf } from './usage.ts';
import { type Watched, watchResponse } from './watch.ts';

/** How calls of a metered fetch are counted; what is not said is seen in the request. */
export interface FetchOptions {
  /** the kind of use; with it every request is metered, also one that nobody knows */
  kind?: string | undefined;
  provider?: string | undefined;
  model?: string | undefined;
  member?: string | undefined;
  session?: string | undefined;
  endpoint?: string | undefined;
  metadata?: Record<string, unknown> | undefined;
  /** how much to hold, in place of an estimate from the size of the request */
  amounts?: Amounts | undefined;
  /** how long a call may take until what is held for it lapses, 900 unless said */
  holdSeconds?: number | undefined;
  /** what becomes of a call that fails: it is let go, or recorded as a failed call */
  failures?: 'release' | 'record' | undefined;
  /** false: a stream is not asked to say its usage, and estimated where it does not */
  askForUsage?: boolean | undefined;
  /** the fetch to call; the global one unless said */
  fetch?: typeof fetch | undefined;
}

/**
 * A fetch that holds an estimate before each call that uses something, passes the answer on as it comes, and settles in the background at what the
 * answer says. A call that may not be made is answered by us: 429, 402 or 403 with the reason, 503 where the database is away.
 */
export function meteredFetch(guard: UsageGuard, customer: string, options: FetchOptions = {}): typeof fetch {
  const call = options.fetch ?? fetch;
  return async (input: FetchInput, init?: FetchInit): Promise<Response> => {
    const request = await readRequest(input, init);
    const seen = recogniseCall(request) ?? forced(options);
    if (!seen) return call(input, init);
    const use = useOf(customer, seen, { endpoint: request.url.pathname, ...options });
    const result = await guard.admit(use, 'hold');
    if ('refused' in result) return toResponse(result.refused);
    const { allowedCall } = result;
    const asksForUsage = seen.mayAskForUsage && options.askForUsage !== false && !saysUsage(request.body);
    const began = Date.now();
    const finish = (happened: Happened | undefined) =>
      happened ? allowedCall.settle(happened) : allowedCall.release();
    try {
      const response = await call(...request.send(asksForUsage ? askingForUsage(request.body) : undefined));
      const latencyMs = Date.now() - began;
      if (!response.ok) {
        finish(failed(options, { status: String(response.status), latencyMs }));
        return response;
      }
      return watchResponse(response, {
        hidesUsage: asksForUsage,
        patienceMs: 900 * (options.holdSeconds ?? 900),
        inBackground: (work) => guard.recorder.inBackground(work),
        atLast: (end) => guard.recorder.atLast(end),
        signal: init?.signal ?? (input instanceof Request ? input.signal : undefined),
        onEnd: (watched) =>
          finish({ ...happenedIn(seen, use, watched), latencyMs, status: String(response.status) }),
      });
    } catch (error) {
      finish(failed(options, { status: 'error', latencyMs: Date.now() - began }));
      throw error;
    }
  };
}

function forced({ kind }: FetchOptions): SeenCall | undefined {
  if (kind === undefined) return undefined;
  return { kind, provider: undefined, model: undefined, amounts: { quantity: 1 }, mayAskForUsage: false };
}

function useOf(customer: string, seen: SeenCall, options: FetchOptions) {
  const { member, session, endpoint, metadata, holdSeconds, amounts = seen.amounts } = options;
  const whose = { provider: options.provider ?? seen.provider, model: options.model ?? seen.model };
  return {
    customer,
    kind: options.kind ?? seen.kind,
    ...whose,
    ...amounts,
    member,
    session,
    endpoint,
    metadata,
    holdSeconds,
  };
}

function failed({ failures }: FetchOptions, happened: Happened): Happened | undefined {
  return failures === 'record' ? { ...happened, inputTokens: 0, outputTokens: 0 } : undefined;
}

/** What the answer says; else what was written of it, where that can be counted; else what was held. What is no count is marked (R18). */
function happenedIn(
  seen: SeenCall,
  use: { metadata?: Record<string, unknown> | undefined },
  { gathered, isWhole, isStream }: Watched,
): Happened {
  const said = amountsOf(gathered);
  const model = seen.model === undefined && gathered.model ? { model: gathered.model } : {};
  const estimated = { metadata: { ...use.metadata, estimated: true } };
  if (seen.kind === 'image' || seen.kind === 'image_edit')
    return { ...model, ...(gathered.images > 0 ? { quantity: gathered.images } : {}), ...said };
  if (seen.kind !== 'llm' || (said && isWhole)) return { ...model, ...said };
  const written = Math.floor(gathered.letters / 4);
  if (!said && !isStream && written === 0) return { ...model, ...estimated }; // an answer that could not be read
  const outputTokens = Math.max(written, said?.outputTokens ?? 0);
  return { inputTokens: seen.amounts.inputTokens, ...model, ...said, outputTokens, ...estimated };
}

function saysUsage(body: unknown): boolean {
  return (
    (body as { stream_options?: { include_usage?: unknown } } | undefined)?.stream_options?.include_usage ===
    true
  );
}

function askingForUsage(body: unknown): unknown {
  const given = body as { stream_options?: object };
  return { ...given, stream_options: { ...given.stream_options, include_usage: true } };
}
