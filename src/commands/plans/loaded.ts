import { differenceWord } from '../../catalog/differences.ts';
import type { LoadedCatalogue } from '../../catalog/load-catalogue.ts';
import type { Section } from '../../terminal/outcome.ts';

/** Ids of the other parts that were added or changed, grouped by kind of part. */
export function partsOf({ parts }: Pick<LoadedCatalogue, 'parts'>) {
  const ids = (part: string) => parts.filter((each) => each.part === part).map(({ id }) => id);
  return {
    meters: ids('meter'),
    kinds: ids('kind'),
    models: ids('model'),
    credit_costs: ids('credit costs'),
  };
}

/** The output for a loaded catalogue: a table of its plans, then the other parts. */
export function loadedSections(done: LoadedCatalogue, title: string): Section[] {
  const entries = Object.entries(partsOf(done))
    .filter(([, ids]) => ids.length > 0)
    .map(
      ([label, ids]) =>
        [label.replace('_', ' '), label === 'kinds' ? `${ids.length} added` : ids.join(', ')] as const,
    );
  const rows = done.plans.map((plan) => ({ ...plan, differences: plan.differences.map(differenceWord) }));
  const columns = [
    { key: 'plan' },
    { key: 'action' },
    { key: 'version', align: 'right' as const },
    {
      key: 'staying',
      title: 'on old version',
      align: 'right' as const,
      show: (value: unknown) => (value === 0 ? '' : String(value)),
    },
    { key: 'differences', title: 'changes', show: (value: unknown) => (value as string[]).join('\n') },
  ];
  return [{ title, columns, rows }, ...(entries.length > 0 ? [{ entries }] : [])];
}
