import type { Db } from '../database/connect.ts';
import { Failure } from '../domain/failure.ts';
import { nearest } from '../domain/nearest.ts';

/** A use to be priced. Counts are decimal strings; cached tokens are among the input tokens. */
export interface Use {
  provider: string;
  model: string | undefined;
  at: Date;
  requests: string | undefined;
  inputTokens: string | undefined;
  outputTokens: string | undefined;
  cachedTokens: string | undefined;
  /** searches, images, edits, videos, pages, characters, seconds, cache_write_tokens */
  units: Record<string, string>;
}

export interface CostLine {
  component: string;
  quantity: string;
  amount: string;
  per: string;
  /** the price is one for prompts above this many tokens */
  above: string | null;
  cost: string;
}

export interface Estimate {
  cost: string;
  currency: string;
  lines: CostLine[];
  provider: string;
  /** whose prices these are: `default` where the model has none of its own */
  pricedAs: string;
  pricesFrom: Date;
}

/**
 * What a use costs by the prices in force at its time (K12), exactly: subctl.price_usage, which recording uses too.
 * @throws Failure not_found when it is unpriced, with what is missing
 */
export async function estimateCost(db: Db, use: Use): Promise<Estimate> {
  const [row] = await db<(Omit<Estimate, 'cost' | 'provider'> & { cost: string | null })[]>`
    with card as (
      select c.comps from subctl.price_usage(${use.provider}, ${use.model ?? 'default'}, ${use.at}, 1, null, null, null, null, null) u
        join subctl.price_cards c on c.provider = ${use.provider} and c.model = u.price_model and c.effective_from = u.price_from
    ), kind as (
      -- requests are the units themselves where nothing else is charged
      select case when ${use.requests ?? null}::text is not null and cardinality(comps) = 1 then comps[1] end as kind from card
    )
    select u.cost, u.lines, u.price_model as "pricedAs", u.price_from as "pricesFrom", subctl.setting('cost_currency') as currency
      from subctl.price_usage(${use.provider}, ${use.model ?? 'default'}, ${use.at}, ${use.requests ?? '1'}::numeric, (select kind from kind),
             ${use.inputTokens ?? null}::numeric, ${use.outputTokens ?? null}::numeric, ${use.cachedTokens ?? null}::numeric,
             ${db.json(use.units)}::jsonb, true) u`;
  if (!row || row.cost === null) throw await unpriced(db, use);
  const lines = row.lines.map(({ component, quantity, amount, per, above, cost }) => ({
    component,
    quantity,
    amount,
    per,
    above,
    cost,
  }));
  return { ...row, lines, cost: row.cost, provider: use.provider };
}

async function unpriced(db: Db, { provider, model = 'default', at }: Use): Promise<Failure> {
  const [card] = await db<{ model: string; comps: string[] }[]>`
    select c.model, c.comps from subctl.price_usage(${provider}, ${model}, ${at}, 1, null, null, null, null, null) u
      join subctl.price_cards c on c.provider = ${provider} and c.model = u.price_model and c.effective_from = u.price_from`;
  if (card)
    return new Failure(
      'not_found',
      `Unpriced: ${provider}/${card.model} is priced by ${card.comps.join(', ')}, and what was given does not fit`,
      {
        hint: 'Give the numbers that it is priced by, such as --input-tokens, --output-tokens, --requests, --pages, --characters, --seconds',
      },
    );
  const cards = await db<{ provider: string; model: string }[]>`
    select distinct provider, model from subctl.price_cards where effective_from <= ${at}`;
  const own = cards.filter((each) => each.provider === provider).map((each) => each.model);
  const near = nearest(
    own.length > 0 ? model : provider,
    own.length > 0 ? own : [...new Set(cards.map((each) => each.provider))],
  );
  const thing = own.length > 0 ? `model ${provider}/${model}` : `provider ${provider}`;
  return new Failure(
    'not_found',
    `Unpriced: there is no price for the ${thing} at ${at.toISOString()}${near ? `, did you mean ${near}?` : ''}`,
    {
      hint:
        cards.length === 0
          ? 'Load prices: subctl pricing import --source code'
          : 'See what is priced: subctl pricing list',
    },
  );
}
