import type { Change } from '../database/change.ts';
import type { Db } from '../database/connect.ts';
import { findMeters } from './find-meters.ts';
import { noSuchMeter } from './no-such-meter.ts';
import { addKinds, saveMeter } from './save-meter.ts';
import { readStandard } from './shipped.ts';
import { standardMeter } from './standard.ts';

/**
 * Creates the standard meters among `ids` that the database lacks, and the standard kinds. Returns true when any was created, since rules
 * must then be compiled.
 * @throws Failure not_found for a meter that neither exists nor is standard
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
