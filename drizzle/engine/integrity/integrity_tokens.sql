-- Computes tokens and tier of each event again from its parts and the models. Events recorded before models were last
-- changed, and reversals, are left out.
create or replace view subctl.integrity_tokens as
with since as (
  select coalesce(max(c.at), '-infinity') as at from subctl.audit_log a join subctl.changes c on c.id = a.change_id
   where a.entity = 'model'
), known as (
  select p.provider, p.model, m.free_tier, m.multiplier
    from (select distinct provider, model from subctl.usage_events
           where provider is not null or model is not null) p
    left join lateral (
      select m.free_tier, m.multiplier from subctl.models m
       where (p.provider is null or m.provider = p.provider)
         and (coalesce(p.model, '') ilike replace(replace(m.pattern, '_', E'\\_'), '*', '%')
              or lower(p.model) = any (lower(m.aliases::text)::text[]))
       order by length(m.pattern) desc, m.provider limit 1) m on true
), judged as (
  select e.customer_id, e.id, e.tier, e.tokens, coalesce(k.free_tier, false) as free,
         coalesce(k.multiplier, 1) as multiplier,
         case when e.input_tokens is not null or e.output_tokens is not null
              then coalesce(e.input_tokens, 0) + coalesce(e.output_tokens, 0)
              when e.units ? 'bytes' and e.kind in ('stt', 'voice') then floor((e.units->>'bytes')::numeric / 16000)
              when e.units ? 'characters' and e.kind in ('tts', 'voice') then (e.units->>'characters')::numeric * 2
              when e.units ? 'words' and e.kind = 'llm' then floor((e.units->>'words')::numeric * 1.3)
              when e.units ? 'characters' and e.kind = 'llm' then floor((e.units->>'characters')::numeric / 4)
              when e.estimated and e.units is null and e.kind = 'llm'
              then e.quantity * case e.tier when 'free' then v.estimate_free else v.estimate_paid end end as parts
    from subctl.usage_events e
   cross join since
    left join subctl.plan_versions v on v.plan_id = e.plan_id and v.version = e.version
    left join known k on k.provider is not distinct from e.provider and k.model is not distinct from e.model
   where e.recorded_at > since.at and e.reverses is null
)
select customer_id, 'tokens of event ' || id as subject, coalesce(trim_scale(t.expected)::text, 'none') as expected,
       coalesce(trim_scale(tokens)::text, 'none') as found
  from judged
 cross join lateral (
   select case when multiplier = 1 then parts else ceil(parts * multiplier) end as expected) t
 where tokens is distinct from t.expected
union all
select customer_id, 'tier of event ' || id, case when free then 'free' else 'paid' end, tier from judged
 where (tier = 'free') <> free;
comment on view subctl.integrity_tokens is
  'R28: The tokens and the tier of each event are those of its parts and its model';
