import { type Catalogue, type Kind, type Meter, type Plan, emptyVersion } from './catalogue.ts';
import { Findings, join } from './findings.ts';
import { readPeriods } from './periods.ts';
import { readCreditCostRange, readCreditCosts } from './read-credits.ts';
import { readKinds, readMeters } from './read-meters.ts';
import { readModels } from './read-models.ts';
import { readPlan } from './read-plan.ts';
import { readCurrency } from './read-prices.ts';
import { readTerms, readThresholds } from './read-version.ts';
import { type Mapping, readFlag, readMapping, readText, readTexts, shown } from './read-values.ts';
import { type Standard, standardMeter } from './standard.ts';
import { usedMeters } from './used-meters.ts';
import { warnOfUnenforced } from './unenforced.ts';

/** A file that was read: its catalogue, the prices that belong to it, and warnings. */
export interface ReadCatalogue {
  catalogue: Catalogue;
  /** sources of data/prices.csv, in the order of import */
  priceSources: string[];
  /** the providers of which an installation needs a key: for the setting required_keys */
  requiredKeys: string[];
  warnings: string[];
}

export interface ReadCatalogueOptions {
  /** for messages */
  file: string;
  standard: Standard;
  /** kinds and meters that the database has beside the standard ones */
  known?: { kinds: readonly Kind[]; meters: readonly Meter[] };
}

const keys = [
  ...['schema', 'name', 'description', 'source', 'confidence', 'currency', 'period', 'plans', 'default_plan'],
  ...['auto_renew_default', 'trial_days', 'grace_days', 'net_days', 'warn_percent', 'alert_thresholds'],
  ...['credit_costs', 'credit_cost_range', 'price_sources', 'kinds', 'meters', 'models', 'required_keys'],
  ...['free_model_reset', 'estimate_tokens', 'token_estimates'],
];

/**
 * Reads one catalogue layout (the value of a `plans:` file or of one preset): plans with their first version, the meters that they limit
 * or that the file declares, all standard kinds and the file's own. Does not touch the database.
 * @throws Failure usage that names the path, the value, the reason and what is accepted
 */
export function readCatalogue(
  value: unknown,
  { file, standard, known }: ReadCatalogueOptions,
): ReadCatalogue {
  const findings = new Findings(file);
  const map = readMapping(findings, '', value);
  findings.unknownKeys('', map, keys);
  if (map.plans === undefined)
    findings.refuse('plans', 'there are no plans', 'Write plans: with an entry for each plan');
  const kinds = mergeKinds(
    findings,
    [...standard.kinds, ...(known?.kinds ?? [])],
    readKinds(findings, map.kinds),
  );
  const declared = readMeters(findings, map.meters, (word) => kinds.find(({ id }) => id === word)?.canonical);
  const range = readCreditCostRange(findings, 'credit_cost_range', map.credit_cost_range);
  const creditCosts = readCreditCosts(findings, 'credit_costs', map.credit_costs, { kinds, range });
  const plans = readPlans(findings, map, kinds);
  const meters = usedMeters(findings, { plans, declared, find: (id) => find(id) });
  warnOfUnenforced(findings, map, plans);
  const catalogue = { kinds, meters, creditCosts, models: readModels(findings, map.models), plans };
  const priceSources = readTexts(findings, 'price_sources', map.price_sources) ?? [];
  const requiredKeys = readTexts(findings, 'required_keys', map.required_keys) ?? [];
  findings.throwIfRefused();
  return { catalogue, priceSources, requiredKeys, warnings: findings.warnings };

  function find(id: string): Meter | undefined {
    return known?.meters.find((meter) => meter.id === id) ?? standardMeter(standard, id);
  }
}

function readPlans(findings: Findings, map: Mapping, kinds: Kind[]): Plan[] {
  const entries = Object.entries(readMapping(findings, 'plans', map.plans));
  const defaultPlan = readText(findings, 'default_plan', map.default_plan);
  if (defaultPlan !== undefined && !entries.some(([id]) => id === defaultPlan))
    findings.refuse(
      'default_plan',
      `${shown(defaultPlan)} is not one of its plans`,
      `Write one of: ${entries.map(([id]) => id).join(', ')}`,
    );
  const terms = readTerms(findings, '', map);
  const defaults = {
    periods: readPeriods(findings, map.period),
    currency: readCurrency(findings, 'currency', map.currency) ?? 'USD',
    kinds,
    version: {
      ...emptyVersion(),
      ...terms,
      alertThresholds: readThresholds(findings, 'warn_percent', map.warn_percent) ?? terms.alertThresholds,
      autoRenew: readFlag(findings, 'auto_renew_default', map.auto_renew_default) ?? terms.autoRenew,
    },
  };
  return entries.map(([id, plan]) => readPlan(findings, id, plan, { defaults, defaultPlan }));
}

/** All kinds, each word once; a word that already means another kind is refused. */
function mergeKinds(findings: Findings, known: readonly Kind[], own: readonly Kind[]): Kind[] {
  const kinds = new Map(known.map((kind) => [kind.id, kind]));
  for (const kind of own) {
    const other = kinds.get(kind.id);
    if (other && other.canonical !== kind.canonical)
      findings.refuse(
        join('kinds', kind.canonical),
        `${shown(kind.id)} already means the kind ${other.canonical}`,
      );
    else kinds.set(kind.id, { ...other, ...kind });
  }
  const costs = new Map(own.flatMap(({ canonical, cost }) => (cost ? [[canonical, cost]] : [])));
  return [...kinds.values()].map((kind) => ({ ...kind, cost: costs.get(kind.canonical) ?? kind.cost }));
}
