import type { Change } from '../../database/change.ts';
import type { Db } from '../../database/connect.ts';

/** Builds something again from what it is derived from. `mends` names the checks that ask for it. */
export interface Repair {
  name: string;
  mends: readonly string[];
  /** gives the number of rows that it wrote; each has its audit */
  run: (tx: Db, change: Change) => Promise<number>;
}
