import type { Db } from '../database/connect.ts';
import type { PriceRow } from './price-row.ts';

/** A stored price, with its author. */
export interface PriceRevision extends PriceRow {
  revision: number;
  recordedAt: Date;
  actor: string | null;
  reason: string | null;
  /** a later revision from the same instant on has replaced it */
  superseded: boolean;
}

/** Lists every price that was ever stored for a provider or a model, superseded ones too, newest first. */
export async function listPriceHistory(
  db: Db,
  { provider, model }: { provider?: string | undefined; model?: string | undefined },
): Promise<PriceRevision[]> {
  return db<PriceRevision[]>`
    select p.provider, p.model, p.component, p.unit, p.amount, p.per, p.tiers, p.effective_from as "effectiveFrom", p.source, p.revision,
           p.recorded_at as "recordedAt", c.actor, c.reason,
           p.revision < max(p.revision) over (partition by p.provider, p.model, p.component, p.effective_from) as superseded
      from subctl.prices p
      left join subctl.changes c on c.id = p.change_id
     where (${provider ?? null}::text is null or p.provider = ${provider ?? null})
       and (${model ?? null}::text is null or lower(p.model) = lower(${model ?? null}))
     order by p.provider collate "C", p.model collate "C", p.component collate "C", p.effective_from desc, p.revision desc`;
}
