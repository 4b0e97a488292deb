import { differenceWord } from '../../catalog/differences.ts';
import { loadFrom } from '../../catalog/load-from.ts';
import { openCatalogue } from '../../catalog/open-catalogue.ts';
import type { Outcome, Section } from '../../terminal/outcome.ts';
import type { InputOf } from '../command.ts';
import type { Context } from '../context.ts';
import { write } from '../write.ts';
import type { loadPlans as spec } from './catalogue-spec.ts';

/** Loads a catalogue and says what became of each plan. Warnings go to stderr. */
export async function run(context: Context, input: InputOf<typeof spec>): Promise<Outcome> {
  const { catalogue, preset, update } = input;
  const opened = await openCatalogue(catalogue, { cwd: context.cwd, preset });
  const done = await write(context, { action: 'plans load', asked: { ...input } }, (tx, change) =>
    loadFrom(tx, change, { opened, update }),
  );
  const added = (part: string) => done.parts.filter((each) => each.part === part).map(({ id }) => id);
  const others = {
    meters: added('meter'),
    kinds: added('kind'),
    models: added('model'),
    credit_costs: added('credit costs'),
  };
  const plans: Section = {
    title: `Catalogue ${opened.name}${context.dryRun ? ' (not loaded: --dry-run)' : ''}`,
    columns: [
      { key: 'plan' },
      { key: 'action' },
      { key: 'version', align: 'right' },
      {
        key: 'staying',
        title: 'stay behind',
        align: 'right',
        show: (value) => (value === 0 ? '' : String(value)),
      },
      { key: 'differences', title: 'changes', show: (value) => (value as string[]).join('\n') },
    ],
    rows: done.plans.map((plan) => ({ ...plan, differences: plan.differences.map(differenceWord) })),
  };
  const entries = Object.entries(others)
    .filter(([, ids]) => ids.length > 0)
    .map(
      ([label, ids]) =>
        [label.replace('_', ' '), label === 'kinds' ? `${ids.length} added` : ids.join(', ')] as const,
    );
  const { priceSources, warnings, changed } = done;
  const prices = priceSources.map((source) => ` --source ${source}`).join('');
  return {
    record: {
      catalogue: opened.name,
      changed,
      dry_run: context.dryRun,
      plans: done.plans,
      ...others,
      price_sources: priceSources,
      warnings,
    },
    sections: [plans, ...(entries.length > 0 ? [{ entries }] : [])],
    notes: [
      ...warnings.map((warning) => `warning: ${warning}`),
      ...(changed ? [] : ['Nothing to change']),
      ...(priceSources.length > 0 ? [`Its prices are loaded by: subctl pricing import${prices}`] : []),
    ],
  };
}
