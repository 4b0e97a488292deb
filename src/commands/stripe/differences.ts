import type { Difference } from '../../mirror/differences.ts';
import type { Column } from '../../terminal/outcome.ts';

/** How differences between here and Stripe are shown. */
export const differenceColumns: readonly Column[] = [
  { key: 'customer' },
  { key: 'object' },
  { key: 'field' },
  { key: 'here', show: (value) => (value === null ? '-' : String(value)) },
  { key: 'stripe', show: (value) => (value === null ? '-' : String(value)) },
];

export const differenceRows = (differences: readonly Difference[]) =>
  differences.map((each) => ({ ...each }));
