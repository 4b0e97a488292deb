-- Returns the kind of secret that a text contains, by known shapes; null if none. Metadata is stored for years and
-- must not contain keys.
create or replace function subctl_internal.secret_in(value text) returns text
language sql immutable parallel safe as $$
  select s.name
    from (values
      ('a private key', '-----BEGIN [A-Z ]*PRIVATE KEY'),
      ('a Stripe key', '(^|[^A-Za-z0-9_])(sk|rk)_(live|test)_[A-Za-z0-9]{16}'),
      ('a Stripe webhook secret', '(^|[^A-Za-z0-9_])whsec_[A-Za-z0-9]{16}'),
      ('an API key', '(^|[^A-Za-z0-9_-])sk-[A-Za-z0-9_-]{20}'),
      ('an AWS key', '(^|[^A-Za-z0-9])(AKIA|ASIA)[A-Z0-9]{16}([^A-Za-z0-9]|$)'),
      ('a GitHub token', '(^|[^A-Za-z0-9_])(gh[opsru]_[A-Za-z0-9]{30}|github_pat_[A-Za-z0-9_]{30})'),
      ('a GitLab token', '(^|[^A-Za-z0-9_])glpat-[A-Za-z0-9_-]{20}'),
      ('a Google API key', '(^|[^A-Za-z0-9_-])AIza[A-Za-z0-9_-]{35}'),
      ('a Slack token', '(^|[^A-Za-z0-9_])xox[abprs]-[A-Za-z0-9-]{10}'),
      ('a Hugging Face token', '(^|[^A-Za-z0-9_])hf_[A-Za-z0-9]{30}'),
      ('a JSON web token', E'(^|[^A-Za-z0-9_-])eyJ[A-Za-z0-9_-]{10,}\\.eyJ[A-Za-z0-9_-]{10,}\\.'),
      ('a password in an address', E'[a-z][a-z0-9+.-]*://[^/\\s:@"]+:[^/\\s@"]+@')) s(name, shape)
   where $1 ~ s.shape limit 1
$$;
