import type { Db } from '../database/connect.ts';
import { Failure } from '../domain/failure.ts';
import { nearest } from '../domain/nearest.ts';

export type Collection = 'free' | 'complimentary' | 'invoice' | 'charge' | 'stripe';

/** What a customer gets who takes a plan now. */
export interface Terms {
  plan: string;
  name: string;
  version: number;
  active: boolean;
  every: string;
  /** of one period; null where the plan cannot be paid for */
  price: string | null;
  currency: string | null;
  collection: 'free' | 'complimentary' | 'invoice' | 'charge';
  trialDays: number;
  netDays: number;
  autoRenew: boolean;
  usageOnChange: 'reset' | 'carry';
  maxUsers: number | null;
  /** price and credits are per seat */
  perSeat: boolean;
  /** the number of seats; 1 where it is not sold by the seat */
  seats: number;
}

/** Whether money is charged: by an invoice, or with the saved payment method. */
export const isBilled = (collection: string): boolean => collection === 'invoice' || collection === 'charge';

export interface TermsRequest {
  plan: string;
  /** the current one by default */
  version?: number | undefined;
  every?: string | undefined;
  /** the customer's, or the requested one */
  currency?: string | null | undefined;
  collection?: Collection | undefined;
}

interface PlanRow extends Omit<Terms, 'price' | 'currency' | 'collection' | 'every' | 'seats'> {
  usual: string;
  base: string | null;
  prices: { every: string; currency: string; amount: string | null }[];
}

/**
 * Reads the terms of a plan version (by default the current one) with the price of an interval (by default the plan's shortest) in a
 * currency: the requested one, else that of the settings, else the only one. Without a price it is complimentary, at 0 free, else by
 * invoice.
 * @throws Failure not_found for an unknown plan, refused without such a price (naming the existing ones), config for charge and stripe
 */
export async function getTerms(db: Db, request: TermsRequest): Promise<Terms> {
  const { usual, base, prices, ...plan } = await getPlanRow(db, request);
  const every = request.every ?? usual;
  const price =
    prices.length === 0
      ? undefined
      : choosePrice(prices, { plan: plan.plan, every, base, currency: request.currency });
  return {
    ...plan,
    every,
    price: price?.amount ?? null,
    currency: price?.currency ?? null,
    collection: chooseCollection(plan.plan, price?.amount ?? null, request.collection),
    autoRenew: plan.autoRenew || price?.amount === '0',
    seats: 1,
  };
}

async function getPlanRow(db: Db, { plan: id, version }: TermsRequest): Promise<PlanRow> {
  const [row] = await db<PlanRow[]>`
    select p.id as plan, p.name, p.active, v.version, v.trial_days as "trialDays", v.net_days as "netDays", v.auto_renew as "autoRenew",
           v.usage_on_change as "usageOnChange", v.max_users as "maxUsers", v.per_seat as "perSeat", subctl_internal.default_interval(p.id, v.version) as usual,
           subctl_internal.setting('cost_currency') as base,
           (select coalesce(json_agg(json_build_object('every', r."interval", 'currency', r.currency, 'amount', trim_scale(r.amount)::text)
                     order by r."interval", r.currency), '[]')
              from subctl.plan_prices r where r.plan_id = p.id and r.version = v.version) as prices
      from subctl.plans p
      join subctl.plan_versions v on v.plan_id = p.id and v.version = coalesce(${version ?? null}::int, p.current_version)
     where p.id = ${id}`;
  if (row) return row;
  const ids = await db<
    { id: string; current: number }[]
  >`select id, current_version as current from subctl.plans`;
  const known = ids.find((plan) => plan.id === id);
  if (known) {
    throw new Failure(
      'not_found',
      `Plan ${id} has no version ${version}: its current one is ${known.current}`,
      {
        hint: `subctl plans show ${id}`,
      },
    );
  }
  const near = nearest(
    id,
    ids.map((plan) => plan.id),
  );
  throw new Failure('not_found', `There is no plan '${id}'${near ? `, did you mean ${near}?` : ''}`, {
    hint: 'subctl plans list',
  });
}

function choosePrice(
  prices: PlanRow['prices'],
  asked: { plan: string; every: string; base: string | null; currency?: string | null | undefined },
): PlanRow['prices'][number] {
  const { plan, every, base, currency } = asked;
  const fitting = prices.filter((price) => price.every === every);
  const costless = fitting.find(({ amount }) => amount === null || amount === '0');
  const only = fitting.length === 1 && !currency ? fitting[0] : undefined;
  const found = fitting.find((price) => price.currency === (currency ?? base)) ?? only ?? costless;
  if (found) return found;
  const listed = prices
    .map((price) => `${price.amount ?? 'complimentary'} ${price.currency} per ${price.every}`)
    .join(', ');
  const inWhich = currency ? `per ${every} in ${currency}` : `per ${every} in one currency`;
  const which = fitting.length === 0 ? `per ${every}` : inWhich;
  throw new Failure('refused', `Plan ${plan} has no price ${which}: it has ${listed}`, {
    hint:
      fitting.length === 0
        ? 'Choose one of them with --every'
        : 'Choose one of them with --currency, or set the currency of the customer',
  });
}

function chooseCollection(
  plan: string,
  amount: string | null,
  asked: Collection | undefined,
): Terms['collection'] {
  if (asked === 'stripe') {
    throw new Failure(
      'config',
      'A subscription that Stripe owns starts at Stripe, where the customer buys it',
      { hint: `subctl stripe checkout CUSTOMER ${plan}; or use --collection charge or invoice` },
    );
  }
  if (asked === 'complimentary') return 'complimentary';
  if (amount === null && (asked === 'invoice' || asked === 'charge')) {
    throw new Failure('refused', `Plan ${plan} has no price that can be charged`, {
      hint: 'Use --collection complimentary',
    });
  }
  if (amount === null) return 'complimentary';
  if (amount === '0') return 'free';
  if (asked === 'free') {
    throw new Failure('refused', `Plan ${plan} costs ${amount}, which is not free`, {
      hint: 'For a free subscription use --collection complimentary',
    });
  }
  return asked === 'charge' ? 'charge' : 'invoice';
}
