import type { Db } from '../database/connect.ts';
import { Failure } from '../domain/failure.ts';
import { toMinorUnits } from '../payments/minor-units.ts';

/** A price at which a plan is sold now, in Stripe's terms. */
export interface SoldPrice {
  plan: string;
  name: string;
  description: string | null;
  version: number;
  every: string;
  currency: string;
  amount: string;
  amountMinor: bigint;
  interval: 'day' | 'week' | 'month' | 'year';
  intervalCount: number;
  /** finds the price, whatever its id is */
  lookupKey: string;
  /** the id that is stored here */
  stripePriceId: string | null;
}

const intervals = { d: 'day', w: 'week', mo: 'month', y: 'year' } as const;
/** Stripe bills at least once in three years. */
const most = { day: 1095, week: 156, month: 36, year: 3 } as const;

/** A price that Stripe cannot have, and why. */
export interface UnsoldPrice extends Pick<SoldPrice, 'plan' | 'every' | 'currency' | 'amount'> {
  refused: Failure;
}

type Row = Omit<SoldPrice, 'amountMinor' | 'interval' | 'intervalCount' | 'lookupKey'>;

/** Reads the prices above zero of the current versions of open plans, by plan, or of one plan only; and those that Stripe cannot have. */
export async function listSoldPrices(
  db: Db,
  plan?: string,
): Promise<{ sold: SoldPrice[]; unsold: UnsoldPrice[] }> {
  const rows = await db<Row[]>`
    select p.id as plan, p.name, p.description, r.version, r."interval" as every, r.currency, trim_scale(r.amount)::text as amount,
           r.stripe_price_id as "stripePriceId"
      from subctl.plans p join subctl.plan_prices r on r.plan_id = p.id and r.version = p.current_version
     where p.active and r.amount > 0 and (${plan ?? null}::text is null or p.id = ${plan ?? null})
     order by p.rank nulls last, p.id, r."interval", r.currency`;
  const sold: SoldPrice[] = [];
  const unsold: UnsoldPrice[] = [];
  for (const row of rows)
    try {
      sold.push(asStripeHasIt(row));
    } catch (error) {
      if (!(error instanceof Failure)) throw error;
      const { plan: id, every, currency, amount } = row;
      unsold.push({ plan: id, every, currency, amount, refused: error });
    }
  return { sold, unsold };
}

/** @throws Failure refused for an amount or a period that Stripe cannot have */
function asStripeHasIt(row: Row): SoldPrice {
  return {
    ...row,
    amountMinor: toMinorUnits(row.amount, row.currency),
    ...intervalOf(row),
    lookupKey: `subctl:${row.plan}:v${row.version}:${row.every}:${row.currency.toLowerCase()}`,
  };
}

function intervalOf({
  plan,
  every,
}: {
  plan: string;
  every: string;
}): Pick<SoldPrice, 'interval' | 'intervalCount'> {
  const [, digits = '1', unit = 'mo'] = /^(\d+)(d|w|mo|y)$/.exec(every) ?? [];
  const interval = intervals[unit as keyof typeof intervals];
  const intervalCount = Number(digits);
  if (intervalCount <= most[interval]) return { interval, intervalCount };
  throw new Failure(
    'refused',
    `Plan ${plan} is paid every ${every}, and Stripe bills at least once in three years`,
    {
      hint: 'sell it by invoice, or for a shorter period',
    },
  );
}
