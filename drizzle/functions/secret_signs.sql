-- Of which some is in every text that secret_in finds a secret in: one look at most texts, which have none.
create or replace function subctl.secret_signs() returns text
language sql immutable parallel safe as $$
  select '-----BEGIN|(sk|rk)_(live|test)_|whsec_|sk-|AKIA|ASIA|gh[opsru]_|github_pat_|glpat-|AIza|xox[abprs]-|hf_|eyJ|://'
$$;
