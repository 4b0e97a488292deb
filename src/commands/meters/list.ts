import { listMeters } from '../../catalog/list-meters.ts';
import type { Outcome } from '../../terminal/outcome.ts';
import type { InputOf } from '../command.ts';
import type { Context } from '../context.ts';
import type { listMeters as spec } from './spec.ts';

/** Prints the meters. */
export async function run(context: Context, { all }: InputOf<typeof spec>): Promise<Outcome> {
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
    empty: 'There are no meters yet: they come with plans (subctl meters list --all)',
  };
}

const anyOf = (value: unknown) => (value === null ? 'any' : (value as string[]).join(', '));
