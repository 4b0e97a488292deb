import { Failure } from '../domain/failure.ts';
import { nearest } from '../domain/nearest.ts';
import { wayOf } from './components.ts';
import { type PriceRow, keyOf } from './price-row.ts';

export interface ChosenPrices {
  rows: PriceRow[];
  /** prices that are left out, with the reason */
  leftOut: { provider: string; model: string; component: string; source: string; reason: string }[];
  warnings: string[];
}

/**
 * Selects the rows of some sources, in their order: for the same component from the same day the later source counts. A source that prices
 * a model in another way than an earlier one (`present` has those of the database) is left out for that model, because rows of two sources
 * are never added together.
 * @throws Failure usage when the file has several sources and none was chosen, not_found for a source that it does not have
 */
export function chooseSources(
  all: readonly PriceRow[],
  { file, sources, present }: { file: string; sources: readonly string[]; present: readonly PriceRow[] },
): ChosenPrices {
  const chosen = new Map<string, PriceRow>();
  const leftOut: ChosenPrices['leftOut'] = [];
  const before = new Map<string, PriceRow[]>();
  const keep = (row: PriceRow) => before.set(modelOf(row), [...(before.get(modelOf(row)) ?? []), row]);
  present.forEach(keep);
  for (const source of orderOf(all, file, sources)) {
    const rows = all.filter((row) => row.source === source);
    const own = new Map<string, PriceRow[]>();
    for (const row of rows) own.set(modelOf(row), [...(own.get(modelOf(row)) ?? []), row]);
    for (const row of rows) {
      const reason = otherWay(row, own.get(modelOf(row))!, before.get(modelOf(row)) ?? []);
      if (reason === undefined) chosen.set(keyOf(row), row);
      else
        leftOut.push({ provider: row.provider, model: row.model, component: row.component, source, reason });
    }
    rows.forEach(keep);
  }
  const guesses = [...chosen.values()].some(({ provider, model }) => provider === '*' || model === '*');
  const warnings = guesses
    ? ['rows of * are stored but price nothing: an unknown model is unpriced, never guessed']
    : [];
  return { rows: [...chosen.values()], leftOut, warnings };
}

function orderOf(all: readonly PriceRow[], file: string, sources: readonly string[]): readonly string[] {
  const known = [...new Set(all.map(({ source }) => source))];
  if (sources.length === 0 && known.length <= 1) return known;
  if (sources.length === 0)
    throw new Failure('usage', `${file} has prices of ${known.length} sources`, {
      hint: `Choose one with --source, or several in their order: ${known.join(', ')}`,
    });
  for (const source of sources) {
    if (known.includes(source)) continue;
    const near = nearest(source, known);
    throw new Failure(
      'not_found',
      `${file} has no source '${source}'${near ? `, did you mean ${near}?` : ''}`,
      {
        hint: `It has: ${known.join(', ')}`,
      },
    );
  }
  return [...new Set(sources)];
}

const modelOf = ({ provider, model }: PriceRow) => JSON.stringify([provider, model]);

/**
 * Returns why a row cannot be added beside other sources of its model; undefined when it can. `own` are the rows of its source and
 * `before` those that existed, both of its model.
 */
function otherWay(row: PriceRow, own: readonly PriceRow[], before: readonly PriceRow[]): string | undefined {
  const others = before.filter(({ source, amount }) => source !== row.source && !/^[0.]+$/.test(amount));
  const ways = new Set(
    [...own, ...before.filter(({ source }) => source === row.source)].map(({ component }) =>
      wayOf(component),
    ),
  );
  const other = others[0];
  if (!other || others.some(({ component }) => ways.has(wayOf(component)))) return undefined;
  return `${other.source} prices it per ${wayOf(other.component)}, and prices of two sources are never added together`;
}
