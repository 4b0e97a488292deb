import { nameOf } from './names.ts';
import Big from 'big.js';
import { type Life } from './life.ts';
import type { Taken } from './purse.ts';
import { amountOf, meets, type Use } from './use.ts';
import { rulesOn } from './rules.ts';
import { startOf } from './windows.ts';
import { type Rule, thresholds, type World } from './world.ts';

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

type Who = Pick<Use, 'session' | 'member'>;
const nobody: Who = { session: null, member: null };

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
  limits: {
    rule: Rule;
    before: Big;
    amount: Big;
    limit: string | null;
    /** what is left of it beside what others hold; null without a limit */
    room: Big | null;
    over: boolean;
  }[];
  credits: Big;
  /** as it is recorded: of one that is taken in part, that part */
  use: Use;
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

  rulesAt(at: number): Rule[] {
    return rulesOn(this.world, this.life.timeline.at(at).plan!);
  }

  startOf(rule: Pick<Rule, 'meter' | 'window'>, at: number): number {
    return startOf(this.life, rule, at);
  }

  limitOf({ meter, window, scope, limit }: Rule, at: number): string | null {
    if (scope === 'member') return limit;
    const own = this.overrides.findLast(
      (o) => o.meter === meter.id && o.window === window && o.from <= at && at < o.until,
    );
    return own ? own.limit : limit;
  }

  /** What was used in the window of a rule that contains `at`, by one member or in one session where the rule is theirs. */
  used(rule: Rule, at: number, who: Who = nobody): Big {
    return this.sum(rule, this.recorded, at, who);
  }

  held(rule: Rule, at: number, now: number, who: Who): Big {
    const live = this.holds.filter(({ expiresAt }) => expiresAt > now);
    return this.sum(rule, live, at, who);
  }

  private sum(rule: Rule, of: readonly { use: Use }[], at: number, who: Who): Big {
    return of.reduce(
      (sum, { use }) => (this.isIn(rule, use, at, who) ? sum.plus(amountOf(rule.meter, use)) : sum),
      new Big(0),
    );
  }

  /** A use falls into every sliding window that ends at it or until it has slid out (R7): where the fullest of them ends. */
  private fullestEnd(rule: Rule, use: Use, now: number): number {
    if (!rule.window.startsWith('rolling')) return use.at;
    const live = use.spent ? [] : this.holds.filter(({ expiresAt }) => expiresAt > now);
    const ends = [...this.recorded, ...live]
      .map((one) => one.use.at)
      .filter((end) => end > use.at && this.startOf(rule, end) < use.at);
    const filled = (end: number) =>
      this.used(rule, end, use).plus(use.spent ? 0 : this.held(rule, end, now, use));
    return ends
      .sort((a, b) => a - b)
      .reduce((best, end) => (filled(end).gt(filled(best)) ? end : best), use.at);
  }

  heldCredits(now: number): Big {
    return this.holds
      .filter(({ expiresAt }) => expiresAt > now)
      .reduce((sum, { credits }) => sum.plus(credits), new Big(0));
  }

  private isIn(rule: Rule, use: Use, at: number, { session, member }: Who): boolean {
    if (!meets(rule.meter, use) || (rule.scope === 'member' && use.member !== member)) return false;
    if (rule.window === 'each') return false;
    if (rule.window === 'session') return use.session === session;
    const start = this.startOf(rule, at);
    if (rule.window.startsWith('rolling')) return use.at > start && use.at <= at;
    // in one window are two instants where the later one's window reaches back to the earlier
    return use.at <= at ? use.at >= start : this.startOf(rule, use.at) <= at;
  }

  /** Whether a use may be, and why not (R8, R10, R12); in part where it is to be and that fits. */
  judge(use: Use, now: number): Verdict {
    const none = { limits: [], credits: new Big(0), use };
    if (use.at > now + 5 * 60_000) return { ...none, allowed: false, reason: 'in_future' };
    if (use.at < now - 35 * 86_400_000) return { ...none, allowed: false, reason: 'too_old' };
    if (use.member !== null && !this.life.members.has(use.member, use.at))
      return { ...none, allowed: false, reason: 'no_member' };
    const { access, reason, plan } = this.life.timeline.at(use.at);
    if (!access && !(use.spent && plan)) return { ...none, allowed: false, reason };
    const whole = this.weigh(use, now);
    if (whole.allowed || !use.partial) return whole;
    const quantity = this.fitting(whole, now);
    return quantity === null ? whole : this.weigh({ ...use, quantity }, now);
  }

  /** How much of a use that does not fit does: the largest that all limits and the credits allow, of a whole number a whole one. */
  private fitting({ use, limits }: Verdict, now: number): string | null {
    if (use.spent || use.input !== null || use.output !== null || use.cost !== null) return null;
    let fit = new Big(use.quantity);
    for (const { rule, amount, room } of limits) {
      if (!rule.hard || room === null || amount.lte(0) || amount.lte(room)) continue;
      if (rule.meter.count || rule.meter.field !== 'quantity') return null;
      if (room.lt(fit)) fit = room;
    }
    const price = this.world.costs[use.kind];
    const affordable = this.life.purse.balance(Math.min(use.at, now)).minus(this.heldCredits(now));
    if (price !== undefined && affordable.lt(fit.times(price))) fit = affordable.div(price);
    fit = fit.round(new Big(use.quantity).mod(1).eq(0) ? 0 : 6, Big.roundDown);
    return fit.gt(0) ? fit.toFixed() : null;
  }

  private weigh(use: Use, now: number): Verdict {
    const limits = this.rulesAt(use.at)
      .filter((rule) => meets(rule.meter, use))
      .filter(({ window }) => window !== 'session' || use.session !== null)
      .filter(({ scope }) => scope === 'customer' || use.member !== null)
      .map((rule) => {
        const end = this.fullestEnd(rule, use, now);
        const before = this.used(rule, end, use);
        const amount = amountOf(rule.meter, use);
        const limit = this.limitOf(rule, use.at);
        const held = use.spent ? new Big(0) : this.held(rule, end, now, use);
        const room = limit === null ? null : new Big(limit).minus(before).minus(held);
        return { rule, before, amount, limit, room, over: room !== null && amount.gt(0) && amount.gt(room) };
      });
    // of equal room the first by meter and window decides
    const blocking = use.spent
      ? []
      : limits
          .filter(({ over, rule }) => over && rule.hard)
          .toSorted((a, b) => (nameOf(a.rule) < nameOf(b.rule) ? -1 : 1));
    const need = this.needOf(use);
    if (blocking.length > 0) {
      const least = blocking.reduce((a, b) => (b.room!.lt(a.room!) ? b : a));
      const reason = new Big(least.limit!).eq(0) ? 'disabled' : 'limit_reached';
      return { use, limits, credits: need, allowed: false, reason };
    }
    const balance = this.life.purse.balance(Math.min(use.at, now));
    if (use.spent)
      return { use, limits, credits: need.gt(balance) ? balance : need, allowed: true, reason: null };
    const broke = need.gt(0) && need.gt(balance.minus(this.heldCredits(now)));
    return { use, limits, credits: need, allowed: !broke, reason: broke ? 'no_credits' : null };
  }

  needOf({ kind, quantity }: Pick<Use, 'kind' | 'quantity'>): Big {
    return new Big(this.world.costs[kind] ?? 0).times(quantity);
  }

  record(use: Use, credits: Big, now: number): Recorded {
    const made = { use, credits, taken: this.life.purse.burn(credits, now, Math.min(use.at, now)) };
    this.recorded.push(made);
    return made;
  }

  reverse(one: Recorded, now: number): void {
    this.recorded.splice(this.recorded.indexOf(one), 1);
    this.life.purse.giveBack(one.taken, now);
  }

  /** The alerts of a use that was just recorded, sliding windows apart (R39). */
  alertsOf({ use, limits }: Verdict, isOpen: (rule: Rule) => boolean): string[] {
    const told: string[] = [];
    for (const { rule, before, amount, limit } of limits) {
      if (limit === null || Number(limit) === 0 || amount.lte(0) || !isOpen(rule)) continue;
      if (rule.window === 'each' || rule.window.startsWith('rolling')) continue;
      for (const threshold of thresholds) {
        const key = [
          rule.meter.id,
          rule.window,
          rule.window === 'session' ? use.session : '',
          rule.scope === 'member' ? use.member : '',
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
