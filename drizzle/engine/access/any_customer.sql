-- Returns true. Who may call it may speak for every customer; an account that is bound to one may not, and is_bound
-- tells them apart by that right. Where there are no roles everybody may.
create or replace function subctl.any_customer() returns boolean
language sql immutable parallel safe as $$ select true $$;
