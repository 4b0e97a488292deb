-- Whose model it is, by its name in any case of letters, for a use that names no provider (U10): what `models` says (the longest pattern), else the only provider that has
-- a price for it, else the families of names that are known. Null where none of them knows. A provider that is named always wins.
create or replace function subctl.provider_of(model text) returns text
language sql stable as $$
  select coalesce(
    (select m.provider from subctl.models m
      where $1 ilike replace(replace(m.pattern, '_', E'\\_'), '*', '%') and m.pattern <> '*' or lower($1) = any (lower(m.aliases::text)::text[])
      order by length(m.pattern) desc, m.provider limit 1),
    (select min(c.provider) from subctl.price_cards c where lower(c.model) = lower($1) having count(distinct c.provider) = 1),
    (select f.provider
       from (values ('openai', '^(gpt|chatgpt|o[1345]|dall-e|whisper|text-embedding)(-|$)'), ('anthropic', '^claude-'), ('gemini', '^gemini-'),
                    ('huggingface', '/'), ('mistral', '^(mistral|mixtral|codestral|ministral|pixtral)-'), ('deepseek', '^deepseek-'), ('xai', '^grok-'),
                    ('cohere', '^(command|embed|rerank)-'), ('stability', '^(stable-|sd3|sdxl)')) f(provider, shape)
      where $1 ~* f.shape limit 1))
$$;
