import Big from 'big.js';
import { anchoredPeriod, calendarWindow } from '../database/window-oracle.ts';

/**
 * A second engine, in memory and without any of the SQL: it keeps every accepted use and every grant and works everything out anew from
 * them at each question. One customer, one auto-renewing monthly subscription, no task ever run.
 */
export interface Rule {
  meter: string;
  kind: string;
  window: 'day' | 'week' | 'month' | 'period' | 'lifetime' | `rolling_${number}h`;
  limit: number | null;
  free?: boolean;
}

export interface Accepted {
  at: number;
  kind: string;
  free: boolean;
  quantity: string;
}

interface Grant {
  priority: number;
  grantedAt: number;
  expiresAt: number;
  order: number;
  remaining: Big;
}

export interface Terms {
  rules: Rule[];
  start: number;
  zone: string;
  credits: number;
  costs: Record<string, string>;
}

export class Model {
  readonly events: Accepted[] = [];
  private readonly grants: Grant[] = [];
  private periodsGranted = 0;
  private order = 0;
  private readonly terms: Terms;

  constructor(terms: Terms) {
    this.terms = terms;
  }

  /** Where the window of a rule that contains `at` starts; for rolling ones, the first instant that is not in it. */
  windowStart(rule: Rule, at: number): number {
    if (rule.window === 'lifetime') return -Infinity;
    const from = rule.free ? -Infinity : this.period(at).start;
    if (rule.window === 'period') return this.period(at).start;
    if (rule.window.startsWith('rolling')) return Math.max(at - hours(rule) * 3_600_000 + 1, from);
    return Math.max(calendarWindow(rule.window as 'day', at, this.terms.zone).start, from);
  }

  used(rule: Rule, at: number): Big {
    const start = this.windowStart(rule, at);
    const inside = this.events.filter(
      (e) =>
        e.kind === rule.kind &&
        e.free === (rule.free ?? false) &&
        (rule.window.startsWith('rolling')
          ? e.at >= start && e.at <= at
          : this.windowStart(rule, e.at) === start),
    );
    return inside.reduce((sum, e) => sum.plus(e.quantity), new Big(0));
  }

  /** What the fullest window holds that a use at `at` would fall into: a rolling one may end after it (R7). */
  fullest(rule: Rule, at: number): Big {
    const ends = rule.window.startsWith('rolling')
      ? this.events.map((e) => e.at).filter((end) => end > at && this.windowStart(rule, end) <= at)
      : [];
    return [at, ...ends].map((end) => this.used(rule, end)).reduce((a, b) => (b.gt(a) ? b : a));
  }

  /** The rules that a use meets and does not fit, and whether the credits suffice. */
  verdict(use: Accepted, now: number): { breached: Rule[]; broke: boolean } {
    const breached = this.terms.rules.filter(
      (rule) =>
        this.meets(rule, use) &&
        rule.limit !== null &&
        this.fullest(rule, use.at).plus(use.quantity).gt(rule.limit),
    );
    return { breached, broke: this.need(use).gt(this.balance(now, use.at)) };
  }

  accept(use: Accepted, now: number): void {
    this.events.push(use);
    this.burn(this.need(use), now, use.at);
  }

  meets(rule: Rule, use: Accepted): boolean {
    return rule.kind === use.kind && (rule.free ?? false) === use.free;
  }

  need({ kind, quantity }: Accepted): Big {
    return new Big(this.terms.costs[kind] ?? 0).times(quantity);
  }

  /** What there is, or what a use of `usedAt` may take (R13). */
  balance(now: number, usedAt = now): Big {
    this.grantPlan(now);
    return this.live(now, usedAt).reduce((sum, g) => sum.plus(g.remaining), new Big(0));
  }

  grant(amount: string, priority: number, now: number, expiresAt: number): void {
    this.grantPlan(now);
    this.grants.push({
      priority,
      grantedAt: now,
      expiresAt,
      order: this.order++,
      remaining: new Big(amount),
    });
  }

  burn(amount: Big, now: number, usedAt = now): void {
    this.grantPlan(now);
    let left = amount;
    for (const grant of this.live(now, usedAt)) {
      const taken = grant.remaining.lt(left) ? grant.remaining : left;
      grant.remaining = grant.remaining.minus(taken);
      left = left.minus(taken);
    }
  }

  remaining(now: number): string[] {
    return this.live(now)
      .filter((g) => g.remaining.gt(0))
      .map((g) => `${g.priority} ${g.remaining.toFixed()}`);
  }

  period(at: number) {
    return anchoredPeriod(this.terms.start, { months: 1, days: 0 }, at, this.terms.zone);
  }

  private grantPlan(now: number): void {
    let at = this.terms.start;
    for (let k = 0; at <= now; k++) {
      const { end } = this.period(at);
      if (k >= this.periodsGranted) {
        this.grants.push({
          priority: 20,
          grantedAt: at,
          expiresAt: end,
          order: this.order++,
          remaining: new Big(this.terms.credits),
        });
        this.periodsGranted = k + 1;
      }
      at = end;
    }
  }

  private live(now: number, usedAt = now): Grant[] {
    return this.grants
      .filter((g) => g.expiresAt > Math.min(now, usedAt) && g.grantedAt <= Math.min(now, usedAt))
      .sort(
        (a, b) =>
          a.priority - b.priority ||
          compare(a.expiresAt, b.expiresAt) ||
          a.grantedAt - b.grantedAt ||
          a.order - b.order,
      );
  }
}

const compare = (a: number, b: number): number => (a === b ? 0 : a < b ? -1 : 1);
const hours = ({ window }: Rule): number => Number(/\d+/.exec(window)![0]);
