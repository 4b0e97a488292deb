import { nearest } from '../domain/nearest.ts';
import type { Meter, Plan } from './catalogue.ts';
import { type Findings, join } from './findings.ts';
import { shown } from './read-values.ts';

export interface MeterSources {
  plans: readonly Plan[];
  /** the file's own meters */
  declared: readonly Meter[];
  /** a meter that is known without being declared */
  find: (id: string) => Meter | undefined;
}

/** Patterns of standard meters, for the message about an unknown one. */
const hint =
  'Declare it under meters:, or use a standard one such as messages, tokens, cost_usd, calls.<provider> (subctl meters list --all)';

const common = [
  'messages',
  'tokens',
  'free_model_messages',
  'free_model_tokens',
  'images',
  'files',
  'file_bytes',
  'cost_usd',
  'llm_tokens',
  'voice_tokens',
];

/** Returns the meters that a catalogue needs: those it declares, and those that its plans limit. An unknown one is refused. */
export function usedMeters(findings: Findings, { plans, declared, find }: MeterSources): Meter[] {
  const meters = new Map(declared.map((meter) => [meter.id, meter]));
  for (const plan of plans) {
    const path = join('plans', plan.id);
    const uses = plan.version.limits.map((limit) => ({
      id: limit.meter,
      at: join(join(path, 'limits'), limit.meter),
    }));
    if (plan.version.prorationMeter !== null)
      uses.push({ id: plan.version.prorationMeter, at: join(path, 'proration_meter') });
    for (const { id, at } of uses.filter(({ id }) => !meters.has(id))) {
      const meter = find(id);
      const near = nearest(id, [...common, ...meters.keys()]);
      if (meter) meters.set(id, meter);
      else
        findings.refuse(
          at,
          `the meter ${shown(id)} is unknown${near ? `, did you mean ${near}?` : ''}`,
          hint,
        );
    }
  }
  return [...meters.values()];
}
