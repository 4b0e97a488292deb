-- Adds a person as a member on first use, if the setting `members.auto_add` is true and the plan has a free seat.
-- Returns whether there was a free seat. With p_write false it writes nothing. With p_write true it locks the
-- customer.
create or replace function subctl_internal.auto_add_member(
  p_customer text, p_member text, p_at timestamptz, p_as_of timestamptz, p_write boolean) returns boolean
language plpgsql volatile set search_path = pg_catalog, subctl, pg_temp as $$
declare
  v_seats int;
  v_change text;
begin
  if subctl_internal.setting('members.auto_add') is distinct from 'true'
     or not exists (select 1 from subctl.customers c
                     where c.id = p_customer and c.kind = 'group' and c.disabled_at is null) then
    return false;
  end if;
  if p_write then perform subctl_internal.lock_customers(array[p_customer]); end if;
  select coalesce(least(v.max_users, subctl_internal.seats_at(p_customer, p_at)), 2147483647) into v_seats
    from subctl_internal.effective_subscription(p_customer, p_at) e
    join subctl.plan_versions v on v.plan_id = e.plan_id and v.version = e.version
   where e.access;
  if not found or v_seats <= (select count(*) from subctl.members m
                               where m.customer_id = p_customer and m.left_at is null) then
    return false;
  end if;
  if p_write then
    v_change := subctl_internal.uuid7(p_as_of)::text;
    insert into subctl.members (customer_id, member_id, joined_at, change_id)
    values (p_customer, p_member, p_at, v_change)
    on conflict (customer_id, member_id) do update
      set joined_at = least(members.joined_at, excluded.joined_at), left_at = null, change_id = excluded.change_id;
    insert into subctl.changes (id, at, actor, action, reason, asked, program)
    values (v_change, p_as_of, session_user, 'members add', 'first use',
            jsonb_build_object('customer', p_customer, 'member', p_member), 'sql');
    insert into subctl.audit_log (customer_id, change_id, id, entity, entity_key, before, after)
    values (p_customer, v_change, 1, 'member', p_member, null,
            jsonb_build_object('member', p_member, 'joined_at', subctl_internal.iso(p_at)));
  end if;
  return true;
end $$;
