-- Prepares the sums of a past month of events: after its commit, every transaction that writes to the partition leaves
-- a mark (mark_late_use), also where triggers are disabled for a replica. Deletes the old sums and marks. Locks the
-- partition against writers and waits for the present ones, so that no write is without a mark; call it in a short
-- transaction with a lock_timeout. sum_usage_month follows in its own transaction.
create or replace function subctl_internal.seal_usage_month(p_month date) returns void
language plpgsql volatile set search_path = pg_catalog, subctl, pg_temp as $$
declare
  v_leaf text := 'usage_events_' || to_char(p_month, 'YYYY_MM');
begin
  execute format('lock table subctl.%I in share row exclusive mode', v_leaf);
  perform subctl_internal.drop_usage_sums(p_month);
  if exists (select 1 from pg_trigger t
              where t.tgrelid = format('subctl.%I', v_leaf)::regclass and t.tgname = 'mark_late_uses') then
    return;
  end if;
  execute format('create trigger mark_late_uses after insert or update or delete on subctl.%I
                    for each row execute function subctl_internal.mark_late_use(%L)', v_leaf, p_month);
  execute format('create trigger mark_late_truncation after truncate on subctl.%I
                    for each statement execute function subctl_internal.mark_late_use(%L)', v_leaf, p_month);
  execute format('alter table subctl.%I enable always trigger mark_late_uses', v_leaf);
  execute format('alter table subctl.%I enable always trigger mark_late_truncation', v_leaf);
end $$;
