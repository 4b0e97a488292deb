import type { Connection } from '../../src/database/connect.ts';
import type { Step } from '../database/window-oracle.ts';
import { type Dice } from './dice.ts';

/** What is counted. A null list is everything. */
export interface Meter {
  id: string;
  kinds: string[];
  provider: string | null;
  tier: 'free' | 'paid' | null;
  field: 'quantity' | 'tokens' | 'input' | 'output' | 'cost';
  count: boolean;
}

export interface Rule {
  meter: Meter;
  window: string;
  scope: 'customer' | 'member';
  limit: string | null;
  hard: boolean;
}

export interface Plan {
  id: string;
  rank: number;
  every: string;
  fallback: string | null;
  trialDays: number;
  autoRenew: boolean;
  carries: boolean;
  credits: string | null;
  creditsEvery: string | null;
  rollover: string | null;
  /** how many people a group may be; null is any number */
  seats: number | null;
  /** of a period, asked for by invoice; null is given away */
  price: string | null;
  netDays: number;
  graceDays: number;
  rules: Rule[];
}

/** A catalogue: made by dice, the same in the database and in memory. */
export interface World {
  meters: Meter[];
  plans: Plan[];
  defaultPlan: string | null;
  costs: Record<string, string>;
}

export const kinds = ['llm', 'image', 'voice'] as const;
export const thresholds = [80, 90, 100] as const;
export const multiplier = '1.5';
/** a code that gives the first period away */
export const freeFirst = 'FIRSTFREE';

export const stepOf = (every: string): Step => {
  const [, n, unit] = /^(\d+)(d|w|mo|y)$/.exec(every)!;
  const count = Number(n);
  if (unit === 'd' || unit === 'w') return { months: 0, days: count * (unit === 'w' ? 7 : 1) };
  return { months: count * (unit === 'y' ? 12 : 1), days: 0 };
};

export function isSameStep(every: string, other: string): boolean {
  const [a, b] = [stepOf(every), stepOf(other)];
  return a.months === b.months && a.days === b.days;
}

const meters: Meter[] = [
  {
    id: 'calls',
    kinds: ['llm', 'image', 'voice'],
    provider: null,
    tier: null,
    field: 'quantity',
    count: true,
  },
  { id: 'cost', kinds: ['llm', 'image', 'voice'], provider: null, tier: null, field: 'cost', count: false },
  { id: 'free_messages', kinds: ['llm'], provider: null, tier: 'free', field: 'quantity', count: false },
  { id: 'images', kinds: ['image'], provider: null, tier: null, field: 'quantity', count: false },
  { id: 'input', kinds: ['llm'], provider: null, tier: null, field: 'input', count: false },
  { id: 'messages', kinds: ['llm'], provider: null, tier: 'paid', field: 'quantity', count: false },
  {
    id: 'one_provider',
    kinds: ['llm', 'image'],
    provider: 'acme',
    tier: null,
    field: 'quantity',
    count: false,
  },
  { id: 'tokens', kinds: ['llm', 'voice'], provider: null, tier: 'paid', field: 'tokens', count: false },
];

const calendar = ['hour', 'day', 'week', 'week_sunday', 'month', 'year'];
const own = ['period', 'every_1mo', 'every_7d', 'every_2w', 'every_30d'];
const sliding = ['rolling_1h', 'rolling_3h', 'rolling_12h', 'rolling_2d', 'rolling_7d', 'rolling_31d'];
const size: Record<string, number> = { quantity: 1, tokens: 40, input: 25, output: 15, cost: 1 };

/** A catalogue of three to five plans. Lifetime and free-tier limits are the same in all of them. */
export function makeWorld(dice: Dice): World {
  const ids = ['alpha', 'beta', 'gamma', 'delta', 'omega'].slice(0, dice.whole(3, 5));
  const defaultPlan = dice.chance(0.8) ? ids[0]! : null;
  const always = meters
    .filter((meter) => meter.tier === 'free' || meter.id === 'images')
    .map((meter) => rule(dice, meter, meter.tier === 'free' ? dice.pick(['month', 'day']) : 'lifetime', 25));
  const plans = ids.map((id, rank): Plan => {
    const credits = dice.chance(0.75) ? dice.pick(['10', '25', '60.5']) : null;
    const every = dice.pick(['1mo', '1mo', '30d', '2w', '7d', '3mo']);
    const isDefault = id === defaultPlan;
    const creditsEvery =
      credits !== null && !isDefault && dice.chance(0.3) ? dice.pick(['7d', '1mo', '10d']) : null;
    return {
      id,
      rank,
      every,
      fallback:
        isDefault || dice.chance(0.25)
          ? null
          : dice.chance(0.5)
            ? defaultPlan
            : ids[(rank + 1) % ids.length]!,
      trialDays: !isDefault && dice.chance(0.3) ? dice.pick([3, 7, 14]) : 0,
      autoRenew: isDefault || dice.chance(0.75),
      carries: dice.chance(0.3),
      credits,
      creditsEvery,
      rollover: credits !== null && !isDefault && dice.chance(0.5) ? dice.pick(['5', '12.5', '100']) : null,
      seats: isDefault || dice.chance(0.6) ? null : dice.whole(1, 3),
      price: !isDefault && dice.chance(0.4) ? '9.99' : null,
      netDays: dice.pick([0, 3, 14]),
      graceDays: dice.pick([2, 7]),
      rules: [...always, ...someRules(dice), ...memberRules(dice)],
    };
  });
  return { meters, plans, defaultPlan, costs: { image: dice.pick(['1', '2.5', '0.5']), voice: '0.03' } };
}

