import type { Change } from '../database/change.ts';
import type { Db } from '../database/connect.ts';
import { Failure } from '../domain/failure.ts';
import { chooseSources } from './choose-sources.ts';
import { findPrices } from './find-prices.ts';
import { type PriceChange, addNewPrices, lockPrices } from './import-prices.ts';
import type { PriceRow } from './price-row.ts';

/**
 * Adds one price by hand. The same price from the same instant on is no change; another one is a new revision, because rows are never
 * edited.
 * @returns the change, undefined when the price existed
 * @throws Failure refused when another source prices the model in another way, since the two would be added together
 */
export async function setPrice(tx: Db, change: Change, row: PriceRow): Promise<PriceChange | undefined> {
  await lockPrices(tx);
  const present = await findPrices(tx);
  const chosen = chooseSources([row], { file: row.source, sources: [row.source], present });
  const [odd] = chosen.leftOut;
  if (odd)
    throw new Failure(
      'refused',
      `${row.provider}/${row.model} cannot have a price per ${row.component}: ${odd.reason}`,
      {
        hint: `List its prices: subctl pricing list --provider ${row.provider} --model ${row.model}`,
      },
    );
  const { changes } = await addNewPrices(tx, change, chosen, present);
  return changes[0];
}
