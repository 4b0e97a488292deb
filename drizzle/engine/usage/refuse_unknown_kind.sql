-- Raises the error for an unknown kind of use, with the known ones (SB002).
create or replace function subctl_internal.refuse_unknown_kind(kind text) returns void
language plpgsql stable set search_path = pg_catalog, subctl, pg_temp as $$
begin
  raise exception '%: the kinds are %', coalesce('Unknown kind ' || kind, 'A use needs a kind'),
    (select string_agg(k.id, ', ' order by k.id) from subctl.kinds k where k.id = k.canonical)
    using errcode = 'SB002', hint = 'subctl meters list';
end $$;
