import type { Examination } from '../../backup/prove-restored.ts';

/** What the proofs of doctor found in a database that was just written, in a line. */
export function describeBooks(examined: Examination | undefined): string {
  if (!examined) return 'not proved (subctl doctor --deep does it)';
  if (examined.books.length === 0) return 'proved: all agree';
  return `proved, with errors: ${examined.books.join('; ')}`;
}

/** What doctor found beside the books, such as tasks that are late: it is the same where the rows came from. */
export const checksOf = (examined: Examination | undefined): string[] =>
  (examined?.checks ?? []).map((found) => `doctor: ${found}`);
