-- Lists prices that occur twice, are negative, or whose revisions have gaps.
create or replace view subctl.integrity_prices as
select '' as customer_id, concat_ws(' ', 'price of', provider, model, component, 'from',
                                    subctl_internal.iso(effective_from)) as subject,
                                    '1 of revision ' || revision as expected,
       count(*)::text as found
  from subctl.prices group by provider, model, component, effective_from, revision having count(*) > 1
union all
select '', concat_ws(' ', 'price of', provider, model, component, 'from', subctl_internal.iso(effective_from)),
       '0 or more, per more than 0',
       trim_scale(amount) || ' per ' || trim_scale(per)
  from subctl.prices where not (amount >= 0 and per > 0)
union all
select '', concat_ws(' ', 'revisions of', provider, model, component, 'from', subctl_internal.iso(effective_from)),
       '1 to ' || count(*), min(revision) || ' to ' || max(revision)
  from subctl.prices group by provider, model, component, effective_from
having min(revision) <> 1 or max(revision) <> count(distinct revision);
comment on view subctl.integrity_prices is
  'R25: No price exists twice for one instant, revisions are numbered from 1, and no price is negative';
