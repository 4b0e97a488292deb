-- Returns a pattern that matches every text in which secret_in finds a secret. Most texts fail it, so one match is
-- enough.
create or replace function subctl_internal.secret_signs() returns text
language sql immutable parallel safe as $$
  select '-----BEGIN|(sk|rk)_(live|test)_|whsec_|sk-|AKIA|ASIA|gh[opsru]_|github_pat_|'
    || 'glpat-|AIza|xox[abprs]-|hf_|eyJ|://'
$$;
