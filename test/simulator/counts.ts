import Big from 'big.js';
import { calendarWindow, anchoredPeriod, clockHour } from '../database/window-oracle.ts';
import { type Life } from './life.ts';
import type { Taken } from './purse.ts';
import { type Meter, multiplier, type Rule, stepOf, thresholds, type World } from './world.ts';

/** One use as it is told. */
export interface Use {
  kind: string;
  at: number;
  quantity: string;
  provider: string;
  input: number | null;
  output: number | null;
  cost: string;
  session: string | null;
  spent: boolean;
}

export interface Recorded {
  use: Use;
  taken: Taken[];
  credits: Big;
}

/** Something held for a call that is under way. */
export interface Hold {
  use: Use;
  expiresAt: number;
  credits: Big;
}

export interface Override {
  meter: string;
  window: string;
  from: number;
  until: number;
  limit: string | null;
}

export interface Verdict {
  allowed: boolean;
  reason: string | null;
  /** meter and window of each limit that it meets, with the count before it, its limit, and whether it does not fit */
  limits: { rule: Rule; before: Big; amount: Big; limit: string | null; over: boolean }[];
  credits: Big;
}

/** A customer's uses, kept as they came; every count is made anew from them. */
export class Counts {
  readonly recorded: Recorded[] = [];
  readonly holds: Hold[] = [];
  readonly overrides: Override[] = [];
  private readonly alerted = new Set<string>();
  private readonly life: Life;
  private readonly world: World;

  constructor(world: World, life: Life) {
    this.world = world;
    this.life = life;
  }

  /** What holds at an instant: the plan's limits, and each meter that it does not limit counted per period (R11). */
  rulesAt(at: number): Rule[] {
    const { plan } = this.life.timeline.at(at);
    const bounded = plan!.rules
      .filter(({ window }) => window !== 'each' && window !== 'session')
      .map(({ meter }) => meter);
    const counted = this.world.meters.filter((meter) => !bounded.includes(meter));
    const without = (rule: Pick<Rule, 'meter' | 'window'>): Rule => ({
      ...rule,
      scope: 'customer',
      limit: null,
      hard: true,
    });
    // a window without an end that any plan limits is counted on all of them
    const endless = this.world.plans
      .flatMap(({ rules }) => rules)
      .filter(({ window }) => window === 'lifetime' || window === 'session')
      .filter((rule, n, all) => all.findIndex((other) => isSame(rule, other)) === n)
      .filter((rule) => !plan!.rules.some((own) => isSame(rule, own)));
    return [
      ...plan!.rules,
      ...counted.map((meter) => without({ meter, window: 'period' })),
      ...endless.map(without),
    ];
  }

  limitOf({ meter, window, limit }: Rule, at: number): string | null {
    const own = this.overrides.findLast(
      (o) => o.meter === meter.id && o.window === window && o.from <= at && at < o.until,
    );
    return own ? own.limit : limit;
  }

  /** Where the window of a rule that contains `at` starts; for sliding ones the last instant that is out of it. */
  startOf({ meter, window }: Pick<Rule, 'meter' | 'window'>, at: number): number {
    const [word, n, unit] = /^rolling_(\d+)(h|d)$/.exec(window) ?? [];
    const { usageFrom, start } = this.life.timeline.periodAt(at);
    const from =
      meter.tier === 'free' || ['lifetime', 'each', 'session'].includes(window) ? -Infinity : usageFrom;
    if (word) return Math.max(at - Number(n) * (unit === 'd' ? 24 : 1) * 3_600_000, from - 1);
    if (['lifetime', 'each', 'session'].includes(window)) return -Infinity;
    if (window === 'period') return Math.max(start, from);
    const { anchor, zone } = this.life.timeline.at(at);
    if (window.startsWith('every_'))
      return Math.max(anchoredPeriod(anchor, stepOf(window.slice(6)), at, zone).start, from);
    if (window === 'hour') return Math.max(clockHour(at, this.life.zone).start, from);
    const [unitOf, first] = window.startsWith('week')
      ? (['week', window === 'week_sunday' ? 7 : 1] as const)
      : [window as 'day', 1];
    return Math.max(calendarWindow(unitOf, at, this.life.zone, first).start, from);
  }

  /** What was used in the window of a rule that contains `at`. */
  used(rule: Rule, at: number, session: string | null = null): Big {
    return this.recorded.reduce(
      (sum, { use }) => sum.plus(this.isIn(rule, use, at, session) ? amountOf(rule.meter, use) : 0),
      new Big(0),
    );
  }

  held(rule: Rule, at: number, now: number, session: string | null): Big {
    return this.holds
      .filter(({ expiresAt }) => expiresAt > now)
      .reduce(
        (sum, { use }) => sum.plus(this.isIn(rule, use, at, session) ? amountOf(rule.meter, use) : 0),
        new Big(0),
      );
  }

  heldCredits(now: number): Big {
    return this.holds
      .filter(({ expiresAt }) => expiresAt > now)
      .reduce((sum, { credits }) => sum.plus(credits), new Big(0));
  }

