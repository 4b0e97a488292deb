import type { creditCosts } from '../database/schema/catalog.ts';
import type { models } from '../database/schema/catalog.ts';
import type { planPrices } from '../database/schema/plans.ts';

/**
 * The catalogue: what is sold, as plain data.
 *
 * A catalogue is kinds, meters, credit costs and plans. It comes from a file (read-catalogue.ts), from the database (find-catalogue.ts) or
 * from options of a command, always in this one shape, so that a file, the database and an export can be compared.
 * A plan has one row that is edited in place (name, rank, active, default, fallback) and numbered versions that hold what it contains:
 * prices, limits, credits, features. A version that subscriptions depend on is never changed; an edit of it makes the next one.
 * Amounts are decimal strings. For limits and credits null is unlimited and 0 is disabled; a meter without a limit is counted and never
 * blocks (R11).
 */
export interface Catalogue {
  kinds: Kind[];
  meters: Meter[];
  creditCosts: CreditCost[];
  models: ModelEntry[];
  plans: Plan[];
}

/** A word for a use; an alias counts as its canonical kind. */
export interface Kind {
  id: string;
  canonical: string;
  /** what its uses cost at a provider: what the prices say, or none; absent is what is known of it, else priced */
  cost?: KindCost | undefined;
}

export const kindCosts = ['priced', 'none'] as const;
export type KindCost = (typeof kindCosts)[number];

export const meterFields = [
  'quantity',
  'tokens',
  'input',
  'output',
  'cost',
  'bytes',
  'characters',
  'pages',
  'seconds',
] as const;
export const meterTiers = ['free', 'paid'] as const;
export const aggregations = ['sum', 'count'] as const;

/** What is counted: null kinds, providers or models mean any, a null tier free and paid models. Kinds are canonical. */
export interface Meter {
  id: string;
  name: string;
  kinds: string[] | null;
  providers: string[] | null;
  models: string[] | null;
  tier: (typeof meterTiers)[number] | null;
  field: (typeof meterFields)[number];
  aggregation: (typeof aggregations)[number];
  unit: string | null;
}

/** What one use of a canonical kind costs in credits, on every plan. */
export type CreditCost = Pick<typeof creditCosts.$inferSelect, 'kind' | 'amount'>;

/** Models of a provider by glob pattern: whether they are free-tier, and what their tokens are multiplied with (R28). */
export type ModelEntry = Pick<
  typeof models.$inferSelect,
  'provider' | 'pattern' | 'aliases' | 'freeTier' | 'multiplier'
>;

export const fallbacks = ['plan', 'default', 'none'] as const;

/** The part of a plan that is edited in place, and the version that new subscribers get. */
export interface Plan {
  id: string;
  name: string;
  description: string | null;
  rank: number | null;
  /** undefined: not said, so left as it is; a new plan is active */
  active: boolean | undefined;
  /** undefined: not said, so left as it is; a new plan is not the default */
  isDefault: boolean | undefined;
  fallback: (typeof fallbacks)[number];
  fallbackPlanId: string | null;
  /** credit costs of this plan alone, in every version */
  creditCosts: CreditCost[];
  version: PlanVersion;
}

/** What a plan contains. */
export interface PlanVersion {
  trialDays: number;
  graceDays: number;
  netDays: number;
  autoRenew: boolean;
  /** a period's credits; null is none, unless creditsUnlimited */
  credits: string | null;
  creditsUnlimited: boolean;
  /** interval of the grants when it is not the subscription's own */
  creditsEvery: string | null;
  rolloverMax: string | null;
  /** by name; what is not named, subscribers do not have */
  features: Feature[];
  allowedModels: string[] | null;
  maxUsers: number | null;
  /** price and credits are of one seat */
  perSeat: boolean;
  usageOnChange: 'reset' | 'carry';
  prorationMeter: string | null;
  alertThresholds: string[];
  /** tokens that a use of llm counts when nobody says its size (R18), per tier of its model; null counts none */
  estimatePaid: string | null;
  estimateFree: string | null;
  /** labels of the application's that subctl keeps and shows */
  extra: Record<string, unknown>;
  prices: Price[];
  limits: Limit[];
}

/** What a plan entitles to: yes or no, an amount (null is unlimited), or a word of the application's. */
export type Feature = { name: string } & (
  | { type: 'boolean'; value: boolean }
  | { type: 'number'; value: string | null }
  | { type: 'text'; value: string }
);

/** A null amount: complimentary only. */
export type Price = Pick<
  typeof planPrices.$inferSelect,
  'interval' | 'currency' | 'amount' | 'stripePriceId'
>;

export const enforcements = ['hard', 'soft', 'overage'] as const;
export const scopes = ['customer', 'member'] as const;

export interface Limit {
  meter: string;
  window: string;
  scope: (typeof scopes)[number];
  value: string | null;
  enforcement: (typeof enforcements)[number];
  overagePrice: string | null;
  overagePer: string | null;
}

/** A version as one without any word about it is: renewing, seven days of grace, fourteen to pay, alerts at 80, 90 and 100 %. */
export function emptyVersion(): PlanVersion {
  return {
    trialDays: 0,
    graceDays: 7,
    netDays: 14,
    autoRenew: true,
    credits: null,
    creditsUnlimited: false,
    creditsEvery: null,
    rolloverMax: null,
    features: [],
    allowedModels: null,
    maxUsers: null,
    perSeat: false,
    usageOnChange: 'reset',
    prorationMeter: null,
    alertThresholds: ['80', '90', '100'],
    estimatePaid: null,
    estimateFree: null,
    extra: {},
    prices: [],
    limits: [],
  };
}
