-- Estimates the tokens of a use with only bytes, characters or words (R18); null where its kind has no such size.
create or replace function subctl_internal.tokens_of_units(kind text, units jsonb) returns numeric
language sql immutable parallel safe as $$
  select case
    when units ? 'bytes' and kind in ('stt', 'voice') then floor((units->>'bytes')::numeric / 16000)
    when units ? 'characters' and kind in ('tts', 'voice') then (units->>'characters')::numeric * 2
    when units ? 'words' and kind = 'llm' then floor((units->>'words')::numeric * 1.3)
    when units ? 'characters' and kind = 'llm' then floor((units->>'characters')::numeric / 4) end
$$;