  private isIn(rule: Rule, use: Use, at: number, session: string | null): boolean {
    if (!meets(rule.meter, use)) return false;
    if (rule.window === 'each') return false;
    if (rule.window === 'session') return use.session === session;
    const start = this.startOf(rule, at);
    if (rule.window.startsWith('rolling')) return use.at > start && use.at <= at;
    // in one window are two instants where the later one's window reaches back to the earlier
    return use.at <= at ? use.at >= start : this.startOf(rule, use.at) <= at;
  }

  /** Whether a use may be, and why not (R8, R10, R12). */
  judge(use: Use, now: number): Verdict {
    const none = { limits: [], credits: new Big(0) };
    if (use.at > now + 5 * 60_000) return { ...none, allowed: false, reason: 'in_future' };
    if (use.at < now - 35 * 86_400_000) return { ...none, allowed: false, reason: 'too_old' };
    const { access, reason, plan } = this.life.timeline.at(use.at);
    if (!access && !(use.spent && plan)) return { ...none, allowed: false, reason };
    const limits = this.rulesAt(use.at)
      .filter((rule) => meets(rule.meter, use) && (rule.window !== 'session' || use.session !== null))
      .map((rule) => {
        const before = this.used(rule, use.at, use.session);
        const amount = amountOf(rule.meter, use);
        const limit = this.limitOf(rule, use.at);
        const room =
          limit === null
            ? null
            : new Big(limit).minus(before).minus(use.spent ? 0 : this.held(rule, use.at, now, use.session));
        return { rule, before, amount, limit, room, over: room !== null && amount.gt(0) && amount.gt(room) };
      });
    const blocking = use.spent ? [] : limits.filter(({ over, rule }) => over && rule.hard);
    const need = this.needOf(use);
    if (blocking.length > 0) {
      const least = blocking.reduce((a, b) => (b.room!.lt(a.room!) ? b : a));
      return {
        limits,
        credits: need,
        allowed: false,
        reason: new Big(least.limit!).eq(0) ? 'disabled' : 'limit_reached',
      };
    }
    const balance = this.life.purse.balance();
    if (use.spent) return { limits, credits: need.gt(balance) ? balance : need, allowed: true, reason: null };
    const broke = need.gt(0) && need.gt(balance.minus(this.heldCredits(now)));
    return { limits, credits: need, allowed: !broke, reason: broke ? 'no_credits' : null };
  }

  needOf({ kind, quantity }: Pick<Use, 'kind' | 'quantity'>): Big {
    return new Big(this.world.costs[kind] ?? 0).times(quantity);
  }

  record(use: Use, credits: Big, now: number): Recorded {
    const made = { use, credits, taken: this.life.purse.burn(credits, now) };
    this.recorded.push(made);
    return made;
  }

  reverse(one: Recorded, now: number): void {
    this.recorded.splice(this.recorded.indexOf(one), 1);
    this.life.purse.giveBack(one.taken, now);
  }

  /** The alerts of a use that was just recorded, sliding windows apart (R39). */
  alertsOf(use: Use, { limits }: Verdict, isOpen: (rule: Rule) => boolean): string[] {
    const told: string[] = [];
    for (const { rule, before, amount, limit } of limits) {
      if (limit === null || Number(limit) === 0 || amount.lte(0) || !isOpen(rule)) continue;
      if (rule.window === 'each' || rule.window.startsWith('rolling')) continue;
      for (const threshold of thresholds) {
        const key = [
          rule.meter.id,
          rule.window,
          rule.window === 'session' ? use.session : '',
          this.startOf(rule, use.at),
          threshold,
          limit,
        ].join(' ');
        if (before.plus(amount).times(100).lt(new Big(limit).times(threshold)) || this.alerted.has(key))
          continue;
        this.alerted.add(key);
        told.push(`${rule.meter.id} ${rule.window} ${threshold}`);
      }
    }
    return told.sort();
  }
}

const isSame = (a: Rule, b: Rule): boolean => a.meter.id === b.meter.id && a.window === b.window;

const tierOf = ({ provider }: Use): string => (provider === 'gratis' ? 'free' : 'paid');

function meets({ kinds, provider, tier }: Meter, use: Use): boolean {
  return (
    kinds.includes(use.kind) &&
    (provider === null || provider === use.provider) &&
    (tier === null || tier === tierOf(use))
  );
}

/** How much of a use a meter counts; a multiplier rounds up once (R28). */
export function amountOf({ field, count }: Meter, use: Use): Big {
  if (count) return new Big(1);
  if (field === 'quantity') return new Big(use.quantity);
  if (field === 'cost') return new Big(use.cost);
  if (field === 'input') return new Big(use.input ?? 0);
  if (field === 'output') return new Big(use.output ?? 0);
  const tokens = new Big((use.input ?? 0) + (use.output ?? 0));
  return use.provider === 'heavy' ? tokens.times(multiplier).round(0, Big.roundUp) : tokens;
}
