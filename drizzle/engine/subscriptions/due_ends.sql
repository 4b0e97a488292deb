-- Lists every subscription that check-expired ends, at `due_at`. Each part has its own index: query the parts
-- separately for the first few rows.
create or replace view subctl.due_ends as
select * from subctl.due_live_ends
union all
select * from subctl.due_paused_ends
union all
select * from subctl.due_past_due_ends
union all
select * from subctl.due_unpaid_ends;
