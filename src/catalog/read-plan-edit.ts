import { parseAmount } from '../domain/amounts.ts';
import { readCurrencyCode } from '../domain/currency.ts';
import { Failure } from '../domain/failure.ts';
import { formatInterval, parseInterval } from '../domain/intervals.ts';
import { parseInteger } from '../domain/integers.ts';
import { formatWindow, parseWindow } from '../domain/windows.ts';
import type { Limit, Plan, Price } from './catalogue.ts';
import { readFeatureWord } from './features.ts';
import { Findings } from './findings.ts';
import type { PlanEdit } from './plan-edit.ts';
import { readFallback } from './read-plan.ts';
import { readThresholds } from './read-version.ts';

/** An edit of a plan in words, as options of a command or answers to questions give it. */
export interface PlanWords {
  name?: string | undefined;
  description?: string | undefined;
  /** whole number, or `none` */
  rank?: string | undefined;
  default?: boolean | undefined;
  /** plan:<id>, default, none */
  fallback?: string | undefined;
  /** 1mo=39.00, 1y=390EUR, 1mo=complimentary */
  price?: string[] | undefined;
  unsetPrice?: string[] | undefined;
  /** 1mo=price_123 */
  stripePrice?: string[] | undefined;
  /** messages/day=20, messages/day/member=5, messages/month=unlimited, …=100:soft, …=100:overage:0.01/1 */
  limit?: string[] | undefined;
  unsetLimit?: string[] | undefined;
  /** sso, projects=10, projects=unlimited, support=email */
  feature?: string[] | undefined;
  unsetFeature?: string[] | undefined;
  /** 100, 100/1mo, unlimited, none */
  credits?: string | undefined;
  rolloverMax?: string | undefined;
  trialDays?: number | undefined;
  graceDays?: number | undefined;
  netDays?: number | undefined;
  autoRenew?: 'yes' | 'no' | undefined;
  maxUsers?: string | undefined;
  perSeat?: 'yes' | 'no' | undefined;
  /** patterns, or the one word `any` */
  allowModel?: string[] | undefined;
  usageOnChange?: 'reset' | 'carry' | undefined;
  prorationMeter?: string | undefined;
  /** 80,90,100 or `none` */
  alertAt?: string | undefined;
}

/** Reads the edit. @throws Failure usage that names the option, the value and the accepted forms */
export function readPlanEdit(words: PlanWords): PlanEdit {
  return {
    name: words.name,
    description: orNone(words.description, (text) => text),
    rank: orNone(words.rank, (text) => parseInteger(text, { name: '--rank' })),
    default: words.default ? true : undefined,
    fallback: readFallbackWord(words.fallback),
    prices: withStripe((words.price ?? []).map(readPriceWord), words.stripePrice ?? []),
    unsetPrices: words.unsetPrice?.map((text) => formatInterval(parseInterval(text, '--unset-price'))),
    limits: words.limit?.map(readLimitWord),
    unsetLimits: words.unsetLimit?.map((text) => readSlot(text, '--unset-limit')),
    features: words.feature?.map(readFeatureWord),
    unsetFeatures: words.unsetFeature,
    terms: readTerms(words),
  };
}

function readTerms(words: PlanWords): NonNullable<PlanEdit['terms']> {
  const said = {
    ...readCreditsWord(words.credits),
    rolloverMax: orNone(words.rolloverMax, (text) => parseAmount(text, { name: '--rollover-max', min: '0' })),
    trialDays: words.trialDays,
    graceDays: words.graceDays,
    netDays: words.netDays,
    autoRenew: words.autoRenew === undefined ? undefined : words.autoRenew === 'yes',
    maxUsers: orNone(words.maxUsers, (text) => parseInteger(text, { name: '--max-users' })),
    perSeat: words.perSeat === undefined ? undefined : words.perSeat === 'yes',
    allowedModels: readModelWords(words.allowModel),
    usageOnChange: words.usageOnChange,
    prorationMeter: orNone(words.prorationMeter, (text) => text),
    alertThresholds: readThresholdWords(words.alertAt),
  };
  return Object.fromEntries(Object.entries(said).filter(([, value]) => value !== undefined));
}

function readPriceWord(text: string): Price {
  const [, every, value] = /^([^=]+)=(.+)$/.exec(text) ?? [];
  const parts = /^(complimentary|[0-9.-]+) ?([A-Z]{3})?$/.exec(value ?? '');
  if (!every || !parts)
    throw new Failure('usage', `The --price '${text}' is not <interval>=<amount>`, {
      hint: 'Give 1mo=39.00, 1y=390.00EUR, or 1mo=complimentary for a plan that cannot be paid for',
    });
  return {
    interval: formatInterval(parseInterval(every, '--price')),
    currency: readCurrencyCode(parts[2] ?? 'USD', 'currency of the --price'),
    amount: parts[1] === 'complimentary' ? null : parseAmount(parts[1]!, { name: '--price', min: '0' }),
    stripePriceId: null,
  };
}

