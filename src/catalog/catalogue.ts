import type { meters } from '../database/schema/catalog.ts';
import type { creditCosts } from '../database/schema/catalog.ts';
import type { models } from '../database/schema/catalog.ts';
import type { planPrices } from '../database/schema/plans.ts';

/**
 * The catalogue: everything that is sold, as plain data.
 *
 * A catalogue has kinds, meters, credit costs and plans. It comes from a file (read-catalogue.ts), from the database (find-catalogue.ts)
 * or from options of a command, always in this shape, so that files, the database and exports can be compared.
 * A plan has one row that is edited in place (name, rank, active, default, fallback) and numbered versions with its contents: prices,
 * limits, credits, features. A version that subscriptions depend on never changes; an edit creates the next version.
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

/** A kind of use; an alias counts as its canonical kind. */
export interface Kind {
  id: string;
  canonical: string;
  /** whether its uses cost money at a provider: `priced` or none; absent is the known value, else priced */
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

/** What a meter counts: null kinds, providers or models mean any; a null tier means free and paid models. Kinds are canonical. */
export interface Meter extends Pick<
  typeof meters.$inferSelect,
  'id' | 'name' | 'kinds' | 'providers' | 'models' | 'unit'
> {
  tier: (typeof meterTiers)[number] | null;
  field: (typeof meterFields)[number];
  aggregation: (typeof aggregations)[number];
}

/** What one use of a canonical kind costs in credits, on every plan. */
export type CreditCost = Pick<typeof creditCosts.$inferSelect, 'kind' | 'amount'>;

/** Models of a provider by glob pattern: whether they are free-tier, and the multiplier of their tokens (R28). */
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
  /** undefined leaves it as it is; a new plan is active */
  active: boolean | undefined;
  /** undefined leaves it as it is; a new plan is not the default */
  isDefault: boolean | undefined;
  fallback: (typeof fallbacks)[number];
  fallbackPlanId: string | null;
  /** credit costs of this plan alone, in every version */
  creditCosts: CreditCost[];
  version: PlanVersion;
}

/** The contents of a plan. */
export interface PlanVersion {
  trialDays: number;
  graceDays: number;
  netDays: number;
  autoRenew: boolean;
  /** the credits of a period; null is none, unless creditsUnlimited */
  credits: string | null;
  creditsUnlimited: boolean;
  /** interval of the grants when it is not the subscription's own */
  creditsEvery: string | null;
  rolloverMax: string | null;
  /** by name; subscribers do not have a feature that is not named */
  features: Feature[];
  allowedModels: string[] | null;
  maxUsers: number | null;
  /** price and credits are per seat */
  perSeat: boolean;
  usageOnChange: 'reset' | 'carry';
  prorationMeter: string | null;
  alertThresholds: string[];
  /** tokens counted for a use of llm whose size is unknown (R18), per tier of its model; null counts none */
  estimatePaid: string | null;
  estimateFree: string | null;
  /** labels of the application, which subctl stores and shows */
  extra: Record<string, unknown>;
  prices: Price[];
  limits: Limit[];
}

/** A feature of a plan: yes or no, an amount (null is unlimited), or a word that the application defines. */
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

/** A version with the default terms: renewing, seven days of grace, fourteen days to pay, alerts at 80, 90 and 100 %. */
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
