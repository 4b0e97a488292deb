import { formatWindow, parseWindow } from '../domain/windows.ts';
import { type Limit, enforcements, scopes } from './catalogue.ts';
import { type Findings, join } from './findings.ts';
import { type Mapping, readAmount, readChoice, readMapping } from './read-values.ts';

const keys = ['limit', 'enforcement', 'overage_price', 'overage_per', 'scope'];

/**
 * Reads `limits:` of a plan: by meter and window a number, null for unlimited, a mapping with limit, enforcement, overage_price,
 * overage_per and scope, or a list of such mappings, one per scope. `per_chat` is `session`. The caller checks that the meters exist.
 */
export function readLimits(findings: Findings, path: string, value: unknown): Limit[] {
  const limits: Limit[] = [];
  for (const [meter, windows] of Object.entries(readMapping(findings, path, value))) {
    for (const [word, entry] of Object.entries(readMapping(findings, join(path, meter), windows))) {
      const at = join(join(path, meter), word);
      const window = readWindow(findings, at, word);
      for (const each of Array.isArray(entry) ? entry : [entry]) {
        const limit = { meter, window: window ?? word, ...readLimit(findings, at, each) };
        if (limits.some((other) => sameSlot(other, limit)))
          findings.refuse(at, `a second limit on ${meter} per ${limit.window} for each ${limit.scope}`);
        limits.push(limit);
      }
    }
  }
  return limits;
}

/** Whether two limits have the same meter, window and scope: a plan can have only one of them. */
export function sameSlot(one: Omit<Limit, 'value'>, other: Omit<Limit, 'value'>): boolean {
  return one.meter === other.meter && one.window === other.window && one.scope === other.scope;
}

/** A window's word; `per_chat` is `session`. */
function readWindow(findings: Findings, path: string, word: string): string | undefined {
  return findings.attempt(path, () => formatWindow(parseWindow(word === 'per_chat' ? 'session' : word)));
}

function readLimit(findings: Findings, path: string, value: unknown): Omit<Limit, 'meter' | 'window'> {
  const map: Mapping = value !== null && typeof value === 'object' ? (value as Mapping) : { limit: value };
  findings.unknownKeys(path, map, keys);
  if (!('limit' in map))
    findings.refuse(path, 'the limit is missing', 'Write limit: with a number, or null for unlimited');
  const overagePrice = readAmount(findings, join(path, 'overage_price'), map.overage_price) ?? null;
  const enforcement =
    readChoice(enforcements)(findings, join(path, 'enforcement'), map.enforcement) ??
    (overagePrice === null ? 'hard' : 'overage');
  if ((enforcement === 'overage') !== (overagePrice !== null))
    findings.refuse(
      path,
      'overage needs a price, and only overage can have one',
      'Write enforcement: overage with overage_price:',
    );
  const overagePer = readAmount(findings, join(path, 'overage_per'), map.overage_per);
  return {
    scope: readChoice(scopes)(findings, join(path, 'scope'), map.scope) ?? 'customer',
    value: readAmount(findings, path, map.limit) ?? null,
    enforcement,
    overagePrice,
    overagePer: overagePer ?? (overagePrice === null ? null : '1'),
  };
}
