import { addCredits, deductCredits, resetCredits, setCredits } from '../../src/credits/change-credits.ts';
import { addMember } from '../../src/customers/add-member.ts';
import { editCustomer } from '../../src/customers/edit.ts';
import { removeMember } from '../../src/customers/remove-member.ts';
import { setLimit } from '../../src/customers/set-limit.ts';
import { type Change, recordChange } from '../../src/database/change.ts';
import type { Connection, Db } from '../../src/database/connect.ts';
import { inTransaction } from '../../src/database/transaction.ts';
import { Failure } from '../../src/domain/failure.ts';
import { assignPlan } from '../../src/subscriptions/assign.ts';
import { cancelSubscription } from '../../src/subscriptions/cancel.ts';
import { extendByDays } from '../../src/subscriptions/extend.ts';
import { pauseSubscription } from '../../src/subscriptions/pause.ts';
import { reactivateSubscription } from '../../src/subscriptions/reactivate.ts';
import { resumeSubscription } from '../../src/subscriptions/resume.ts';
import type { Order } from './desk.ts';
import { payFirst, refundLast, voidFirst } from './money-side.ts';
import type { Use } from './use.ts';
import { freeFirst } from './world.ts';

/** What is asked of the credits; amounts are decimals. */
export type Teller =
  | { do: 'add'; amount: string; priority: number; expires: number | null | 'usual' }
  | { do: 'set'; amount: string }
  | { do: 'deduct'; amount: string }
  | { do: 'reset' };

/** The program itself: what is done to the real database, by the use cases that the commands call. */
export class Program {
  readonly sql: Connection;

  constructor(sql: Connection) {
    this.sql = sql;
  }

  /** Runs a use case at an instant; false where it refuses. */
  async does(at: number, work: (tx: Db, change: Change) => Promise<unknown>): Promise<boolean> {
    try {
      await inTransaction(this.sql, async (tx) =>
        work(
          tx,
          await recordChange(tx, {
            now: new Date(at),
            actor: 'simulator',
            action: 'simulate',
            reason: 'simulated',
          }),
        ),
      );
      return true;
    } catch (error) {
      const code = (error as { code?: string }).code ?? '';
      if (
        (error instanceof Failure && ['refused', 'not_found', 'usage'].includes(error.kind)) ||
        code === 'SB004'
      )
        return false;
      throw error;
    }
  }

  order(customer: string, order: Order, at: number): Promise<boolean> {
    return this.does(at, (tx, change) => {
      switch (order.do) {
        case 'assign': {
          const anchor = order.keep ? ('keep' as const) : undefined;
          const { plan, proration } = order;
          const discount = order.code ? freeFirst : undefined;
          const when = typeof order.when === 'number' ? new Date(order.when) : order.when;
          return assignPlan(tx, change, { customer, plan, when, anchor, proration, discount });
        }
        case 'cancel':
          return cancelSubscription(tx, change, { customer, atOnce: order.now });
        case 'reactivate':
          return reactivateSubscription(tx, change, customer);
        case 'pause':
          return pauseSubscription(tx, change, {
            customer,
            clock: order.clock,
            until: order.until === null ? undefined : new Date(order.until),
          });
        case 'resume':
          return resumeSubscription(tx, change, customer);
        case 'pay':
          return payFirst(tx, change, customer);
        case 'void':
          return voidFirst(tx, change, customer);
        case 'refund':
          return refundLast(tx, change, { customer, amount: order.amount });
        case 'extend':
          return extendByDays(tx, change, { customer, days: order.days });
      }
    });
  }

  credits(customer: string, asked: Teller, at: number): Promise<boolean> {
    return this.does(at, (tx, change) => {
      switch (asked.do) {
        case 'add': {
          const { amount, priority, expires } = asked;
          const until =
            expires === 'usual' ? undefined : expires === null ? ('never' as const) : new Date(expires);
          return addCredits(tx, change, {
            customer,
            amount,
            priority,
            source: 'promotional',
            expires: until,
          });
        }
        case 'set':
          return setCredits(tx, change, { customer, amount: asked.amount, source: 'adjustment' });
        case 'deduct':
          return deductCredits(tx, change, { customer, amount: asked.amount });
        case 'reset':
          return resetCredits(tx, change, customer);
      }
    });
  }

