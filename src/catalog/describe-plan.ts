import Big from 'big.js';
import { inCurrency } from '../domain/currency-digits.ts';
import type { Limit, Plan, PlanVersion } from './catalogue.ts';
import { featureWord } from './features.ts';

/** Describes a plan, one line for each property: `price 1mo USD` → `29.99`, `limit messages/day` → `20`. Equal plans have equal lines. */
export type Lines = Record<string, string>;

/** The lines of what is edited in place. An absent value has no line. */
export function describeRow(plan: Plan): Lines {
  const said: Record<string, string | undefined> = {
    name: plan.name,
    description: plan.description ?? undefined,
    rank: plan.rank === null ? undefined : String(plan.rank),
    active: plan.active === undefined ? undefined : yesNo(plan.active),
    default: plan.isDefault === undefined ? undefined : yesNo(plan.isDefault),
    fallback: fallbackWord(plan),
  };
  for (const { kind, amount } of plan.creditCosts) said[`credit cost ${kind}`] = trimmed(amount);
  return onlySaid(said);
}

/** The lines of a version's contents. */
export function describeVersion(version: PlanVersion): Lines {
  const said: Record<string, string | undefined> = {};
  for (const { interval, currency, amount, stripePriceId } of version.prices)
    said[`price ${interval} ${currency}`] =
      moneyWord(amount, currency) + (stripePriceId === null ? '' : ` (${stripePriceId})`);
  for (const limit of version.limits) said[`limit ${limitName(limit)}`] = limitWord(limit);
  for (const feature of version.features) said[`feature ${feature.name}`] = featureWord(feature);
  return onlySaid({
    ...said,
    credits: creditsWord(version),
    rollover: version.rolloverMax === null ? undefined : trimmed(version.rolloverMax),
    'allowed models': version.allowedModels === null ? undefined : version.allowedModels.join(', ') || 'none',
    'max users': version.maxUsers === null ? undefined : String(version.maxUsers),
    'per seat': version.perSeat ? 'yes' : undefined,
    'trial days': String(version.trialDays),
    'grace days': String(version.graceDays),
    'net days': String(version.netDays),
    'auto renew': yesNo(version.autoRenew),
    'usage on change': version.usageOnChange,
    'proration meter': version.prorationMeter ?? undefined,
    'alerts at': listWord(version.alertThresholds.map(trimmed)) ?? 'none',
    'tokens of unknown size': estimateWord(version),
    ...Object.fromEntries(Object.entries(version.extra).map(([key, value]) => [key, extraWord(value)])),
  });
}

function estimateWord({ estimatePaid, estimateFree }: PlanVersion): string | undefined {
  const said = [
    ['paid', estimatePaid],
    ['free', estimateFree],
  ] as const;
  return listWord(said.flatMap(([tier, amount]) => (amount === null ? [] : [`${tier} ${trimmed(amount)}`])));
}

/** `plan:<id>`, `default` or `none`. */
export function fallbackWord({
  fallback,
  fallbackPlanId,
}: Pick<Plan, 'fallback' | 'fallbackPlanId'>): string {
  return fallback === 'plan' ? `plan:${fallbackPlanId}` : fallback;
}

/** `messages/day`, and `messages/day/member` for a limit on each member. */
function limitName({ meter, window, scope }: Pick<Limit, 'meter' | 'window' | 'scope'>): string {
  return `${meter}/${window}${scope === 'member' ? '/member' : ''}`;
}

/** `20`, `unlimited`, `disabled`; soft limits and overage add a word. */
export function limitWord({ value, enforcement, overagePrice, overagePer }: Limit): string {
  const word = valueWord(value);
  if (enforcement === 'soft') return `${word} soft`;
  return enforcement === 'overage'
    ? `${word}, then ${trimmed(overagePrice!)} per ${trimmed(overagePer ?? '1')}`
    : word;
}

function valueWord(value: Limit['value']): string {
  if (value === null) return 'unlimited';
  return new Big(value).eq(0) ? 'disabled' : trimmed(value);
}

/** `100`, `100 every 1mo`, `unlimited`; undefined for none. */
function creditsWord({ credits, creditsUnlimited, creditsEvery }: PlanVersion): string | undefined {
  if (credits === null && !creditsUnlimited) return undefined;
  const amount = creditsUnlimited ? 'unlimited' : trimmed(credits!);
  return creditsEvery === null ? amount : `${amount} every ${creditsEvery}`;
}

/** Formats a price with at least the decimals of its currency; `complimentary` when the plan cannot be paid for. */
export function moneyWord(amount: string | null, currency = 'USD'): string {
  if (amount === null) return 'complimentary';
  return inCurrency(amount, currency);
}

function trimmed(amount: string): string {
  return new Big(amount).toFixed();
}

function listWord(items: readonly string[]): string | undefined {
  return items.length === 0 ? undefined : items.join(', ');
}

function yesNo(flag: boolean): string {
  return flag ? 'yes' : 'no';
}

function extraWord(value: unknown): string {
  return typeof value === 'string' ? value : JSON.stringify(value);
}

function onlySaid(said: Record<string, string | undefined>): Lines {
  return Object.fromEntries(
    Object.entries(said).filter((entry): entry is [string, string] => entry[1] !== undefined),
  );
}
