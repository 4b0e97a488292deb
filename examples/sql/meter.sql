-- Meters images of a customer in psql: psql "$DATABASE_URL" -v customer=ada -f meter.sql
\set ON_ERROR_STOP on
\set QUIET on
\pset tuples_only on
\pset format unaligned

select 'allowed: ' || case when (subctl.check_usage(customer => :'customer', kind => 'image') ->> 'allowed')::boolean then 'yes' else 'no' end;

-- the same key is counted once, so a call may be sent again after any failure
select gen_random_uuid() as key \gset
select subctl.record_usage(customer => :'customer', kind => 'image', key => :'key') as answer \gset
select subctl.record_usage(customer => :'customer', kind => 'image', key => :'key') as again \gset
select 'recorded: ' || case when (:'answer'::jsonb ->> 'allowed')::boolean then 'yes' else 'no' end || ' - sent again: '
       || case when (:'again'::jsonb ->> 'replayed')::boolean then 'the same' else 'another' end;

-- on until it is refused; a do block has no variables of psql's
select set_config('example.customer', :'customer', false) as customer \gset
do $$
declare
  v_answer jsonb;
begin
  loop
    v_answer := subctl.record_usage(customer => current_setting('example.customer'), kind => 'image');
    exit when not (v_answer ->> 'allowed')::boolean;
  end loop;
  perform set_config('example.refusal', v_answer::text, false);
end $$;
select 'refused: ' || (r.answer ->> 'reason') || ': ' || (r.answer ->> 'message') from (select current_setting('example.refusal')::jsonb as answer) r;

select 'used: ' || meter_id || ' per ' || win || ': ' || trim_scale(used) || ' of ' || coalesce(trim_scale(limit_value)::text, 'unlimited')
  from subctl.usage_limits(:'customer', now())
 order by meter_id, win;
