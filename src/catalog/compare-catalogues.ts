import type { Catalogue, Kind } from './catalogue.ts';
import { describeMeter, describeModel } from './describe-meter.ts';
import { type Lines, moneyWord } from './describe-plan.ts';
import { type Difference, compareLines, comparePlans } from './differences.ts';
import type { StoredCatalogue } from './find-catalogue.ts';

export type Part = 'plan' | 'meter' | 'model' | 'credit costs' | 'kind';

/** A part of a catalogue that is missing in the database or differs there. */
export interface PartDifference {
  part: Part;
  id: string;
  isNew: boolean;
  differences: Difference[];
}

/**
 * Returns what loading `wanted` would change: new parts and differing ones. Parts that only the database has are left alone and are no
 * difference.
 */
export function compareCatalogues(stored: StoredCatalogue, wanted: Catalogue): PartDifference[] {
  return [
    ...wanted.kinds.flatMap((kind) => {
      const known = stored.kinds.find(({ id }) => id === kind.id);
      return compareParts('kind', kind.id, known && describeKind(known), describeKind(kind));
    }),
    ...wanted.meters.flatMap((meter) => {
      const known = stored.meters.find(({ id }) => id === meter.id);
      return compareParts('meter', meter.id, known && describeMeter(known), describeMeter(meter));
    }),
    ...wanted.models.flatMap((model) => {
      const known = stored.models.find(
        (each) => each.provider === model.provider && each.pattern === model.pattern,
      );
      return compareParts(
        'model',
        `${model.provider}/${model.pattern}`,
        known && describeModel(known),
        describeModel(model),
      );
    }),
    ...wanted.creditCosts.flatMap(({ kind, amount }) => {
      const known = stored.creditCosts.find((each) => each.kind === kind);
      return compareParts('credit costs', kind, known && { cost: moneyWord(known.amount) }, {
        cost: moneyWord(amount),
      });
    }),
    ...wanted.plans.flatMap((plan): PartDifference[] => {
      const known = stored.plans.find(({ id }) => id === plan.id);
      if (!known)
        return [{ part: 'plan', id: plan.id, isNew: true, differences: stealsDefault(stored, plan) }];
      const { row, version } = comparePlans(known, plan);
      return row.length + version.length === 0
        ? []
        : [{ part: 'plan', id: plan.id, isNew: false, differences: [...row, ...version] }];
    }),
  ];
}

function describeKind({ canonical, cost = 'priced' }: Kind): Lines {
  return { means: canonical, cost };
}

/** Lists what a new plan changes of what exists: only the default plan, if it takes that place. */
function stealsDefault(stored: StoredCatalogue, plan: Catalogue['plans'][number]): Difference[] {
  const other = stored.plans.find(({ isDefault }) => isDefault);
  return plan.isDefault && other ? [{ what: 'default plan', before: other.id, after: plan.id }] : [];
}

function compareParts(part: Part, id: string, before: Lines | undefined, after: Lines): PartDifference[] {
  if (!before) return [{ part, id, isNew: true, differences: [] }];
  const differences = compareLines(before, after);
  return differences.length === 0 ? [] : [{ part, id, isNew: false, differences }];
}
