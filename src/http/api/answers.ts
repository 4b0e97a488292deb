import * as z from 'zod';

/** What is answered, for the document; the SQL functions say it, and nothing here changes it. */
export const decimal = z.string().meta({ json: { type: 'string', pattern: '^-?[0-9]+([.][0-9]+)?$' } });
export const maybeDecimal = decimal.nullable();
export const instant = z.string().meta({ json: { type: 'string', format: 'date-time' } });
export const maybeInstant = instant.nullable();
export const known = <T extends z.ZodRawShape>(id: string, shape: T) => z.looseObject(shape).meta({ id });

export const errorBody = known('Error', {
  error: z.looseObject({
    code: z
      .string()
      .describe('A word for programs: usage, not_found, refused, conflict, unavailable, unauthenticated …'),
    message: z.string().describe('A sentence for people'),
    hint: z.string().nullable().describe('What to do'),
  }),
});

const featureShape = {
  feature: z.string(),
  allowed: z.boolean(),
  reason: z.string().nullable(),
  type: z.enum(['boolean', 'number', 'text']),
  value: z.union([z.boolean(), z.string()]).nullable().describe('true or false, a decimal string, or a word'),
  unlimited: z.boolean(),
  plan: z.string().nullable(),
  status: z.string(),
};
export const featureAnswer = known('FeatureAnswer', {
  customer: z.string(),
  ...featureShape,
  plans: z.array(z.string()).describe('Plans that would give it'),
});
export const featuresAnswer = known('FeaturesAnswer', { features: z.array(z.looseObject(featureShape)) });

export const planAnswer = known('Plan', {
  plan: z.string(),
  name: z.string(),
  description: z.string().nullable(),
  rank: z.int().nullable(),
  active: z.boolean(),
  default: z.boolean(),
  version: z.int(),
  prices: z.array(z.looseObject({ interval: z.string(), currency: z.string(), amount: maybeDecimal })),
  limits: z.array(
    z.looseObject({
      meter: z.string(),
      window: z.string(),
      scope: z.string(),
      limit: maybeDecimal,
      enforcement: z.string(),
      overage_price: maybeDecimal,
      overage_per: maybeDecimal,
    }),
  ),
  credits: maybeDecimal,
  credits_unlimited: z.boolean(),
  credits_every: z.string().nullable(),
  features: z.array(
    z.looseObject({
      feature: z.string(),
      type: z.string(),
      value: z.union([z.boolean(), z.string()]).nullable(),
    }),
  ),
  max_users: z.int().nullable(),
  trial_days: z.int(),
});
export const plansAnswer = known('PlansAnswer', { plans: z.array(planAnswer) });

export const servicesAnswer = known('ServicesAnswer', {
  ready: z.boolean().describe('Every required key is there'),
  missing: z.array(z.string()).describe('What is required and cannot be used, in words'),
  default_provider: z.string().nullable(),
  default_model: z.string().nullable(),
  services: z.array(
    z.looseObject({
      service: z.string(),
      name: z.string(),
      available: z.boolean(),
      state: z.enum(['ok', 'expiring', 'expired', 'rejected', 'wrong_master_key', 'missing']),
      required: z.boolean(),
      default: z.boolean(),
      expires_at: maybeInstant,
    }),
  ),
});
export const keyAnswer = known('KeyAnswer', {
  name: z.string(),
  provider: z.string(),
  value: z.string().describe('The key itself'),
  base_url: z
    .string()
    .nullable()
    .describe('Where to use it, when it is not the usual address of the provider'),
  expires_at: maybeInstant,
});

export const subscriptionAnswer = known('SubscriptionAnswer', {
  customer: z.string(),
  plan: z.string().nullable(),
  version: z.int().nullable(),
  status: z.string().describe('trialing, active, past_due, paused, canceled, expired or none'),
  access: z.boolean(),
  reason: z.string().nullable(),
  basis: z.string().describe('subscription, fallback, default or none'),
  every: z.string().nullable(),
  timezone: z.string(),
  period_start: maybeInstant,
  period_end: maybeInstant,
  since: maybeInstant,
  ends_at: maybeInstant,
  auto_renew: z.boolean().nullable(),
  collection: z.string().nullable(),
});

export const usageAnswer = known('UsageAnswer', {
  customer: z.string(),
  plan: z.string().nullable(),
  status: z.string().describe('that of a subscription that the customer chose; none without one'),
  basis: z.string().describe('subscription, fallback, default or none'),
  usage_status: z.enum(['active', 'warning', 'limit_reached']),
  period_start: maybeInstant,
  period_end: maybeInstant,
  timezone: z.string(),
  limits: z.array(
    z.looseObject({
      meter: z.string(),
      window: z.string(),
      scope: z.string(),
      member: z.string().nullable(),
      used: decimal,
      limit: maybeDecimal,
      remaining: maybeDecimal,
      percent: maybeDecimal,
      refused: decimal,
      enforcement: z.string(),
      source: z.string(),
      window_start: maybeInstant,
      resets_at: maybeInstant,
    }),
  ),
  credits: z.looseObject({
    balance: decimal,
    allotted: decimal,
    used: decimal,
    percent: maybeDecimal,
    unlimited: z.boolean(),
    next_reset: maybeInstant,
    days_until_reset: z.int().nullable(),
  }),
});

export const alertsAnswer = known('AlertsAnswer', {
  alerts: z.array(
    z.looseObject({
      meter: z.string(),
      window: z.string(),
      window_start: maybeInstant,
      threshold: decimal,
      used: decimal,
      limit: decimal,
      at: instant,
      customer: z.string(),
      member: z.string().nullable(),
      severity: z.enum(['info', 'warning', 'error']),
      read_at: maybeInstant,
    }),
  ),
});
export const readAnswer = known('ReadAnswer', { customer: z.string(), read: z.int() });
const member = {
  member: z.string(),
  role: z.enum(['member', 'admin']),
  name: z.string().nullable(),
  email: z.string().nullable(),
  joined_at: instant,
  left_at: maybeInstant,
};
export const memberAnswer = known('MemberAnswer', { customer: z.string(), ...member });
export const membersAnswer = known('MembersAnswer', {
  customer: z.string(),
  members: z.array(z.object(member)),
  seats: z.object({ used: z.int(), allowed: z.int().nullable() }),
});
export const invitationAnswer = known('InvitationAnswer', {
  customer: z.string(),
  code: z.string().describe('Shown this once'),
  ending: z.string().describe('Its last four characters'),
  role: z.enum(['member', 'admin']),
  uses: z.int(),
  expires_at: instant,
});
export const checkoutAnswer = known('CheckoutAnswer', {
  customer: z.string(),
  url: z.string(),
  session: z.string(),
  expires_at: instant,
  plan: z.string(),
  every: z.string(),
  amount: decimal,
  currency: z.string(),
  seats: z.int(),
  trial_days: z.int(),
});
