import Big from 'big.js';
import { compareText } from '../domain/compare.ts';
import { parseAmount } from '../domain/amounts.ts';
import { Failure } from '../domain/failure.ts';
import type { Feature, Plan } from './catalogue.ts';
import { type Findings, join } from './findings.ts';
import { shown } from './read-values.ts';

/**
 * The features of a plan beside its limits: each is yes or no, an amount, or a word that the application defines.
 *
 * A customer has a feature that is yes, an amount above 0, or any word; an amount of null is unlimited and 0 is none (R11). A plan's
 * subscribers do not have a feature that the plan does not name. A feature has one type in all plans, so that an application can rely on
 * it. A value that looks like a number is a number, quoted or not.
 */
const forms =
  'Write true, false, a number of 0 or more, unlimited, or a word: {sso: true, projects: 10, support: email}';

/** Reads `features:` of a plan in a file: a list of names, or a mapping of names to values. Sorted by name. */
export function readFeatures(findings: Findings, path: string, value: unknown): Feature[] {
  if (value === undefined || value === null) return [];
  if (typeof value !== 'object') {
    findings.refuse(
      path,
      `${shown(value)} is neither a list nor a mapping`,
      'Write [sso, api] or {sso: true, projects: 10}',
    );
    return [];
  }
  const entries = Array.isArray(value)
    ? value.map((name): [unknown, unknown] => [name, true])
    : Object.entries(value).map(([name, said]): [unknown, unknown] => [name, said]);
  const features = entries.flatMap(([name, said], at) => {
    const where = join(path, Array.isArray(value) ? at : String(name));
    const read = findings.attempt(where, () => makeFeature(name, said));
    return read === undefined ? [] : [read];
  });
  return sorted(features);
}

/** Reads `sso`, `projects=10`, `projects=unlimited`, `support=email` of an option. @throws Failure usage */
export function readFeatureWord(text: string): Feature {
  const at = text.indexOf('=');
  if (at < 0) return makeFeature(text, true);
  const said = text.slice(at + 1);
  const booleans = new Map([
    ['true', true],
    ['false', false],
  ]);
  return makeFeature(text.slice(0, at), booleans.get(said) ?? said);
}

function makeFeature(name: unknown, said: unknown): Feature {
  if (typeof name !== 'string' || !/^[\p{L}\d_][\p{L}\d_.:-]{0,99}$/u.test(name))
    throw new Failure('usage', `${shown(name)} is not a valid feature name`, {
      hint: 'Use letters, digits, and _ . : - between them, at most 100 characters: priority_support',
    });
  if (typeof said === 'boolean') return { name, type: 'boolean', value: said };
  if (said === null || said === 'unlimited') return { name, type: 'number', value: null };
  if (typeof said === 'string' && /^[+-]?[\d.]+(e[+-]?\d+)?$/i.test(said.trim()))
    return { name, type: 'number', value: parseAmount(said, { name: `feature ${name}`, min: '0' }) };
  if (typeof said === 'string' && said.trim() !== '' && said.length <= 1000 && !/\p{Cc}/u.test(said))
    return { name, type: 'text', value: said };
  throw new Failure('usage', `${shown(said)} is not a valid value for the feature ${name}`, { hint: forms });
}

/** Merges features: those of `others` replace or extend them. Sorted by name. */
export function withFeatures(features: readonly Feature[], others: readonly Feature[]): Feature[] {
  return sorted([...features, ...others]);
}

/** By name, the last of each. */
function sorted(features: readonly Feature[]): Feature[] {
  const byName = new Map(features.map((feature) => [feature.name, feature]));
  return [...byName.values()].sort((one, other) => compareText(one.name, other.name));
}

/** `yes`, `no`, `10`, `unlimited`, or the word. */
export function featureWord({ type, value }: Pick<Feature, 'type' | 'value'>): string {
  if (type === 'boolean') return value ? 'yes' : 'no';
  if (value === null) return 'unlimited';
  return type === 'number' ? new Big(value as string).toFixed() : String(value);
}

/** All features in one line: `api_access, projects 10, support email`; undefined for none. */
export function featureLine(features: readonly Feature[]): string | undefined {
  const words = features.map((feature) =>
    feature.type === 'boolean' && feature.value ? feature.name : `${feature.name} ${featureWord(feature)}`,
  );
  return words.length === 0 ? undefined : words.join(', ');
}

/** The features as a file has them: a list where all are yes, else a mapping. */
export function exportFeatures(features: readonly Feature[]): string[] | Record<string, unknown> {
  if (features.every(({ type, value }) => type === 'boolean' && value))
    return features.map(({ name }) => name);
  return Object.fromEntries(
    features.map(({ name, type, value }) => [name, type === 'number' ? (value ?? 'unlimited') : value]),
  );
}

/** The features as the JSON text of their column, numbers with all their digits. */
export function featuresText(features: readonly Feature[]): string {
  const entries = features.map(({ name, type, value }) => {
    const text = type === 'number' ? (value ?? 'null') : JSON.stringify(value);
    return `${JSON.stringify(name)}: ${text}`;
  });
  return `{${entries.join(', ')}}`;
}

/** Checks that a feature has the same type in all plans. @throws Failure conflict */
export function checkFeatureTypes(plans: readonly Pick<Plan, 'id' | 'version'>[]): void {
  const known = new Map<string, { plan: string; type: Feature['type'] }>();
  for (const { id, version } of plans)
    for (const { name, type } of version.features) {
      const other = known.get(name);
      if (!other) known.set(name, { plan: id, type });
      else if (other.type !== type)
        throw new Failure(
          'conflict',
          `The feature ${name} is a ${other.type} in plan ${other.plan} and a ${type} in plan ${id}`,
          {
            hint: 'A feature has one type in all plans. Change them together in a file: subctl plans load FILE --update',
          },
        );
    }
}
