-- Returns the provider of a model by its name, in any case, for a use without a provider: from `models` (the
-- longest pattern), else the only provider with a price for it, else by known families of names. Null if unknown. A
-- provider that is given always takes precedence.
create or replace function subctl_internal.provider_of(model text) returns text
language sql stable as $$
  select coalesce(
    (select m.provider from subctl.models m
      where $1 ilike replace(replace(m.pattern, '_', E'\\_'), '*', '%') and m.pattern <> '*'
         or lower($1) = any (lower(m.aliases::text)::text[])
      order by length(m.pattern) desc, m.provider limit 1),
    (select min(c.provider) from subctl.price_cards c where lower(c.model) = lower($1)
     having count(distinct c.provider) = 1),
    (select f.provider
       from (values ('openai', '^(gpt|chatgpt|o[1345]|dall-e|whisper|text-embedding)(-|$)'),
                    ('anthropic', '^claude-'), ('gemini', '^gemini-'), ('huggingface', '/'),
                    ('mistral', '^(mistral|mixtral|codestral|ministral|pixtral)-'), ('deepseek', '^deepseek-'),
                    ('xai', '^grok-'), ('cohere', '^(command|embed|rerank)-'),
                    ('stability', '^(stable-|sd3|sdxl)')) f(provider, shape)
      where $1 ~* f.shape limit 1))
$$;
