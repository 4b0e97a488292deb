import Big from 'big.js';
import { type Kind, type PlanVersion, emptyVersion } from './catalogue.ts';
import { readFeatures } from './features.ts';
import { type Findings, join } from './findings.ts';
import { type Periods, countMonthly, readInterval } from './periods.ts';
import { readCredits } from './read-credits.ts';
import { readLimits } from './read-limits.ts';
import { readPrices } from './read-prices.ts';
import {
  type Mapping,
  readAmount,
  readChoice,
  readCount,
  readFlag,
  readMapping,
  readText,
  readTexts,
  shown,
} from './read-values.ts';

/** Defaults that the file gives for all its plans. */
export interface PlanDefaults {
  periods: Periods;
  currency: string;
  version: PlanVersion;
  kinds: Kind[];
}

/** Keys of a plan that define its version. */
export const versionKeys = [
  'prices',
  'limits',
  'credits',
  'credits_every',
  'rollover_max',
  'features',
  'allowed_models',
  'max_users',
  'per_seat',
  'trial_days',
  'grace_days',
  'net_days',
  'auto_renew',
  'usage_on_change',
  'proration_meter',
  'alert_thresholds',
  'estimate_tokens',
  'extra',
  'sku',
  'kind',
];

/** Reads the keys of a plan that define its contents, as one version. */
export function readVersion(
  findings: Findings,
  path: string,
  map: Mapping,
  defaults: PlanDefaults,
): PlanVersion {
  const at = (key: string) => join(path, key);
  const { periods, currency } = defaults;
  const credits = readCredits(findings, at('credits'), map.credits, periods);
  const every = map.credits_every ?? undefined;
  return countMonthly({
    ...defaults.version,
    ...readTerms(findings, path, map, defaults.version),
    ...credits,
    creditsEvery:
      every === undefined
        ? credits.creditsEvery
        : (readInterval(findings, at('credits_every'), every, periods) ?? null),
    rolloverMax: readAmount(findings, at('rollover_max'), map.rollover_max) ?? null,
    features: readFeatures(findings, at('features'), map.features),
    allowedModels: readTexts(findings, at('allowed_models'), map.allowed_models) ?? null,
    maxUsers: readCount(findings, at('max_users'), map.max_users) ?? null,
    perSeat: readFlag(findings, at('per_seat'), map.per_seat) ?? false,
    usageOnChange:
      readChoice(['reset', 'carry'])(findings, at('usage_on_change'), map.usage_on_change) ?? 'reset',
    prorationMeter: readText(findings, at('proration_meter'), map.proration_meter) ?? null,
    extra: readExtra(findings, path, map),
    prices: readPrices(findings, at('prices'), map.prices, { periods, currency }),
    limits: readLimits(findings, at('limits'), map.limits),
  });
}

/** Reads days, renewal, thresholds and estimates: a file may give them for all its plans. */
export function readTerms(
  findings: Findings,
  path: string,
  map: Mapping,
  base: PlanVersion = emptyVersion(),
): Pick<
  PlanVersion,
  'trialDays' | 'graceDays' | 'netDays' | 'autoRenew' | 'alertThresholds' | 'estimatePaid' | 'estimateFree'
> {
  const at = (key: string) => join(path, key);
  return {
    ...readEstimates(findings, at('estimate_tokens'), map.estimate_tokens, base),
    trialDays: readCount(findings, at('trial_days'), map.trial_days) ?? base.trialDays,
    graceDays: readCount(findings, at('grace_days'), map.grace_days) ?? base.graceDays,
    netDays: readCount(findings, at('net_days'), map.net_days) ?? base.netDays,
    autoRenew: readFlag(findings, at('auto_renew'), map.auto_renew) ?? base.autoRenew,
    alertThresholds:
      readThresholds(findings, at('alert_thresholds'), map.alert_thresholds) ?? base.alertThresholds,
  };
}

/** Reads percentages above 0, ascending, each once. An empty list sends no alerts. */
export function readThresholds(findings: Findings, path: string, value: unknown): string[] | undefined {
  const texts = readTexts(findings, path, value);
  const amounts = texts?.map((text, at) => readAmount(findings, join(path, at), text));
  if (!amounts || amounts.includes(undefined)) return undefined;
  const percents = (amounts as string[])
    .map((amount) => new Big(amount))
    .sort((one, other) => one.cmp(other));
  if (percents.some((percent) => percent.lte(0) || percent.gt(1000)))
    findings.refuse(path, `${shown(value)} are not percentages`, 'Write percentages above 0: [80, 90, 100]');
  return [...new Set(percents.map((percent) => percent.toFixed()))];
}

/** Reads the tokens of a use whose size is unknown: `{paid: 100, free: 50}`. */
function readEstimates(findings: Findings, path: string, value: unknown, base: PlanVersion) {
  const map = readMapping(findings, path, value);
  findings.unknownKeys(path, map, ['paid', 'free']);
  return {
    estimatePaid: readAmount(findings, join(path, 'paid'), map.paid) ?? base.estimatePaid,
    estimateFree: readAmount(findings, join(path, 'free'), map.free) ?? base.estimateFree,
  };
}

/** Reads labels that subctl stores and shows: `sku` and `kind` of a plan, and the keys of `extra:`. */
function readExtra(findings: Findings, path: string, map: Mapping): Record<string, unknown> {
  const extra = { ...readMapping(findings, join(path, 'extra'), map.extra) };
  for (const key of ['sku', 'kind']) {
    const text = readText(findings, join(path, key), map[key]);
    if (text !== undefined) extra[key] = text;
  }
  return extra;
}
