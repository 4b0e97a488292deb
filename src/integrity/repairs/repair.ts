import type { Change } from '../../database/change.ts';
import type { Db } from '../../database/connect.ts';

/** Rebuilds something from its sources. The catalogue says which checks need it. */
export interface Repair {
  name: string;
  /** returns the number of rows that it wrote; each is audited */
  run: (tx: Db, change: Change) => Promise<number>;
}
