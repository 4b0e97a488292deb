-- Lists past months whose sums are not those of their events, with both as text.
create or replace view subctl.wrong_usage_sums as
select m.month, m.summed, m.counted
  from (select s.month,
               (select concat_ws(' ', coalesce(sum(d.uses), 0), 'uses,', trim_scale(coalesce(sum(d.tokens), 0)),
                                 'tokens, cost', trim_scale(coalesce(sum(d.cost), 0)),
                                 'and', coalesce(sum(d.unpriced), 0), 'without a price')
                  from subctl.usage_day_sums d where d.month = s.month) as summed,
               (select concat_ws(' ', coalesce(sum(case when e.reverses is null then 1 else -1 end), 0), 'uses,',
                                 trim_scale(coalesce(sum(e.tokens), 0)), 'tokens, cost',
                                 trim_scale(coalesce(sum(e.cost), 0)), 'and',
                                 count(*) filter (where e.unpriced and e.reverses is null), 'without a price')
                  from subctl.usage_events e where e.at >= s.from_at and e.at < s.to_at) as counted
          from subctl.summed_months s) m
 where m.summed <> m.counted;
