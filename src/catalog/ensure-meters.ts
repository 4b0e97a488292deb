import type { Change } from '../database/change.ts';
import type { Db } from '../database/connect.ts';
import { findMeters } from './find-meters.ts';
import { noSuchMeter } from './no-such-meter.ts';
import { addKinds, saveMeter } from './save-meter.ts';
import { readStandard } from './shipped.ts';
import { standardMeter } from './standard.ts';

/**
 * Makes the standard meters among `ids` that the database does not have yet, and the standard kinds; true when any was made, for rules
 * are to be compiled then.
 * @throws Failure not_found for a meter that is neither there nor standard
 */
export async function ensureMeters(tx: Db, change: Change, ids: readonly string[]): Promise<boolean> {
  const standard = readStandard();
  const stored = await findMeters(tx);
  const missing = [...new Set(ids)].filter((id) => !stored.some((meter) => meter.id === id));
  const kinds = await addKinds(tx, standard.kinds);
  for (const id of missing) {
    const meter = standardMeter(standard, id);
    if (!meter)
      throw noSuchMeter(
        id,
        [...stored, ...standard.meters].map((each) => each.id),
      );
    await saveMeter(tx, change, { existing: undefined, meter });
  }
  return kinds > 0 || missing.length > 0;
}
