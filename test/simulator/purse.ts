import Big from 'big.js';

export interface Grant {
  source: 'plan' | 'rollover' | 'reset' | 'given';
  /** of grants that came with a plan */
  plan: string | null;
  priority: number;
  grantedAt: number;
  /** Infinity is never */
  expiresAt: number;
  amount: Big;
  remaining: Big;
  order: number;
  /** what it was cut short of does not roll over */
  cut: boolean;
  dead: boolean;
  /** what expired unused and did not roll over: uses of its time that come late may take it */
  over: Big;
}

/** What was taken of which grant, so that it can go back to it. */
export interface Taken {
  grant: Grant;
  amount: Big;
  at: number;
}

/** A customer's credits, as a list of grants and of what was taken of each. */
export class Purse {
  readonly grants: Grant[] = [];
  readonly taken: Taken[] = [];

  give(
    grant: Pick<Grant, 'source' | 'plan' | 'priority' | 'grantedAt' | 'expiresAt'> & { amount: string | Big },
  ): Grant {
    const amount = new Big(grant.amount);
    const made = {
      ...grant,
      amount,
      remaining: amount,
      order: this.grants.length,
      cut: false,
      dead: false,
      over: new Big(0),
    };
    this.grants.push(made);
    return made;
  }

  nextExpiry(): number {
    return Math.min(Infinity, ...this.live().map(({ expiresAt }) => expiresAt));
  }

  /** What expires at or before `at`, with what was left of it (R22). */
  expire(at: number): { grant: Grant; left: Big }[] {
    return this.live()
      .filter(({ expiresAt }) => expiresAt <= at)
      .map((grant) => {
        const left = grant.remaining;
        grant.dead = true;
        grant.over = left;
        grant.remaining = new Big(0);
        return { grant, left };
      });
  }

  /** Ends the credits that came with a plan, any plan for null. */
  endPlan(plan: string | null, at: number): void {
    for (const grant of this.live()) {
      if (grant.source === 'given' || (plan !== null && grant.plan !== plan) || grant.expiresAt <= at)
        continue;
      grant.expiresAt = at;
      grant.cut = true;
    }
  }

  /** Ends the plan's credits where their cycles are counted anew: what is left of them rolls over as at every end. */
  endCycles(at: number): void {
    for (const grant of this.live())
      if (grant.source !== 'given' && grant.expiresAt > at) grant.expiresAt = at;
  }

  moveEnd(from: number, to: number): void {
    for (const grant of this.live()) if (grant.expiresAt === from) grant.expiresAt = to;
  }

  /** What a use of `usedAt` may take (R13): what was given after it stays. */
  balance(usedAt = Infinity): Big {
    const there = this.live(usedAt).reduce((sum, { remaining }) => sum.plus(remaining), new Big(0));
    return this.gone(usedAt).reduce((sum, { over }) => sum.plus(over), there);
  }

  /** Takes credits in the order of R21; the caller has seen that there are enough. */
  burn(amount: Big, at: number, usedAt = at): Taken[] {
    let left = amount;
    const taken: Taken[] = [];
    const pool = usedAt < at ? [...this.gone(usedAt), ...this.live(usedAt)] : this.live(usedAt);
    for (const grant of pool.sort(inOrder)) {
      if (left.lte(0)) break;
      const what = grant.dead ? 'over' : 'remaining';
      const part = grant[what].lt(left) ? grant[what] : left;
      if (part.lte(0)) continue;
      grant[what] = grant[what].minus(part);
      left = left.minus(part);
      taken.push({ grant, amount: part, at });
    }
    this.taken.push(...taken.filter(({ grant }) => !grant.dead)); // what had expired unused is no use of now
    return taken;
  }

  /** Gives back to the very grants, save to those whose time is over (R21, R22). */
  giveBack(taken: readonly Taken[], at: number): void {
    for (const { grant, amount } of taken) {
      if (grant.dead) continue;
      grant.remaining = grant.remaining.plus(amount);
      this.taken.push({ grant, amount: amount.neg(), at });
    }
  }

  /** What was used of the plan's credits since an instant (R32). */
  usedOfPlan(since: number): Big {
    return this.taken
      .filter(({ grant, at }) => at >= since && (grant.source === 'plan' || grant.source === 'reset'))
      .reduce((sum, { amount }) => sum.plus(amount), new Big(0));
  }

  /** What was used of the credits that one plan gave from an instant on, or since they were reset (R32). */
  usedOf(plan: string, since: number): Big {
    const from = Math.max(since, ...this.grants.filter((g) => g.source === 'reset').map((g) => g.grantedAt));
    return this.taken
      .filter(
        ({ grant }) =>
          ['plan', 'reset'].includes(grant.source) && grant.plan === plan && grant.grantedAt >= from,
      )
      .reduce((sum, { amount }) => sum.plus(amount), new Big(0));
  }

  /** Grants that are over and lived at an instant. */
  private gone(usedAt: number): Grant[] {
    return this.grants.filter((g) => g.dead && g.grantedAt <= usedAt && g.expiresAt > usedAt);
  }

  live(usedAt = Infinity): Grant[] {
    return this.grants.filter(({ dead, grantedAt }) => !dead && grantedAt <= usedAt);
  }
}

const inOrder = (a: Grant, b: Grant): number =>
  a.priority - b.priority ||
  compare(a.expiresAt, b.expiresAt) ||
  a.grantedAt - b.grantedAt ||
  a.order - b.order;
const compare = (a: number, b: number): number => (a === b ? 0 : a < b ? -1 : 1);
