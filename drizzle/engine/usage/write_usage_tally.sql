-- Writes a customer's open windows after a decision, whatever the verdict: those that began have moved rows. What a
-- use counts in them is added where it `adds`, that is, where it is recorded. A generation begins where rules that
-- were made for them are over (customer_rules), and with a customer's first use: a customer in generation 0 without
-- history has no event. The caller holds the customer's row.
create or replace function subctl_internal.write_usage_tally(
  customer text, tally subctl.usage_tally, adds boolean) returns boolean
language plpgsql volatile set search_path = pg_catalog, subctl, pg_temp as $$
declare
  counted subctl.usage_count;
begin
  if adds then
    foreach counted in array tally.counts loop
      if counted.slot is not null then
        tally.used[counted.slot] := tally.used[counted.slot] + counted.asked;
      end if;
    end loop;
  end if;
  update subctl.customer_windows s
     set subscription_id = tally.subscription_id, epoch = tally.epoch, plan_id = tally.plan_id, version = tally.version,
         uncounted_until = tally.uncounted_until, ids = tally.ids, starts = tally.starts, ends = tally.ends,
         refused = tally.refused, credits_due_at = tally.credits_due_at,
         next_end = case when tally.ends_moved then (select min(w.ends) from unnest(tally.ends) w(ends))
                         else s.next_end end
   where s.customer_id = customer;
  update subctl.usage_totals t
     set used = tally.used, generation = t.generation + coalesce(tally.rules_over or not tally.has_history, false)::int
   where t.customer_id = customer;
  return true;
end $$;
