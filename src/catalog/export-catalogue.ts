import { Document, isScalar, visit } from 'yaml';
import type { Kind, Meter, ModelEntry } from './catalogue.ts';
import { exportPlan, some, unless } from './export-plan.ts';
import type { StoredCatalogue } from './find-catalogue.ts';
import { type Standard, standardMeter } from './standard.ts';

/**
 * Exports the catalogue in the layout of a file: loading it changes nothing here and creates the same catalogue elsewhere. Standard kinds,
 * standard meters and default terms are left out.
 */
export function exportCatalogue(catalogue: StoredCatalogue, standard: Standard): Record<string, unknown> {
  const { meters, creditCosts, plans } = catalogue;
  const own = meters.filter(
    (meter) => JSON.stringify(standardMeter(standard, meter.id)) !== JSON.stringify(meter),
  );
  const value = {
    schema: 1,
    default_plan: plans.find(({ isDefault }) => isDefault)?.id,
    kinds: some(exportKinds(catalogue.kinds, standard)),
    meters: some(Object.fromEntries(own.map((meter) => [meter.id, exportMeter(meter)]))),
    models: some(exportModels(catalogue.models)),
    credit_costs: some(Object.fromEntries(creditCosts.map(({ kind, amount }) => [kind, amount]))),
    plans: Object.fromEntries(plans.map((plan) => [plan.id, exportPlan(plan)])),
  };
  return JSON.parse(JSON.stringify(value)) as Record<string, unknown>;
}

/** Exports the catalogue as the text of a YAML file. */
export function exportYaml(catalogue: StoredCatalogue, standard: Standard): string {
  const document = new Document(exportCatalogue(catalogue, standard));
  visit(document, {
    Scalar(key, node) {
      const isWhole =
        key !== 'key' && typeof node.value === 'string' && /^(0|[1-9]\d{0,17})$/.test(node.value);
      if (isWhole) node.value = BigInt(node.value as string);
    },
    Map(key, node) {
      node.flow =
        key !== null &&
        node.items.length > 0 &&
        node.items.every(({ value }) => isScalar(value) && String(value.value).length < 40);
    },
    Seq(_, node) {
      node.flow = node.items.every((item) => isScalar(item));
    },
  });
  return document.toString({ lineWidth: 0, flowCollectionPadding: false });
}

/** The catalogue's own kinds by canonical kind, each with its aliases, and its cost where that is not the default. */
function exportKinds(kinds: readonly Kind[], standard: Standard): Record<string, unknown> {
  const known = (id: string) => standard.kinds.find((kind) => kind.id === id);
  const costOf = ({ cost = 'priced' }: Kind) => cost;
  const usual = (kind: Kind) => costOf(kind) === costOf(known(kind.canonical) ?? { ...kind, cost: 'priced' });
  const own = kinds.filter((kind) => !known(kind.id) || !usual(kind));
  return Object.fromEntries(
    [...new Set(own.map((kind) => kind.canonical))].map((id) => {
      const aliases = own
        .filter((kind) => kind.canonical === id && kind.id !== id && !known(kind.id))
        .map((kind) => kind.id);
      const kind = kinds.find((each) => each.id === id);
      return [id, kind && !usual(kind) ? { aliases: some(aliases), cost: kind.cost } : aliases];
    }),
  );
}

function exportMeter({
  name,
  kinds,
  providers,
  models,
  tier,
  field,
  aggregation,
  unit,
}: Meter): Record<string, unknown> {
  return {
    name,
    kinds: some(kinds),
    providers: some(providers),
    models: some(models),
    tier: some(tier),
    field: unless(field, 'quantity'),
    aggregation: unless(aggregation, 'sum'),
    unit: some(unit),
  };
}

function exportModels(models: readonly ModelEntry[]): Record<string, Record<string, unknown>> {
  const entries: Record<string, Record<string, unknown>> = {};
  for (const { provider, pattern, aliases, freeTier, multiplier } of models)
    (entries[provider] ??= {})[pattern] = {
      aliases: some(aliases),
      free_tier: unless(freeTier, false),
      multiplier: unless(multiplier, '1'),
    };
  return entries;
}