function someRules(dice: Dice): Rule[] {
  const rules = new Map<string, Rule>();
  for (const meter of meters.filter(({ tier }) => tier !== 'free')) {
    for (let n = dice.whole(0, 3); n > 0; n -= 1) {
      const window = dice.pick([...calendar, ...own, ...sliding, ...sliding, 'each', 'session']);
      const made = rule(dice, meter, window, window === 'each' ? 4 : dice.whole(3, 20));
      rules.set(`${meter.id} ${window}`, made);
    }
  }
  return [...rules.values()];
}

/** Limits of each member of a group, beside those of the whole. */
function memberRules(dice: Dice): Rule[] {
  const windows = ['day', 'week', 'month', 'period', 'every_7d', 'rolling_3h', 'rolling_7d', 'each'];
  return meters
    .filter(({ tier }) => tier !== 'free' && dice.chance(0.3))
    .map((meter) => {
      const window = dice.pick(windows);
      return { ...rule(dice, meter, window, window === 'each' ? 3 : dice.whole(2, 9)), scope: 'member' };
    });
}

function rule(dice: Dice, meter: Meter, window: string, uses: number): Rule {
  const limit = dice.weigh<string | null>([
    [12, String(uses * size[meter.field]!)],
    [1, null],
    [0.3, '0'],
  ]);
  return { meter, window, scope: 'customer', limit, hard: dice.chance(0.85) };
}

/** Writes the catalogue as plan files do. */
export async function layWorld(sql: Connection, { meters, plans, defaultPlan, costs }: World): Promise<void> {
  const at = '2020-01-01T00:00:00Z';
  await sql`insert into subctl.kinds (id, canonical) select k, k from unnest(${[...kinds]}::text[]) k on conflict do nothing`;
  await sql`insert into subctl.models (provider, pattern, free_tier, multiplier) values ('gratis', '*', true, 1), ('heavy', '*', false, ${multiplier})
            on conflict do nothing`;
  for (const m of meters)
    await sql`
      insert into subctl.meters (id, name, kinds, providers, tier, field, aggregation)
      values (${m.id}, ${m.id}, ${m.kinds}::text[], ${m.provider === null ? null : [m.provider]}::text[], ${m.tier}, ${m.field}, ${m.count ? 'count' : 'sum'})`;
  for (const [kind, amount] of Object.entries(costs))
    await sql`insert into subctl.credit_costs (plan_id, kind, amount) values ('', ${kind}, ${amount})`;
  for (const p of plans)
    await sql`insert into subctl.plans (id, name, rank, is_default, fallback, current_version, created_at)
              values (${p.id}, ${p.id}, ${p.rank}, ${p.id === defaultPlan}, 'none', 1, ${at})`;
  for (const p of plans) {
    await sql`update subctl.plans set fallback = ${p.fallback === null ? 'none' : 'plan'}, fallback_plan_id = ${p.fallback} where id = ${p.id}`;
    await sql`
      insert into subctl.plan_versions (plan_id, version, created_at, credits, credits_every, rollover_max, max_users, trial_days, net_days, grace_days, auto_renew, usage_on_change)
      values (${p.id}, 1, ${at}, ${p.credits}, ${p.creditsEvery}, ${p.rollover}, ${p.seats}, ${p.trialDays}, ${p.netDays}, ${p.graceDays}, ${p.autoRenew}, ${p.carries ? 'carry' : 'reset'})`;
    await sql`insert into subctl.plan_prices (plan_id, version, "interval", currency, amount) values (${p.id}, 1, ${p.every}, 'USD', ${p.price})`;
    for (const r of p.rules)
      await sql`
        insert into subctl.plan_limits (plan_id, version, meter_id, "window", scope, limit_value, enforcement)
        values (${p.id}, 1, ${r.meter.id}, ${r.window}, ${r.scope}, ${r.limit}, ${r.hard ? 'hard' : 'soft'})`;
  }
  await sql`
    insert into subctl.discounts (code, kind, amount, periods, active, created_at) values (${freeFirst}, 'percent', 100, 1, true, ${at})`;
  await sql`select subctl_internal.compile_all()`;
}
