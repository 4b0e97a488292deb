import { sentenceOf } from '../../database/dead-letters.ts';
import type { Difference } from '../../stripe-sync/differences.ts';
import type { Unread } from '../../stripe-sync/reconcile.ts';
import type { Column } from '../../terminal/outcome.ts';

/** Columns for differences between this database and Stripe. */
export const differenceColumns: readonly Column[] = [
  { key: 'customer' },
  { key: 'object' },
  { key: 'field' },
  { key: 'here', show: (value) => (value === null ? '-' : String(value)) },
  { key: 'stripe', show: (value) => (value === null ? '-' : String(value)) },
];

export const differenceRows = (differences: readonly Difference[]) =>
  differences.map((each) => ({ ...each }));

/** One sentence for each object that could not be compared. */
export const unreadNotes = (unread: readonly Unread[]): string[] =>
  unread.map(({ customer, object, error }) => {
    const what = object === undefined ? customer : `${object} of ${customer}`;
    return `${what} could not be compared: ${sentenceOf(error)}`;
  });
