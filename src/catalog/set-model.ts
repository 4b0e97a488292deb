import type { Change } from '../database/change.ts';
import type { Db } from '../database/connect.ts';
import { Failure } from '../domain/failure.ts';
import type { ModelEntry } from './catalogue.ts';
import { lockCatalogue } from './compile.ts';
import { describeModel } from './describe-meter.ts';
import { compareLines } from './differences.ts';
import { findModels } from './find-meters.ts';
import { saveModel } from './save-model.ts';

/** What is asked for models; absent fields stay. */
export type ModelRequest = Pick<ModelEntry, 'provider' | 'pattern'> & {
  [K in keyof ModelEntry]?: ModelEntry[K] | undefined;
};

/** Configures the models of a provider that match a pattern: free tier, token multiplier and aliases. Recorded usage stays as it is. */
export async function setModel(
  tx: Db,
  change: Change,
  asked: ModelRequest,
): Promise<ModelEntry & { changed: boolean }> {
  if (asked.multiplier !== undefined && /^[0.]*$/.test(asked.multiplier))
    throw new Failure('usage', `The multiplier ${asked.multiplier} is not above 0`, {
      hint: 'Use --tier free for free models',
    });
  await lockCatalogue(tx);
  const existing = (await findModels(tx)).find(
    (each) => each.provider === asked.provider && each.pattern === asked.pattern,
  );
  const said = Object.fromEntries(Object.entries(asked).filter(([, value]) => value !== undefined));
  const usual = { aliases: [], freeTier: false, multiplier: '1' };
  const model = { ...usual, ...existing, ...said } as ModelEntry;
  const changed = !existing || compareLines(describeModel(existing), describeModel(model)).length > 0;
  if (changed) await saveModel(tx, change, { existing, model });
  return { ...model, changed };
}
