-- Formats an instant for a customer: `2026-03-01 00:00` on the wall clock of the customer's zone, with the name of the
-- zone.
create or replace function subctl_internal.local_text(customer text, at timestamptz) returns text
language sql stable as $$
  select to_char($2 at time zone z, 'YYYY-MM-DD HH24:MI') || ' ' || z from subctl_internal.zone_of($1, $2) z
$$;
