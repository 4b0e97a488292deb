import { type Change, audit } from '../database/change.ts';
import type { Db } from '../database/connect.ts';
import { orm } from '../database/orm.ts';
import { models } from '../database/schema/catalog.ts';
import type { ModelEntry } from './catalogue.ts';
import { describeModel } from './describe-meter.ts';

/** Saves a model entry, new or in place. Recorded usage keeps its tier and tokens. */
export async function saveModel(
  tx: Db,
  change: Change,
  { existing, model }: { existing: ModelEntry | undefined; model: ModelEntry },
): Promise<void> {
  const { provider, pattern, aliases, freeTier, multiplier } = model;
  const contents = { aliases, freeTier, multiplier };
  await orm(tx)
    .insert(models)
    .values({ provider, pattern, ...contents })
    .onConflictDoUpdate({ target: [models.provider, models.pattern], set: contents });
  const before = existing ? describeModel(existing) : null;
  await audit(tx, change, [
    { entity: 'model', key: `${model.provider}/${model.pattern}`, before, after: describeModel(model) },
  ]);
}
