-- Refuses a use that contains a secret in one of its texts, by the shapes of known secrets, because uses are stored
-- for years.
create or replace function subctl_internal.refuse_secrets(texts jsonb) returns void
language plpgsql immutable set search_path = pg_catalog, subctl, pg_temp as $$
declare
  v_text record;
begin
  for v_text in
    select x.key, subctl_internal.secret_in(x.value) as secret from jsonb_each_text($1) x
     where subctl_internal.secret_in(x.value) is not null
  loop
    raise exception 'The % contains %, which is refused: it would be stored with the use', v_text.key, v_text.secret
      using errcode = 'SB002', hint = 'Omit it, or send only its last four characters';
  end loop;
end $$;
