import fc from 'fast-check';
import { editCustomer } from '../../src/customers/edit.ts';
import { setLimit } from '../../src/customers/set-limit.ts';
import type { Change } from '../../src/database/change.ts';
import type { Connection, Db } from '../../src/database/connect.ts';
import { Failure } from '../../src/domain/failure.ts';
import { assignPlan } from '../../src/subscriptions/assign.ts';
import { cancelSubscription } from '../../src/subscriptions/cancel.ts';
import { extendByDays } from '../../src/subscriptions/extend.ts';
import { pauseSubscription } from '../../src/subscriptions/pause.ts';
import { resumeSubscription } from '../../src/subscriptions/resume.ts';
import { runTasks } from '../stories/lives.ts';
import { asTester } from '../support/catalogue.ts';
import { lay, plan, type Use } from './world.ts';

const plans = ['free', 'hours', 'weeks', 'long', 'rolling'] as const;
const zones = ['UTC', 'Europe/Berlin', 'America/New_York', 'Asia/Kolkata', 'Pacific/Apia'] as const;
const windows = [
  'hour',
  'day',
  'week_friday',
  'month',
  'every_10d',
  'rolling_6h',
  'lifetime',
  'session',
  'term',
] as const;

/** Plans that share no set of windows: every kind, of the customer and of members, hard and soft and overage, paid, free and neither. */
export async function layPlans(sql: Connection): Promise<void> {
  await lay(sql, {
    messages: { kinds: ['llm'], tier: 'paid' },
    free_messages: { kinds: ['llm'], tier: 'free' },
    images: { kinds: ['image'] },
    calls: { aggregation: 'count' },
  });
  await sql`insert into subctl.models (provider, pattern, free_tier) values ('gratis', '*', true)`;
  await plan(sql, 'free', {
    isDefault: true,
    limits: { messages: { month: 30, day: 12 }, free_messages: { month: 25 }, images: { every_10d: 9 } },
  });
  await plan(sql, 'hours', {
    limits: {
      messages: { hour: 5, day: [9, 'soft'], rolling_6h: 8 },
      free_messages: { day: 7, week: 20 },
      calls: { day: 14 },
    },
    memberLimits: { messages: { day: 4 }, images: { rolling_2d: 5 } },
  });
  await plan(sql, 'weeks', {
    limits: {
      messages: { week_sunday: 15, year: 60 },
      images: { week: 6, session: 4 },
      free_messages: { rolling_3d: 9 },
    },
    memberLimits: { free_messages: { week: 5 } },
  });
  await plan(sql, 'long', {
    limits: {
      messages: { lifetime: 80, term: [20, 'overage'], every_1mo: 22 },
      images: { lifetime: 25, each: 3 },
    },
  });
  await plan(sql, 'rolling', {
    limits: { messages: { rolling_1d: 10, period: null }, images: { rolling_12h: 4, session: 5 } },
    memberLimits: { messages: { lifetime: 30, rolling_2d: 7 } },
  });
}

export interface Step {
  hours: number;
  what: 'use' | 'assign' | 'limit' | 'move' | 'pause' | 'resume' | 'extend' | 'cancel' | 'tasks';
  pick: number;
  late: number;
}

/** Some sixty things that happen to one customer within weeks. */
export const steps: fc.Arbitrary<Step[]> = fc.array(
  fc.record({
    hours: fc.constantFrom(0, 0, 0.3, 0.7, 1, 2, 5, 11, 24, 60),
    what: fc.constantFrom<Step['what']>(
      ...Array<'use'>(14).fill('use'),
      ...([
        'assign',
        'assign',
        'limit',
        'limit',
        'move',
        'pause',
        'resume',
        'resume',
        'extend',
        'cancel',
        'tasks',
      ] as const),
    ),
    pick: fc.nat({ max: 10_000 }),
    late: fc.constantFrom(0, 0, 0, 0, 0, 0, 0.5, 3, 20, 100, 400),
  }),
  { minLength: 40, maxLength: 70 },
);

