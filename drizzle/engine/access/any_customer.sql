-- Returns true. The right to execute it is the right to act for every customer: an account that is bound to one
-- customer does not have it, and is_bound tests for it. Without roles every account has it.
create or replace function subctl_internal.any_customer() returns boolean
language sql immutable parallel safe as $$ select true $$;
