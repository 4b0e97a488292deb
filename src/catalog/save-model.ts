import { type Change, audit } from '../database/change.ts';
import type { Db } from '../database/connect.ts';
import type { ModelEntry } from './catalogue.ts';
import { describeModel } from './describe-meter.ts';

/** Makes an entry of models be `model`, new or in place. Usage that is recorded already keeps the tier and tokens it was given. */
export async function saveModel(
  tx: Db,
  change: Change,
  { existing, model }: { existing: ModelEntry | undefined; model: ModelEntry },
): Promise<void> {
  await tx`
    insert into subctl.models (provider, pattern, aliases, free_tier, multiplier)
    values (${model.provider}, ${model.pattern}, ${model.aliases}::text[], ${model.freeTier}, ${model.multiplier})
    on conflict (provider, pattern) do update set aliases = excluded.aliases, free_tier = excluded.free_tier,
      multiplier = excluded.multiplier`;
  const before = existing ? describeModel(existing) : null;
  await audit(tx, change, [
    { entity: 'model', key: `${model.provider}/${model.pattern}`, before, after: describeModel(model) },
  ]);
}
