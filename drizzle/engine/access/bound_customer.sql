-- Returns the customer to which the session is bound: that of its account (bound_accounts), else the one named by the
-- setting subctl.customer. Null where it is not bound, where the account is bound to no customer of this database, and
-- where the two differ. The own_ views show the rows of this customer.
create or replace function subctl.bound_customer() returns text
language plpgsql stable set search_path = pg_catalog, subctl, pg_temp as $$
declare
  named text := nullif(current_setting('subctl.customer', true), '');
  owned text;
begin
  if has_function_privilege(session_user, 'subctl_internal.any_customer()'::regprocedure, 'execute') then return named;
  end if;
  select b.only_customer into owned from subctl.bound_accounts b where b.account = session_user;
  return case when named is null or named = owned then owned end;
end $$;
