import type { Suggestion } from '../catalog/suggest-plan.ts';

/** Instants are ISO 8601 in UTC, amounts decimal strings, `rule` is a number of the rule book (docs/rules.md). */
type At = string | null;

/** The customer's standing at that time. */
export interface Standing {
  plan: string | null;
  plan_name: string | null;
  version: number | null;
  current_version: number | null;
  status: string;
  access: boolean;
  reason: string | null;
  basis: 'subscription' | 'fallback' | 'default' | 'none';
  every: string | null;
  timezone: string;
  subscription: string | null;
  anchor: At;
  anchor_timezone: string | null;
  period_start: At;
  period_end: At;
  usage_from: At;
  ends_at: At;
  resumes_at: At;
  segment: {
    from: string;
    /** when it was followed by another, and the cause */
    changed_at: At;
    changed_by: string | null;
    cause: string;
    reason: string | null;
    actor: string | null;
    change: string | null;
  } | null;
  reset: { at: string; cause: string; reason: string | null } | null;
}

/** A limit that was checked, with its source. `used` is before the use for a check, after it for an event. */
export interface ExplainedLimit {
  meter: string;
  window: string;
  scope: string;
  subject: string | null;
  used: string;
  limit: string | null;
  remaining: string | null;
  percent: string | null;
  window_start: At;
  resets_at: At;
  timezone: string | null;
  window_rule: string;
  /** of a rolling window: since when uses count in it */
  counts_from: At;
  source: 'override' | 'plan' | 'counted';
  enforcement: 'hard' | 'soft' | 'overage';
  override: {
    starts_at: string;
    ends_at: At;
    reason: string;
    actor: string;
    plan_limit: string | null;
  } | null;
  overage_price: string | null;
  overage_per: string | null;
  /** of a check */
  requested?: string;
  exceeded?: boolean;
  /** of an event */
  before?: string;
  counted?: string;
  /** it arrived after the window was closed */
  late?: boolean;
  alerts?: string[];
  /** the following are absent for limits of one use or one session */
  uses?: number;
  first_use_at?: At;
  last_use_at?: At;
  refused?: number;
  held?: string;
  holds?: { reservation: string; amount: string; expires_at: string }[];
  reset?: { at: string; cause: string; reason: string | null } | null;
  /** the window since then: closed ones with the limit at their end */
  now?: { used: string; adjusted: string; closed_at: At; limit: string | null } | null;
  rule: string;
  /** the rows that were read: table and key */
  rows: string[];
  /** the arithmetic: `4990 + 11 = 5001 > 5000` */
  sum: string;
}

interface PriceLine {
  component: string;
  quantity: string;
  amount: string;
  per: string;
  above: string | null;
  cost: string;
}

/** How a recorded use was decided, as of its time. */
export interface ExplainedEvent {
  explains: 'event';
  customer: string;
  event_id: string;
  at: string;
  recorded_at: string;
  kind: string;
  quantity: string;
  provider: string | null;
  model: string | null;
  tier: string;
  member: string | null;
  session: string | null;
  failed: boolean;
  already_spent: boolean;
  overage: boolean;
  partial: boolean;
  asked: string | null;
  timezone: string;
  tokens: {
    input: string | null;
    output: string | null;
    cached: string | null;
    units: Record<string, unknown> | null;
    counted: string | null;
    estimated: boolean;
    rule: string | null;
  };
  standing: Standing;
  limits: ExplainedLimit[];
  cost: {
    cost: string | null;
    currency: string | null;
    basis: 'prices' | 'given' | 'unpriced' | 'failed call' | 'none' | 'no provider';
    rule: string | null;
    /** the provider of the price, where it is not the use's own */
    price_provider: string | null;
    price_model: string | null;
    price_from: At;
    lines: PriceLine[];
    prices: {
      provider: string;
      model: string;
      component: string;
      amount: string;
      per: string;
      effective_from: string;
      revision: number;
      source: string;
    }[];
    /** what the present price list says, where it differs */
    cost_today: string | null;
  };
  credits: {
    used: string;
    quantity: string;
    each: string | null;
    balance: string | null;
    rule: string;
    grants: {
      grant: string;
      source: string;
      priority: number;
      expires_at: At;
      granted_at: string;
      amount: string;
      balance_after: string;
      entry: number;
    }[];
  } | null;
  reversed_by: string | null;
  reverses: string | null;
  key: string | null;
  reservation: string | null;
  rows: string[];
}

/** Why a use is allowed or refused, and when it would be allowed again. */
export interface ExplainedUse {
  explains: 'use';
  customer: string;
  kind: string;
  at: string;
  quantity: string;
  allowed: boolean;
  reason: string | null;
  message?: string;
  rule: string | null;
  /** of a refusal by a limit: the one with the least room */
  meter?: string;
  window?: string;
  scope?: string;
  cost: string | null;
  estimated?: boolean;
  credits: Record<string, string | boolean | null> | null;
  timezone: string;
  standing: Standing;
  limits: ExplainedLimit[];
  works_again_at: At;
  /** why waiting does not help */
  never: string | null;
  /** the instants that had to pass, each with the obstacle until then */
  steps: { at: string; reason: string; meter: string | null; window: string | null }[];
  suggestion: Suggestion | null;
}
