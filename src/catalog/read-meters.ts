import { type Kind, type Meter, aggregations, kindCosts, meterFields, meterTiers } from './catalogue.ts';
import { type Findings, join } from './findings.ts';
import { isId, readChoice, readMapping, readName, readText, readTexts, shown } from './read-values.ts';

const keys = ['name', 'kinds', 'providers', 'models', 'tier', 'field', 'aggregation', 'unit'];
const idHint = 'Ids have small letters, digits, dots, dashes and underscores';

/**
 * Reads `kinds:` of a file: canonical kinds, each with its aliases, or with `aliases` and the `cost` of its uses at a provider. Each
 * canonical kind precedes its aliases.
 */
export function readKinds(findings: Findings, value: unknown): Kind[] {
  const kinds: Kind[] = [];
  for (const [canonical, entry] of Object.entries(readMapping(findings, 'kinds', value))) {
    const path = join('kinds', canonical);
    const { aliases, cost } = readKind(findings, path, entry);
    for (const id of [canonical, ...aliases]) {
      if (!isId(id)) findings.refuse(path, `${shown(id)} is not an id`, idHint);
      else if (kinds.some((kind) => kind.id === id)) findings.refuse(path, `${shown(id)} appears twice`);
      else kinds.push({ id, canonical, ...(cost && { cost }) });
    }
  }
  return kinds;
}

function readKind(findings: Findings, path: string, entry: unknown) {
  if (entry === undefined || entry === null || Array.isArray(entry))
    return { aliases: readTexts(findings, path, entry) ?? [] };
  const map = readMapping(findings, path, entry);
  findings.unknownKeys(path, map, ['aliases', 'cost']);
  return {
    aliases: readTexts(findings, join(path, 'aliases'), map.aliases) ?? [],
    cost: readChoice(kindCosts)(findings, join(path, 'cost'), map.cost),
  };
}

/** Reads `meters:` of a file. `canonicalOf` returns the canonical kind of a word, undefined for an unknown one. */
export function readMeters(
  findings: Findings,
  value: unknown,
  canonicalOf: (kind: string) => string | undefined,
): Meter[] {
  return Object.entries(readMapping(findings, 'meters', value)).map(([id, entry]) => {
    const path = join('meters', id);
    const map = readMapping(findings, path, entry);
    if (!isId(id.replace('*', 'x'))) findings.refuse(path, `${shown(id)} is not an id`, idHint);
    findings.unknownKeys(path, map, keys);
    return {
      id,
      name: readName(findings, join(path, 'name'), map.name) ?? id,
      kinds: readMeterKinds(findings, join(path, 'kinds'), map.kinds, canonicalOf),
      providers: readTexts(findings, join(path, 'providers'), map.providers) ?? null,
      models: readTexts(findings, join(path, 'models'), map.models) ?? null,
      tier: readChoice(meterTiers)(findings, join(path, 'tier'), map.tier) ?? null,
      field: readChoice(meterFields)(findings, join(path, 'field'), map.field) ?? 'quantity',
      aggregation: readChoice(aggregations)(findings, join(path, 'aggregation'), map.aggregation) ?? 'sum',
      unit: readText(findings, join(path, 'unit'), map.unit) ?? null,
    };
  });
}

function readMeterKinds(
  findings: Findings,
  path: string,
  value: unknown,
  canonicalOf: (kind: string) => string | undefined,
): string[] | null {
  const kinds = readTexts(findings, path, value);
  if (!kinds) return null;
  if (kinds.length === 0)
    findings.refuse(path, 'an empty list counts nothing', 'Omit it to count every kind');
  return [...new Set(kinds.map((kind) => canonicalOf(kind) ?? refuseKind(findings, path, kind)))];
}

function refuseKind(findings: Findings, path: string, kind: string): string {
  findings.refuse(path, `the kind ${shown(kind)} is unknown`, 'Declare it under kinds:');
  return kind;
}
