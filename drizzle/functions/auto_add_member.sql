-- Makes a person a member on first use, where the setting `members.auto_add` is true and the plan has a free seat; says whether there
-- was one. With `write` false it only says so.
create or replace function subctl.auto_add_member(customer text, member text, at timestamptz, as_of timestamptz, write boolean) returns boolean
language plpgsql volatile set search_path = pg_catalog, subctl, pg_temp as $$
#variable_conflict use_column
declare
  v_seats int;
  v_change text;
begin
  if subctl.setting('members.auto_add') is distinct from 'true'
     or not exists (select 1 from subctl.customers c where c.id = $1 and c.kind = 'group' and c.disabled_at is null) then
    return false;
  end if;
  if $5 then perform subctl.lock_customers(array[$1]); end if;
  select coalesce(least(v.max_users, subctl.seats_at($1, $3)), 2147483647) into v_seats
    from subctl.effective_subscription($1, $3) e
    join subctl.plan_versions v on v.plan_id = e.plan_id and v.version = e.version
   where e.access;
  if not found or v_seats <= (select count(*) from subctl.members m where m.customer_id = $1 and m.left_at is null) then return false; end if;
  if $5 then
    v_change := subctl.uuid7($4)::text;
    insert into subctl.members (customer_id, member_id, joined_at, change_id) values ($1, $2, $3, v_change)
    on conflict (customer_id, member_id) do update set joined_at = least(members.joined_at, excluded.joined_at), left_at = null, change_id = excluded.change_id;
    insert into subctl.changes (id, at, actor, action, reason, asked, program)
    values (v_change, $4, current_user, 'members add', 'first use', jsonb_build_object('customer', $1, 'member', $2), 'sql');
    insert into subctl.audit_log (customer_id, change_id, id, entity, entity_key, before, after)
    values ($1, v_change, 1, 'member', $2, null, jsonb_build_object('member', $2, 'joined_at', subctl.iso($3)));
  end if;
  return true;
end $$;