  limit(
    customer: string,
    { meter, window, limit, until }: { meter: string; window: string; limit: string | null; until: number },
    at: number,
  ) {
    const end = until === Infinity ? undefined : new Date(until);
    return this.does(at, (tx, change) =>
      setLimit(tx, change, { customer, meter, window, scope: 'customer', limit, until: end }),
    );
  }

  move(id: string, timezone: string, at: number): Promise<boolean> {
    return this.does(at, (tx, change) => editCustomer(tx, change, { id, timezone }));
  }

  seat(customer: string, member: string, { leaves, at }: { leaves: boolean; at: number }): Promise<boolean> {
    return this.does(at, (tx, change) =>
      leaves
        ? removeMember(tx, change, { customer, member })
        : addMember(tx, change, { customer, member, role: 'member' }),
    );
  }

  async reserve(
    customer: string,
    use: Use,
    minutes: number,
  ): Promise<{ allowed: boolean; reason: string | null; reservation: string }> {
    const [row] = await this.sql`
      select subctl.reserve_usage(customer => ${customer}, kind => ${use.kind}, as_of => ${iso(use.at)}, quantity => ${use.quantity}, provider => ${use.provider},
               input_tokens => ${use.input}, output_tokens => ${use.output}, cost => ${use.cost}, session => ${use.session},
               member => ${use.member}, partial => ${use.partial}, hold => make_interval(mins => ${minutes})) as answer`;
    return row!['answer'] as never;
  }

  async settle(
    customer: string,
    reservation: string,
    use: Use,
    at: number,
  ): Promise<{ allowed: boolean; event_id: string; reason: string | null }> {
    const [row] = await this.sql`
      select subctl.settle_usage(customer => ${customer}, reservation => ${reservation}, quantity => ${use.quantity}, input_tokens => ${use.input},
               output_tokens => ${use.output}, cost => ${use.cost}, as_of => ${iso(at)}) as answer`;
    return row!['answer'] as never;
  }

  async release(customer: string, reservation: string, at: number): Promise<void> {
    await this.sql`select subctl.release_usage(${customer}, ${reservation}, ${iso(at)})`;
  }

  async reverse(customer: string, event: string, at: number): Promise<void> {
    await this.does(at, async (tx, change) => {
      await tx`select subctl.reverse_usage(${customer}, ${event}, ${iso(at)}, 'simulated', ${change.id})`;
    });
  }

  /** Some of the tasks, in some order, for everybody; each until nothing is due, or once. */
  async tasks(
    names: readonly TaskName[],
    customers: readonly string[],
    at: number,
    { whole }: { whole: boolean },
  ): Promise<void> {
    await this.does(at, async (tx, change) => {
      for (const name of names)
        for (let done = 1; done > 0 && (whole || done === 1);) {
          const [row] = await tx.unsafe<[{ done: number }]>(
            `select subctl_internal.${name}($1::timestamptz, $2::text[], $3) as done`,
            [iso(at), [...customers], change.id],
          );
          done = whole ? row.done : 0;
        }
    });
  }

  async stands(customer: string, at: number): Promise<Standing> {
    const [row] = await this.sql<[Standing]>`
      select e.plan_id as plan, e.status, e.access, e.reason, e.period_start as "periodStart", e.period_end as "periodEnd", e.usage_from as "usageFrom",
             trim_scale(subctl_internal.credit_balance(${customer}, ${iso(at)}))::text as balance,
             (select coalesce(json_object_agg(l.meter_id || ' ' || l.win || case when l.scope = 'member' then ' @' || l.subject else '' end, concat(trim_scale(l.used), ' of ', trim_scale(l.limit_value))), '{}')
                from subctl.usage_limits(${customer}, ${iso(at)}) l where l.scope = 'customer' or l.used <> 0) as limits
        from subctl_internal.effective_subscription(${customer}, ${iso(at)}) e`;
    return row;
  }
}

export const taskNames = [
  'close_windows',
  'reset_credits',
  'expire_subscriptions',
  'renew_subscriptions',
] as const;
export type TaskName = (typeof taskNames)[number];

/** What the database says of a customer at an instant. */
export interface Standing {
  plan: string | null;
  status: string;
  access: boolean;
  reason: string | null;
  periodStart: Date | null;
  periodEnd: Date | null;
  usageFrom: Date | number | null;
  balance: string;
  limits: Record<string, string>;
}

export const iso = (at: number): string => new Date(at).toISOString();
