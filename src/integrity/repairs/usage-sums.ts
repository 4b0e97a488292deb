import type { Repair } from './repair.ts';
import { audited } from './audited.ts';

/** Deletes the wrong sums of a month: reports read its events until prune sums them again. */
export const usageSums: Repair = {
  name: 'usage sums',
  run: (tx, change) =>
    audited(
      tx,
      change,
      tx`
      delete from subctl.usage_sums s using subctl.wrong_usage_sums m where s.month = m.month
      returning '' as customer_id, 'usage sum' as entity, to_char(s.month, 'YYYY-MM') as entity_key,
                jsonb_build_object('sums', m.summed) as before, null::jsonb as after`,
    ),
};
