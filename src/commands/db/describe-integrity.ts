import type { Examination } from '../../backup/check-restored.ts';

/** What the integrity checks found in a database that was just written, in a line. */
export function describeIntegrity(examined: Examination | undefined): string {
  if (!examined) return 'not checked (subctl doctor --deep does it)';
  if (examined.books.length === 0) return 'checked: all agree';
  return `checked, with errors: ${examined.books.join('; ')}`;
}

/** What the health checks found, such as tasks that are late: it is the same where the rows came from. */
export const checksOf = (examined: Examination | undefined): string[] =>
  (examined?.checks ?? []).map((found) => `doctor: ${found}`);
