import type { Use as PlainUse } from '../usage/use.ts';
import { type Amount, readAmount, readMaybe } from './amount.ts';

/**
 * One use of a customer, as record_usage takes it (docs/usage.md). `quantity` is 1 unless said. Input tokens include cached ones.
 * With a `key` it is recorded once, however often it is sent.
 */
export interface Use extends Amounts {
  customer: string;
  /** the word for the use: `llm`, `image`, `search` … */
  kind: string;
  /** when it happened; now unless said */
  at?: Date | undefined;
  member?: string | undefined;
  session?: string | undefined;
  status?: string | undefined;
  latencyMs?: number | undefined;
  endpoint?: string | undefined;
  key?: string | undefined;
  /** it has happened: record it beyond the limit too, as overage */
  alreadySpent?: boolean | undefined;
  /** record as much of it as fits */
  partial?: boolean | undefined;
  metadata?: unknown;
}

/** How much of what. */
export interface Amounts {
  quantity?: Amount | undefined;
  provider?: string | undefined;
  model?: string | undefined;
  inputTokens?: Amount | undefined;
  outputTokens?: Amount | undefined;
  cachedTokens?: Amount | undefined;
  /** other units by name: bytes, characters, pages, seconds … */
  units?: Record<string, Amount> | undefined;
  /** what it cost, where it is known; else the price list says */
  cost?: Amount | undefined;
}

/** The use with its amounts as decimal strings. @throws Failure usage for a number that is not exact */
export function readUse(use: Use): PlainUse {
  return { ...use, ...readAmounts(use) };
}

type PlainAmounts = Record<Exclude<keyof Amounts, 'units'>, string | undefined> & {
  units: Record<string, string> | undefined;
};

/** The amounts as decimal strings. @throws Failure usage for a number that is not exact */
export function readAmounts(given: Amounts): PlainAmounts {
  const { units } = given;
  return {
    provider: given.provider,
    model: given.model,
    quantity: readMaybe(given.quantity, 'quantity'),
    inputTokens: readMaybe(given.inputTokens, 'inputTokens'),
    outputTokens: readMaybe(given.outputTokens, 'outputTokens'),
    cachedTokens: readMaybe(given.cachedTokens, 'cachedTokens'),
    cost: readMaybe(given.cost, 'cost'),
    units:
      units &&
      Object.fromEntries(Object.entries(units).map(([name, each]) => [name, readAmount(each, name)])),
  };
}

/** The arguments of record_usage by name, for record_usage_many, preflight_usage and files of uses. */
export function toArguments(use: Partial<Use>): Record<string, unknown> {
  const plain = { ...use, ...readAmounts(use) };
  const named = {
    ...{ customer: plain.customer, kind: plain.kind, at: plain.at?.toISOString(), quantity: plain.quantity },
    ...{ provider: plain.provider, model: plain.model, input_tokens: plain.inputTokens },
    ...{ output_tokens: plain.outputTokens, cached_tokens: plain.cachedTokens, units: plain.units },
    ...{ cost: plain.cost, member: plain.member, session: plain.session, status: plain.status },
    ...{ latency_ms: plain.latencyMs, endpoint: plain.endpoint, key: plain.key },
    ...{ already_spent: plain.alreadySpent, partial: plain.partial, metadata: plain.metadata },
  };
  return Object.fromEntries(Object.entries(named).filter(([, value]) => value !== undefined));
}

/** Without what is there and undefined, so that it hides nothing. */
export function onlyGiven<T extends object>(fields: T): T {
  return Object.fromEntries(Object.entries(fields).filter(([, value]) => value !== undefined)) as T;
}
