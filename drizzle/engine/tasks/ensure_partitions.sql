-- Creates the missing monthly partitions of usage_events (UTC months), from last month to `months` months ahead, and
-- returns their number. Events in the default partition move into theirs. A partition is created first and attached
-- afterwards, so recording continues. Takes a table lock so that concurrent calls take turns. A second call does
-- nothing.
create or replace function subctl_internal.ensure_partitions(as_of timestamptz, months int default 24) returns int
language plpgsql volatile set search_path = pg_catalog, subctl, pg_temp as $$
declare
  v_month timestamp;
  v_name text;
  v_from timestamptz;
  v_to timestamptz;
  v_made int := 0;
begin
  for v_month in
    select m from generate_series(date_trunc('month', $1 at time zone 'UTC') - interval '1 month',
                                  date_trunc('month', $1 at time zone 'UTC') + make_interval(months => $2),
                                  interval '1 month') m
  loop
    v_name := 'usage_events_' || to_char(v_month, 'YYYY_MM');
    continue when to_regclass('subctl.' || v_name) is not null;
    if v_made = 0 then
      lock table subctl.usage_events in share update exclusive mode;
      continue when to_regclass('subctl.' || v_name) is not null;
    end if;
    v_from := v_month at time zone 'UTC';
    v_to := (v_month + interval '1 month') at time zone 'UTC';
    execute format(
      'create table subctl.%I (like subctl.usage_events including defaults including constraints including storage)',
      v_name);
    execute format('alter table subctl.%I add constraint bounds check (at >= %L and at < %L)', v_name, v_from, v_to);
    if exists (select 1 from subctl.usage_events_default e where e.at >= v_from and e.at < v_to) then
      lock table subctl.usage_events_default in exclusive mode;
      execute format(
        'with moved as (delete from subctl.usage_events_default e where e.at >= %L and e.at < %L returning *)
                      insert into subctl.%I select * from moved', v_from, v_to, v_name);
    end if;
    execute format('alter table subctl.usage_events attach partition subctl.%I for values from (%L) to (%L)', v_name,
                   v_from, v_to);
    execute format('alter table subctl.%I drop constraint bounds', v_name);
    v_made := v_made + 1;
  end loop;
  return v_made;
end $$;
