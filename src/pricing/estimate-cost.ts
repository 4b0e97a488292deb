import type { Db } from '../database/connect.ts';
import { parseAmount } from '../domain/amounts.ts';
import { Failure } from '../domain/failure.ts';
import { nearest } from '../domain/nearest.ts';
import { findFallbacks } from './find-fallbacks.ts';

/** A use to price. Counts are decimal strings; cached tokens are among the input tokens. */
export interface Use {
  provider: string;
  model: string | undefined;
  at: Date;
  requests: string | undefined;
  inputTokens: string | undefined;
  outputTokens: string | undefined;
  cachedTokens: string | undefined;
  /** searches, images, edits, videos, pages, characters, seconds, cache_write_tokens … (docs/usage.md) */
  units: Record<string, string>;
}

export interface CostLine {
  component: string;
  quantity: string;
  amount: string;
  per: string;
  /** the price applies to prompts above this many tokens */
  above: string | null;
  cost: string;
}

export interface Estimate {
  cost: string;
  currency: string;
  lines: CostLine[];
  /** the provider of the prices: a fallback's where the provider has none for the model */
  provider: string;
  /** the model of that price: a pattern, or `default` where the model has no price of its own */
  pricedAs: string;
  pricesFrom: Date;
}

/** Reads the units of a use by name; absent ones are left out. Failure usage for anything but a number of 0 or more. */
export function readUnits(given: Record<string, unknown>): Record<string, string> {
  const units = Object.entries(given).filter(([, amount]) => amount !== undefined);
  return Object.fromEntries(
    units.map(([name, amount]) => [name, parseAmount(String(amount), { name, min: '0' })]),
  );
}

/**
 * Estimates the exact cost of a use by the prices of its time with subctl_internal.price_usage, which recording uses too. The number of requests
 * counts as units where a model is priced by a single unit.
 * @throws Failure not_found when it is unpriced, with what is missing
 */
export async function estimateCost(db: Db, use: Use): Promise<Estimate> {
  const { provider, model = 'default', at, requests } = use;
  const [row] = await db<
    (Omit<Estimate, 'cost' | 'provider'> &
      Pick<Estimate, 'provider'> & { cost: string | null; missing: string | null; comps: string[] | null })[]
  >`
    with card as (
      select c.comps from subctl_internal.price_card(${provider}, ${model}, ${at}) c
    ), counted as (
      select comps, ${requests ?? null}::text is not null as given, cardinality(comps) = 1 and not comps[1] like '%tokens' as alone
        from card
    )
    select u.cost, u.lines, u.missing, u.price_provider as provider, u.price_model as "pricedAs", u.price_from as "pricesFrom",
           subctl_internal.setting('cost_currency') as currency, (select comps from card) as comps
      from (select 1) one
      left join counted c on true
     cross join lateral subctl_internal.price_usage(${provider}, ${model}, ${at}, ${requests ?? '1'}::numeric,
             case when c.given and c.alone then c.comps[1] end,
             ${use.inputTokens ?? null}::numeric, ${use.outputTokens ?? null}::numeric, ${use.cachedTokens ?? null}::numeric,
             ${db.json(use.units)}::jsonb || case when c.given and not c.alone then jsonb_build_object('requests', ${requests ?? '1'}::numeric) else '{}' end,
             true) u`;
  if (!row || row.cost === null) throw await unpriced(db, use, row);
  const lines = row.lines.map(({ component, quantity, amount, per, above, cost }) => ({
    component,
    quantity,
    amount,
    per,
    above,
    cost,
  }));
  const { cost, currency, provider: pricedBy, pricedAs, pricesFrom } = row;
  return { cost, currency, lines, provider: pricedBy, pricedAs, pricesFrom };
}

async function unpriced(
  db: Db,
  { provider, model = 'default', at }: Use,
  row: { provider: string; pricedAs: string; missing: string | null; comps: string[] | null } | undefined,
): Promise<Failure> {
  if (row?.comps)
    return new Failure(
      'not_found',
      `Unpriced: ${row.provider}/${row.pricedAs} is priced by ${row.comps.join(', ')}, and the given units do not fit: ${row.missing}`,
      {
        hint: `Give its units, or add a price: subctl pricing set ${row.provider} ${row.pricedAs} …`,
      },
    );
  const cards = await db<{ provider: string; model: string }[]>`
    select distinct provider, model from subctl.price_cards where effective_from <= ${at}`;
  const own = cards.filter((each) => each.provider === provider).map((each) => each.model);
  const near = nearest(
    own.length > 0 ? model : provider,
    own.length > 0 ? own : [...new Set(cards.map((each) => each.provider))],
  );
  const fallbacks = await findFallbacks(db, provider);
  const absent = fallbacks.filter((name) => !cards.some((card) => card.provider === name));
  const missing =
    absent[0] &&
    `${provider} uses the prices of ${fallbacks.join(', ')}: subctl pricing import --catalogue --provider ${absent[0]}`;
  const thing = own.length > 0 ? `model ${provider}/${model}` : `provider ${provider}`;
  return new Failure(
    'not_found',
    `Unpriced: there is no price for the ${thing} at ${at.toISOString()}${near ? `, did you mean ${near}?` : ''}`,
    {
      hint:
        cards.length === 0
          ? 'Load prices: subctl pricing import --source code'
          : (missing ?? 'List prices: subctl pricing list'),
    },
  );
}
