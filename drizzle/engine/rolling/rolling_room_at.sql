-- Returns when a use fits every rolling window that it would fall into, if there are also uses after p_at. They may
-- fill p_room of a window. The last use whose following span exceeds p_room must have left the window. Null if never.
create or replace function subctl_internal.rolling_room_at(
  p_customer text, p_meter text, p_subject text, p_at timestamptz, p_span interval, p_since timestamptz, p_room numeric)
returns timestamptz
language sql stable as $$
  select max(s.at) + p_span
    from (select x.at, sum(x.amount) over (
                   order by x.at range between current row and p_span - interval '1 microsecond' following) as filled
            from subctl_internal.rolling_steps(p_customer, p_meter, p_subject,
                                               greatest(p_at - p_span + interval '1 microsecond', p_since),
                                               'infinity') x) s
   where s.filled > p_room and p_room >= 0
$$;
