import type { Check } from '../check.ts';

/** No price is there twice for one instant, and none is below zero. */
export const prices: Check = {
  name: 'prices',
  asserts: 'No price is there twice for one instant, and none is below zero',
  findings: (db) => db`
    select '' as customer, concat_ws(' ', 'price of', provider, model, component, 'from', subctl.iso(effective_from)) as what, '1 of revision ' || revision as expected,
           count(*)::text as found
      from subctl.prices group by provider, model, component, effective_from, revision having count(*) > 1
    union all
    select '', concat_ws(' ', 'price of', provider, model, component, 'from', subctl.iso(effective_from)), '0 or more, per more than 0',
           trim_scale(amount) || ' per ' || trim_scale(per)
      from subctl.prices where not (amount >= 0 and per > 0)
    union all
    select '', concat_ws(' ', 'revisions of', provider, model, component, 'from', subctl.iso(effective_from)), '1 to ' || count(*), min(revision) || ' to ' || max(revision)
      from subctl.prices group by provider, model, component, effective_from having min(revision) <> 1 or max(revision) <> count(distinct revision)`,
};
