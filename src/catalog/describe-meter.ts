import Big from 'big.js';
import type { Meter, ModelEntry } from './catalogue.ts';
import type { Lines } from './describe-plan.ts';

/** Describes what a meter counts, one line for each property. */
export function describeMeter(meter: Meter): Lines {
  return {
    name: meter.name,
    unit: meter.unit ?? 'none',
    kinds: anyOf(meter.kinds),
    providers: anyOf(meter.providers),
    models: anyOf(meter.models),
    tier: meter.tier ?? 'any',
    field: meter.field,
    aggregation: meter.aggregation,
  };
}

/** The lines of a meter that may change after it has counted. The others define what its numbers mean. */
export const meterLabels = ['name', 'unit'];

/** Describes a model entry, one line for each property. */
export function describeModel(model: ModelEntry): Lines {
  return {
    aliases: model.aliases.join(', ') || 'none',
    'free tier': model.freeTier ? 'yes' : 'no',
    multiplier: new Big(model.multiplier).toFixed(),
  };
}

function anyOf(list: readonly string[] | null): string {
  return list === null ? 'any' : [...list].sort().join(', ');
}
