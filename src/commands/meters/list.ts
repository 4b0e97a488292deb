import { listMeters } from '../../catalog/list-meters.ts';
import type { Outcome } from '../../terminal/outcome.ts';
import type { Context } from '../context.ts';
import { type Options, verb } from '../verb.ts';

export const command = verb({
  examples: [
    ['subctl meters list', 'meters in use'],
    ['subctl meters list --all --json', 'every meter that a plan can limit'],
  ],
  rows: 'list',
}).option('--all', 'include standard meters that no plan uses yet', false);

/** Prints the meters. */
export async function run(context: Context, { all }: Options<typeof command>): Promise<Outcome> {
  const meters = await listMeters(await context.database(), { all });
  return {
    columns: [
      { key: 'meter' },
      { key: 'name' },
      { key: 'kinds', show: anyOf },
      { key: 'providers', show: anyOf },
      { key: 'models', show: anyOf, optional: true },
      { key: 'tier', show: (value) => (value as string | null) ?? 'any' },
      { key: 'field' },
      { key: 'aggregation', hidden: true },
      { key: 'unit', optional: true },
      ...(all ? [{ key: 'in_use', title: 'in use', show: (value: unknown) => (value ? 'yes' : 'no') }] : []),
    ],
    rows: meters.map(({ id, inUse, ...meter }) => ({ meter: id, ...meter, in_use: inUse })),
    empty: 'There are no meters yet. Plans create them; for the standard meters: subctl meters list --all',
  };
}

const anyOf = (value: unknown) => (value === null ? 'any' : (value as string[]).join(', '));
