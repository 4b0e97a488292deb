import { type ArgumentsOf, call, callJson, nullsGiven } from '../database/call.ts';
import type { Db } from '../database/connect.ts';

/** A use as an application reports it: the arguments of record_usage and check_usage. Amounts are decimal strings. */
export interface Use {
  customer: string;
  kind: string;
  /** when it happened; now by default */
  at?: Date | undefined;
  quantity?: string | undefined;
  provider?: string | undefined;
  model?: string | undefined;
  inputTokens?: string | undefined;
  outputTokens?: string | undefined;
  cachedTokens?: string | undefined;
  /** other units by name, numbers: bytes, characters, pages, seconds … */
  units?: Record<string, unknown> | undefined;
  cost?: string | undefined;
  member?: string | undefined;
  session?: string | undefined;
  status?: string | undefined;
  latencyMs?: number | undefined;
  endpoint?: string | undefined;
  key?: string | undefined;
  alreadySpent?: boolean | undefined;
  partial?: boolean | undefined;
  metadata?: unknown;
}

/** A limit in an answer. */
export interface TouchedLimit {
  meter: string;
  window: string;
  scope: string;
  used: string;
  limit: string | null;
  remaining: string | null;
  percent: string | null;
  window_start: string | null;
  resets_at: string | null;
  /** of a refusal: the requested amount, and whether it did not fit */
  requested?: string;
  exceeded?: boolean;
}

/** The answer of record_usage and check_usage, unchanged (docs/usage.md). */
export interface Answer {
  allowed: boolean;
  reason: string | null;
  message?: string;
  customer: string;
  kind: string;
  at: string;
  event_id: string | null;
  replayed: boolean;
  cost: string | null;
  unpriced?: boolean;
  limits: TouchedLimit[];
  credits: Record<string, string | null> | null;
  alerts: { meter: string; window: string; threshold: string }[];
  /** on a refusal by a limit: the one with the least room */
  meter?: string;
  window?: string;
  scope?: string;
  used?: string;
  limit?: string | null;
  requested?: string;
  resets_at?: string | null;
  overage?: boolean;
  /** the number of tokens was not given (R18) */
  estimated?: boolean;
  partial?: boolean;
  asked?: string;
  quantity?: string;
}

/**
 * Records the use if limits and credits allow it, and answers. `now` null is the database's clock. A refusal is an answer, not an error.
 * Failure usage, conflict.
 */
export async function recordUse(db: Db, use: Use, now: Date | null): Promise<Answer> {
  if (isPlain(use)) return recordPlain(db, use, now);
  return (await callJson(db, 'subctl.record_usage_json', argumentsOf(use, now))) as Answer;
}

const plainFields: ReadonlySet<string> = new Set(['customer', 'kind', 'at', 'quantity', 'key']);

/** Whether record_plain_use accepts the use: that call costs the server least. */
function isPlain(use: Use): boolean {
  return Object.entries(use).every(
    ([name, value]) => plainFields.has(name) || value === undefined || value === null || value === false,
  );
}

/** Checks whether the use would be allowed at `now`; writes nothing. Failure usage, conflict. */
export async function checkUse(db: Db, use: Use, now: Date | null): Promise<Answer> {
  return (await callJson(db, 'subctl.check_usage', argumentsOf(use, now))) as Answer;
}

async function recordPlain(db: Db, use: Use, now: Date | null): Promise<Answer> {
  const { customer, kind, at, quantity, key } = use;
  const given = nullsGiven({ customer, kind, at, as_of: now, quantity: quantity ?? '1', key });
  return JSON.parse((await call(db, 'subctl.record_plain_use', given))!) as Answer;
}

function argumentsOf(use: Use, now: Date | null): ArgumentsOf<'subctl.check_usage'> {
  return nullsGiven({
    customer: use.customer,
    kind: use.kind,
    at: use.at,
    as_of: now,
    quantity: use.quantity ?? '1',
    provider: use.provider,
    model: use.model,
    input_tokens: use.inputTokens,
    output_tokens: use.outputTokens,
    cached_tokens: use.cachedTokens,
    units: use.units,
    cost: use.cost,
    member: use.member,
    session: use.session,
    status: use.status,
    latency_ms: use.latencyMs,
    endpoint: use.endpoint,
    key: use.key,
    already_spent: use.alreadySpent ?? false,
    partial: use.partial ?? false,
    metadata: use.metadata,
  });
}
