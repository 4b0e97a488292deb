-- Reserves an amount while a call runs. It decides as record_usage does but writes no use; the amount counts as used
-- in every window and for every spender of credits until it is settled, released or `hold` is over. The answer is that
-- of a use with `reservation` and `expires_at` in place of the event. A key names one reservation permanently. Locks
-- the customer's row first, as record_usage does, so that calls with one key or for the last of a limit take turns.
create or replace function subctl.reserve_usage(
  customer text, kind text, as_of timestamptz default null, quantity numeric default 1, provider text default null,
  model text default null, input_tokens numeric default null, output_tokens numeric default null,
  cached_tokens numeric default null, units jsonb default null, cost numeric default null, member text default null,
  session text default null, endpoint text default null, key text default null, partial boolean default false,
  metadata jsonb default null, hold interval default interval '15 minutes') returns jsonb
language plpgsql volatile set search_path = pg_catalog, subctl, pg_temp as $$
declare
  asked jsonb := jsonb_strip_nulls(jsonb_build_object(
    'kind', kind, 'quantity', coalesce(quantity, 1), 'provider', provider, 'model', model, 'input_tokens', input_tokens,
    'output_tokens', output_tokens, 'cached_tokens', cached_tokens, 'units', units, 'cost', cost, 'member', member,
    'session', session, 'endpoint', substring(endpoint from '^[^?#]*'), 'partial', coalesce(partial, false),
    'metadata', metadata, 'hold', hold::text));
  at timestamptz;
  expires_at timestamptz;
  before record;
  answer jsonb;
  holds jsonb;
  reservation uuid;
begin
  if (hold > interval '0' and hold <= interval '168 hours') is not true then
    raise exception 'A hold of % is refused: it must be above zero and at most 7 days', hold
      using errcode = 'SB002';
  end if;
  if subctl_internal.is_bound() then perform subctl_internal.check_bound(array[customer]); end if;
  perform 1 from subctl.usage_totals t where t.customer_id = customer for no key update;
  if not found then perform subctl_internal.lock_customers(array[customer]); end if;
  -- whole milliseconds, so that the answer's `at` is the reservation's own
  at := coalesce(as_of, date_trunc('milliseconds', clock_timestamp()));
  expires_at := at + hold;
  if key is not null then
    select r.asked, r.answer into before from subctl.reservations r
     where r.customer_id = customer and r.key = reserve_usage.key;
    if found and before.asked is distinct from asked then
      raise exception 'Key % of customer % was used for another reservation', key, customer
        using errcode = 'SB008',
          hint = 'A key names one reservation permanently: use a new key, or send the same arguments';
    elsif found then
      return before.answer || '{"replayed": true}';
    end if;
  end if;
  answer := subctl_internal.record_priced_use(row(
    'reserve', customer, kind, null, at, coalesce(quantity, 1), provider, model, input_tokens, output_tokens,
    cached_tokens, units, cost, member, session, null, null, endpoint, null, false, coalesce(partial, false),
    metadata))::jsonb;
  if not (answer->>'allowed')::boolean then return answer; end if;
  reservation := subctl_internal.uuid7(at);
  holds := answer->'holds';
  if num_nonnulls(member, session) > 0 then   -- beside the amounts, because readers cannot read `asked`
    holds := holds || jsonb_strip_nulls(jsonb_build_object('member', member, 'session', session));
  end if;
  answer := (answer - 'holds') || jsonb_build_object(
    'reservation', reservation, 'expires_at', subctl_internal.iso(expires_at), 'estimated', holds->'estimated');
  insert into subctl.reservations (customer_id, id, at, expires_at, asked, held, key, answer)
  values (customer, reservation, at, expires_at, asked, holds, key, answer);
  update subctl.usage_totals t set held_until = greatest(t.held_until, expires_at) where t.customer_id = customer;
  return answer;
end $$;
