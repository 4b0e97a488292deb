-- Returns an interval as written after a price: a month, 2 weeks, 30 days.
create or replace function subctl_internal.interval_words(every text) returns text
language sql immutable parallel safe as $$
  select case when p[1] = '1' then 'a ' || w.word else p[1] || ' ' || w.word || 's' end
    from regexp_match($1, '^([1-9][0-9]*)(d|w|mo|y)$') p
   cross join lateral (select case p[2] when 'd' then 'day' when 'w' then 'week' when 'mo' then 'month'
                                   else 'year' end as word) w
$$;
