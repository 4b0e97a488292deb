-- Refuses customers for which a bound session must not act, with SB004. Call it where is_bound is true.
create or replace function subctl_internal.check_bound(p_customers text[]) returns void
language plpgsql stable set search_path = pg_catalog, subctl, pg_temp as $$
declare
  bound text := subctl.bound_customer();
  other text;
begin
  if bound is null then
    raise exception 'The account % is not bound to a customer here', session_user
      using errcode = 'SB004',
        hint = format('Show its customer: subctl roles list; bind it: subctl roles grant app %s '
                      '--customer ID. If the session has set subctl.customer to another one, reset it',
                      session_user);
  end if;
  select coalesce(c.id, 'null') into other from unnest(p_customers) c(id) where c.id is distinct from bound limit 1;
  if found then
    raise exception 'The session is bound to the customer ''%'' and cannot act for ''%''', bound, left(other, 200)
      using errcode = 'SB004', hint = 'Use a connection that is not bound, or that is bound to that customer';
  end if;
end $$;
