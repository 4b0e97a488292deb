-- Lists every subscription that check-expired ends, at `due_at`. Each part has its own index: query the parts for the
-- first few rows.
create or replace view subctl.ending as
select * from subctl.ending_live
union all
select * from subctl.ending_paused
union all
select * from subctl.ending_past_due
union all
select * from subctl.unpaid;