/** The use that a step stands for. */
export function useOf(customer: string, { pick, late }: Step, now: Date): Use {
  return {
    customer,
    kind: pick % 3 === 0 ? 'image' : 'llm',
    as_of: now,
    at: new Date(now.getTime() - late * 3_600_000),
    quantity: [1, 1, 2, 3, 0.5, 0][pick % 6]!,
    provider: pick % 5 === 1 ? 'gratis' : 'paid',
    cost: '0',
    ...(pick % 4 > 0 && { member: pick % 4 === 1 ? 'mia' : 'moe' }),
    ...(pick % 7 < 3 && { session: `s${pick % 7}` }),
    ...(pick % 13 === 0 && { already_spent: true }),
    ...(pick % 17 === 0 && { partial: true }),
  };
}

/** Does what is no use. What the program refuses is refused. */
export async function act(sql: Connection, customer: string, { what, pick }: Step, now: Date): Promise<void> {
  if (what === 'tasks') return runTasks(sql, [customer], now);
  await asTester(
    sql,
    (tx, change) => work(tx, { ...change, reason: 'test' }, { customer, what, pick }),
    now,
  ).catch((error: unknown) => {
    if (!(error instanceof Failure)) throw error;
  });
}

async function work(
  tx: Db,
  change: Change,
  { customer, what, pick }: { customer: string; what: Step['what']; pick: number },
): Promise<unknown> {
  const of = <T>(list: readonly T[]): T => list[pick % list.length]!;
  const later = (days: number) => new Date(change.at.getTime() + days * 86_400_000);
  switch (what) {
    case 'assign':
      return assignPlan(tx, change, {
        ...{ customer, plan: of(plans), collection: 'complimentary' },
        ...{ when: pick % 3 === 0 ? undefined : 'now', endsAt: pick % 7 === 0 ? later(50) : undefined },
      });
    case 'limit':
      return pick % 2 === 0
        ? ownLimit(tx, change, { customer, pick })
        : giveLimit(tx, change, { customer, pick });
    case 'move':
      return editCustomer(tx, change, { id: customer, timezone: of(zones) });
    case 'pause':
      return pauseSubscription(tx, change, {
        customer,
        clock: pick % 2 === 0 ? 'stops' : 'runs',
        until: pick % 3 === 0 ? later(2) : undefined,
      });
    case 'resume':
      return resumeSubscription(tx, change, customer);
    case 'extend':
      return extendByDays(tx, change, { customer, days: 1 + (pick % 9) });
    default:
      return cancelSubscription(tx, change, { customer, atOnce: pick % 2 === 0 });
  }
}

const giveLimit = (tx: Db, change: Change, { customer, pick }: { customer: string; pick: number }) =>
  setLimit(tx, change, {
    ...{
      customer,
      meter: 'messages',
      window: windows[pick % windows.length]!,
      scope: pick % 5 === 0 ? 'member' : 'customer',
    },
    ...{ limit: `${3 + (pick % 30)}`, until: new Date(change.at.getTime() + (1 + (pick % 60)) * 3_600_000) },
  });

/** A limit on a window that no plan may count, as a customer keeps one who changes plans. */
async function ownLimit(
  tx: Db,
  change: Change,
  { customer, pick }: { customer: string; pick: number },
): Promise<void> {
  const until = new Date(change.at.getTime() + (1 + (pick % 60)) * 3_600_000);
  await tx`
    insert into subctl.limit_overrides (customer_id, meter_id, "window", scope, starts_at, ends_at, limit_value, reason, actor, change_id)
    values (${customer}, ${['messages', 'images', 'free_messages'][pick % 3]!}, ${windows[pick % windows.length]!}, ${pick % 5 === 0 ? 'member' : 'customer'},
            ${change.at}, ${until}, ${3 + (pick % 40)}, 'test', 'test', ${change.id})
    on conflict do nothing`;
  await tx`update subctl.customers set has_overrides = true where id = ${customer}`;
}
