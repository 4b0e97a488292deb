import Big from 'big.js';
import type { Meter, ModelEntry } from './catalogue.ts';
import type { Lines } from './describe-plan.ts';

/** What a meter counts, one line a thing. */
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

/** Lines of a meter that may change although it has counted: the others say what its numbers mean. */
export const meterLabels = ['name', 'unit'];

/** What is said of models, one line a thing. */
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
