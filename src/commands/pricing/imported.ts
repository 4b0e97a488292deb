import type { ImportedCatalogue } from '../../pricing/import-catalogue.ts';
import type { ImportedPrices } from '../../pricing/import-prices.ts';
import type { Column, Row, Section } from '../../terminal/outcome.ts';

const columns: readonly Column[] = [
  { key: 'provider' },
  { key: 'model' },
  { key: 'component' },
  { key: 'effective_from', title: 'from' },
  { key: 'before', show: (value: unknown) => (value as string | null) ?? 'none' },
  { key: 'after' },
];

/** The JSON record and the text output of an import: counts, then each change. */
export function importedSections(
  { added, revised, unchanged, leftOut, warnings, changes }: ImportedPrices | ImportedCatalogue,
  dryRun: boolean,
): { record: Row; sections: Section[] } {
  const counts = { added, revised, unchanged };
  const rows = changes.map(({ effectiveFrom, ...each }) => ({ ...each, effective_from: effectiveFrom }));
  return {
    record: { ...counts, left_out: leftOut, changes: rows, warnings, dry_run: dryRun },
    sections: [
      {
        entries: Object.entries(counts).map(([label, count]) => [
          dryRun ? `${label} (dry run)` : label,
          count,
        ]),
      },
      ...(rows.length > 0 ? [{ columns, rows }] : []),
    ],
  };
}
