-- From where the periods are counted that begin at `at`, the end of the period before: its anchor (R2), unless a trial ends there, another
-- interval begins, or that end lies off the anchor's periods (an extension, a pause, a change at an instant).
create or replace function subctl.next_anchor(anchor timestamptz, every text, next_every text, trying boolean, at timestamptz, tz text)
returns timestamptz
language sql immutable parallel safe as $$
  select case when not $4 and ($3 = $2 or subctl.interval_parts($3) = subctl.interval_parts($2))
               and lower(subctl.period_at($1, $2, $5, $6)) = $5 then $1 else $5 end
$$;
