-- Refuses a use that has a secret in one of its texts, by their names: each would be kept with the use for years (U11).
create or replace function subctl.refuse_secrets(texts jsonb) returns void
language plpgsql immutable set search_path = pg_catalog, subctl, pg_temp as $$
declare
  t record;
begin
  for t in select x.key, subctl.secret_in(x.value) as secret from jsonb_each_text($1) x where subctl.secret_in(x.value) is not null loop
    raise exception 'The % has % in it, which is refused: it would be kept with the use', t.key, t.secret
      using errcode = 'SB002', hint = 'Leave it out, or send only its last four characters';
  end loop;
end $$;
