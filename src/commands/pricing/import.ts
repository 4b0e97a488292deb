import { importPrices } from '../../pricing/import-prices.ts';
import { openPriceList } from '../../pricing/open-price-list.ts';
import type { Outcome } from '../../terminal/outcome.ts';
import type { InputOf } from '../command.ts';
import type { Context } from '../context.ts';
import { write } from '../write.ts';
import type { importPricing as spec } from './spec.ts';

/** Adds the prices of a file. What was left out goes to stderr. */
export async function run(
  context: Context,
  { file, source: sources }: InputOf<typeof spec>,
): Promise<Outcome> {
  const list = await openPriceList(file, context.cwd);
  const request = { action: 'pricing import', asked: { file: list.file, sources } };
  const { changed, ...done } = await write(context, request, (tx, change) =>
    importPrices(tx, change, { ...list, sources }),
  );
  const { added, revised, unchanged, leftOut, warnings } = done;
  const changes = done.changes.map(({ effectiveFrom, ...each }) => ({
    ...each,
    effective_from: effectiveFrom,
  }));
  const counts = { added, revised, unchanged };
  return {
    record: { file: list.file, ...counts, left_out: leftOut, changes, warnings, dry_run: context.dryRun },
    sections: [
      {
        entries: Object.entries(counts).map(([label, count]) => [
          context.dryRun ? `${label} (not yet: --dry-run)` : label,
          count,
        ]),
      },
      ...(changed ? [{ columns, rows: changes }] : []),
    ],
    notes: [
      ...warnings.map((warning) => `warning: ${warning}`),
      ...leftOut.map((row) => `left out: ${row.provider}/${row.model} ${row.component}: ${row.reason}`),
    ],
  };
}

const columns = [
  { key: 'provider' },
  { key: 'model' },
  { key: 'component' },
  { key: 'effective_from', title: 'from' },
  { key: 'before', show: (value: unknown) => (value as string | null) ?? 'none' },
  { key: 'after' },
];
