import Big from 'big.js';
import type { CreditCost, Kind, PlanVersion } from './catalogue.ts';
import { type Findings, join } from './findings.ts';
import { type Periods, readInterval } from './periods.ts';
import { isId, readAmount, readMapping, shown } from './read-values.ts';

export type Credits = Pick<PlanVersion, 'credits' | 'creditsUnlimited' | 'creditsEvery'>;

const forms = 'Write {period: 100}, {every_1mo: 100}, a number, or {period: null} for unlimited';

/** Reads `credits:` of a plan: per period or per interval; a null amount is unlimited, an absent key is none. */
export function readCredits(findings: Findings, path: string, value: unknown, periods: Periods): Credits {
  const none = { credits: null, creditsUnlimited: false, creditsEvery: null };
  if (value === undefined || value === null) return none;
  const map =
    typeof value === 'object' && !Array.isArray(value)
      ? (value as Record<string, unknown>)
      : { period: value };
  const [entry, ...others] = Object.entries(map);
  if (!entry || others.length > 0) {
    findings.refuse(path, `${shown(value)} is not an amount of credits`, forms);
    return none;
  }
  const [window, amount] = entry;
  const creditsEvery = window === 'period' ? null : readEvery(findings, join(path, window), window, periods);
  if (amount === null || amount === 'unlimited')
    return { credits: null, creditsUnlimited: true, creditsEvery };
  return {
    credits: readAmount(findings, join(path, window), amount) ?? null,
    creditsUnlimited: false,
    creditsEvery,
  };
}

function readEvery(findings: Findings, path: string, window: string, periods: Periods): string | null {
  if (window.startsWith('every_'))
    return readInterval(findings, path, window.slice('every_'.length), periods) ?? null;
  findings.refuse(path, `credits cannot be granted per ${window}`, forms);
  return null;
}

/** The smallest and the largest cost of a use in credits: credits have 18 digits after the point. */
const creditCostRange = { min: '0.000000000000000001', max: '1000' };

/** The range of a credit cost, for messages. */
export const creditCostWords = 'more than 0 and at most 1000';

/** Reads `credit_costs:`: what a use costs, by kind or alias, within the file's own range. An unknown kind is added to `kinds`. */
export function readCreditCosts(
  findings: Findings,
  path: string,
  value: unknown,
  { kinds, range = creditCostRange }: { kinds: Kind[]; range?: typeof creditCostRange },
): CreditCost[] {
  const costs: CreditCost[] = [];
  for (const [word, entry] of Object.entries(readMapping(findings, path, value))) {
    const at = join(path, word);
    const amount = readAmount(findings, at, entry);
    if (!isId(word)) findings.refuse(at, `${shown(word)} is not a valid kind id`);
    if (entry === null) findings.refuse(at, 'the amount is missing');
    if (amount !== undefined && !isCreditCost(amount))
      findings.refuse(at, `${amount} credits is not ${creditCostWords}`);
    else if (amount !== undefined && !isCreditCost(amount, range))
      findings.refuse(
        at,
        `${amount} credits is not from ${range.min} to ${range.max}, its credit_cost_range`,
      );
    const kind = kinds.find(({ id }) => id === word)?.canonical ?? addKind(kinds, word);
    if (costs.some((cost) => cost.kind === kind)) findings.refuse(at, `a second cost for the kind ${kind}`);
    if (amount !== undefined) costs.push({ kind, amount });
  }
  return costs;
}

/** Whether a use may have this cost. */
export function isCreditCost(amount: string, { min, max } = creditCostRange): boolean {
  return new Big(amount).gte(min) && new Big(amount).lte(max);
}

/** Reads `credit_cost_range:` of a file: the bounds of its credit costs. */
export function readCreditCostRange(findings: Findings, path: string, value: unknown) {
  const map = readMapping(findings, path, value);
  findings.unknownKeys(path, map, ['min', 'max']);
  return {
    min: readAmount(findings, join(path, 'min'), map.min) ?? creditCostRange.min,
    max: readAmount(findings, join(path, 'max'), map.max) ?? creditCostRange.max,
  };
}

function addKind(kinds: Kind[], id: string): string {
  kinds.push({ id, canonical: id });
  return id;
}
