import type { Change } from '../../database/change.ts';
import type { Db } from '../../database/connect.ts';

/** Rebuilds something from what it is derived from. The catalogue says which checks ask for it. */
export interface Repair {
  name: string;
  /** gives the number of rows that it wrote; each has its audit */
  run: (tx: Db, change: Change) => Promise<number>;
}
