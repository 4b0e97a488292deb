-- Lists customers with members that are not groups, and members that left before they joined.
create or replace view subctl.integrity_members as
select m.customer_id, 'members' as subject, 'a group' as expected, c.kind as found
  from subctl.members m join subctl.customers c on c.id = m.customer_id where c.kind <> 'group'
 group by m.customer_id, c.kind
union all
select m.customer_id, 'leaving of ' || m.member_id, 'not before ' || subctl_internal.iso(m.joined_at),
       subctl_internal.iso(m.left_at)
  from subctl.members m where m.left_at < m.joined_at;
comment on view subctl.integrity_members is
  'R20: Members belong to groups, and leave after they joined';
