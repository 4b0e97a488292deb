-- Returns whether the session may act for only one customer: it has set subctl.customer, or its account has no right
-- to any_customer. The setting only narrows. The account is that of the login (session_user), which no statement of
-- the session changes. Null where it is not bound and nothing was set. Callers inline it, so it has no search path of
-- its own and reads no table.
create or replace function subctl_internal.is_bound() returns boolean
language sql stable as $$
  select current_setting('subctl.customer', true) <> ''
    or has_function_privilege(session_user, 'subctl_internal.any_customer()'::regprocedure, 'execute') is not true
$$;
