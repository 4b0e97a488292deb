import type { VersionChange } from '../../catalog/version-changes.ts';
import type { Migrated } from '../../subscriptions/migrate.ts';
import type { RecordOutcome, Section } from '../../terminal/outcome.ts';

/** Counts of migrated subscribers, and the rows to show. */
export interface Tally {
  migrated: number;
  scheduled: number;
  skipped: number;
  rows: Migrated[];
}

/** The output of a migration: counts, changes between versions, and subscribers that were skipped. */
export function migratePage(
  tally: Tally,
  { plan, changes, dryRun }: { plan: string; changes: VersionChange[]; dryRun: boolean },
): RecordOutcome {
  const { rows, ...counts } = tally;
  const sections: Section[] = [
    {
      entries: [
        ['plan', plan],
        [dryRun ? 'would migrate now' : 'migrated now', counts.migrated],
        ['at period end', counts.scheduled],
        ['skipped', counts.skipped],
      ],
    },
    {
      title: 'Changes',
      columns: [
        { key: 'from_version', title: 'from version', align: 'right' },
        { key: 'what' },
        { key: 'before' },
        { key: 'after' },
      ],
      rows: changes,
      empty: 'No changes: every subscriber has the current version.',
    },
    ...(rows.length > 0
      ? [
          {
            title: 'Subscribers',
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