/** Joins prices with the Stripe price of their interval; a Stripe price needs its own --price. */
function withStripe(prices: Price[], words: readonly string[]): Price[] {
  for (const text of words) {
    const [, every, stripePriceId] = /^([^=]+)=(\S+)$/.exec(text) ?? [];
    const interval = every && formatInterval(parseInterval(every, '--stripe-price'));
    const price = prices.find((each) => each.interval === interval);
    if (!price || !stripePriceId)
      throw new Failure('usage', `The --stripe-price '${text}' has no matching --price`, {
        hint: 'Give both: --price 1mo=39.00 --stripe-price 1mo=price_1Abc',
      });
    price.stripePriceId = stripePriceId;
  }
  return prices;
}

const limitForms =
  'Give <meter>/<window>=<number>: messages/day=20, tokens/period=unlimited, files/day/member=5, messages/month=100:soft or messages/month=100:overage:0.01/1';

function readLimitWord(text: string): Limit {
  const [, slot, value, mode, overagePrice, overagePer] =
    /^([^=]+)=([^:]+)(?::(soft|hard|overage)(?::([^/]+)(?:\/(.+))?)?)?$/.exec(text) ?? [];
  if (!slot || !value || (mode === 'overage') !== (overagePrice !== undefined))
    throw new Failure('usage', `The --limit '${text}' is not valid`, { hint: limitForms });
  const { meter, window, scope } = readSlot(slot, '--limit');
  if (window === undefined)
    throw new Failure('usage', `The --limit '${text}' has no window`, { hint: limitForms });
  const amount = (given: string) => parseAmount(given, { name: '--limit', min: '0' });
  return {
    meter,
    window,
    scope: scope ?? 'customer',
    value: value === 'unlimited' ? null : amount(value),
    enforcement: (mode as Limit['enforcement'] | undefined) ?? 'hard',
    overagePrice: overagePrice === undefined ? null : amount(overagePrice),
    overagePer: overagePrice === undefined ? null : amount(overagePer ?? '1'),
  };
}

function readSlot(text: string, name: string): { meter: string; window?: string; scope?: Limit['scope'] } {
  const [meter = '', window, scope, ...others] = text.split('/');
  if (
    meter === '' ||
    others.length > 0 ||
    (scope !== undefined && scope !== 'member' && scope !== 'customer')
  )
    throw new Failure('usage', `The ${name} '${text}' is not <meter>/<window>`, { hint: limitForms });
  return {
    meter,
    ...(window === undefined ? {} : { window: formatWindow(parseWindow(window, name)) }),
    ...(scope === undefined ? {} : { scope }),
  };
}

function readCreditsWord(text: string | undefined): NonNullable<PlanEdit['terms']> {
  if (text === undefined) return {};
  if (text === 'none') return { credits: null, creditsUnlimited: false, creditsEvery: null };
  const [amount = '', every] = text.split('/');
  return {
    credits: amount === 'unlimited' ? null : parseAmount(amount, { name: '--credits', min: '0' }),
    creditsUnlimited: amount === 'unlimited',
    creditsEvery: every === undefined ? null : formatInterval(parseInterval(every, '--credits')),
  };
}

function readModelWords(words: string[] | undefined): string[] | null | undefined {
  if (!words || words.length === 0) return undefined;
  return words.length === 1 && words[0] === 'any' ? null : words;
}

function readThresholdWords(text: string | undefined): string[] | undefined {
  if (text === undefined) return undefined;
  if (text === 'none') return [];
  const findings = new Findings('--alert-at');
  const thresholds = readThresholds(
    findings,
    text,
    text.split(',').map((each) => each.trim()),
  );
  findings.throwIfRefused();
  return thresholds;
}

function readFallbackWord(text: string | undefined): Pick<Plan, 'fallback' | 'fallbackPlanId'> | undefined {
  if (text === undefined) return undefined;
  const findings = new Findings('--fallback');
  const fallback = readFallback(findings, text, text);
  findings.throwIfRefused();
  return fallback;
}

function orNone<T>(text: string | undefined, read: (text: string) => T): T | null | undefined {
  if (text === undefined) return undefined;
  return text === 'none' ? null : read(text);
}
