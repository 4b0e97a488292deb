import type { Examination } from '../../backup/check-restored.ts';

/** Summarizes the integrity checks of a new database in one line. */
export function describeIntegrity(examined: Examination | undefined): string {
  if (!examined) return 'not checked; run subctl doctor --deep';
  if (examined.books.length === 0) return 'checked, no errors';
  return `checked, with errors: ${examined.books.join('; ')}`;
}

/** The findings of the health checks, such as late tasks. The source database has the same ones. */
export const checksOf = (examined: Examination | undefined): string[] =>
  (examined?.checks ?? []).map((found) => `doctor: ${found}`);
