import type { VersionChange } from '../../catalog/version-changes.ts';
import type { Migrated } from '../../subscriptions/migrate.ts';
import type { RecordOutcome, Section } from '../../terminal/outcome.ts';

/** How many were moved, and the rows that are shown. */
export interface Tally {
  migrated: number;
  scheduled: number;
  skipped: number;
  rows: Migrated[];
}

/** The page of a migration: counts, what changes for whom, and who stays. */
export function migratePage(
  tally: Tally,
  { plan, changes, dryRun }: { plan: string; changes: VersionChange[]; dryRun: boolean },
): RecordOutcome {
  const { rows, ...counts } = tally;
  const sections: Section[] = [
    {
      entries: [
        ['plan', plan],
        [dryRun ? 'would move now' : 'moved now', counts.migrated],
        ['at the period’s end', counts.scheduled],
        ['left as they are', counts.skipped],
      ],
    },
    {
      title: 'What changes',
      columns: [
        { key: 'from_version', title: 'of version', align: 'right' },
        { key: 'what' },
        { key: 'before' },
        { key: 'after' },
      ],
      rows: changes,
      empty: 'Nothing: every subscriber has the current version.',
    },
    ...(rows.length > 0
      ? [
          {
            title: 'Who',
            columns: [
              { key: 'customer' },
              { key: 'action' },
              { key: 'at' },
              { key: 'from_version', title: 'from', align: 'right' as const },
              { key: 'to_version', title: 'to', align: 'right' as const },
              { key: 'old_price', align: 'right' as const, optional: true },
              { key: 'new_price', align: 'right' as const, optional: true },
              { key: 'reason' },
            ],
            rows: rows.map((row) => ({ ...row })),
          },
        ]
      : []),
  ];
  return {
    record: { plan, ...counts, dry_run: dryRun, changes, rows },
    sections,
    ...(counts.skipped > 0 && { exit: 'incomplete' as const }),
  };
}
