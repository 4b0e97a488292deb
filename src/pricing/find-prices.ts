import type { Db } from '../database/connect.ts';
import type { PriceRow } from './price-row.ts';
import type { prices } from '../database/schema/pricing.ts';

export interface StoredPrice extends PriceRow, Pick<typeof prices.$inferSelect, 'revision'> {}

export interface PriceFilter {
  provider?: string | undefined;
  model?: string | undefined;
  /** only prices that are valid at this instant; else every price ever, newest revision of each */
  at?: Date | undefined;
}

/** Finds prices by provider, model and component, newest first. */
export async function findPrices(db: Db, { provider, model, at }: PriceFilter = {}): Promise<StoredPrice[]> {
  return db<StoredPrice[]>`
    select provider, model, component, unit, amount, per, tiers, effective_from as "effectiveFrom", source, revision
      from subctl.prices p
     where (${provider ?? null}::text is null or provider = ${provider ?? null})
       and (${model ?? null}::text is null or lower(model) = lower(${model ?? null}))
       and not exists (
         select from subctl.prices o
          where o.provider = p.provider and o.model = p.model and o.component = p.component
            and case when ${at ?? null}::timestamptz is null then o.effective_from = p.effective_from and o.revision > p.revision
                     else o.effective_from <= ${at ?? null} and (o.effective_from, o.revision) > (p.effective_from, p.revision) end)
       and (${at ?? null}::timestamptz is null or effective_from <= ${at ?? null})
     order by provider collate "C", model collate "C", component collate "C", effective_from desc`;
}
