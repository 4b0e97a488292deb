import fc from 'fast-check';
import { editCustomer } from '../../src/customers/edit.ts';
import type { Change } from '../../src/database/change.ts';
import type { Connection, Db } from '../../src/database/connect.ts';
import { Failure } from '../../src/domain/failure.ts';
import { assignPlan } from '../../src/subscriptions/assign.ts';
import { cancelSubscription } from '../../src/subscriptions/cancel.ts';
import { extendByDays } from '../../src/subscriptions/extend.ts';
import { pauseSubscription } from '../../src/subscriptions/pause.ts';
import { reactivateSubscription } from '../../src/subscriptions/reactivate.ts';
import { resumeSubscription } from '../../src/subscriptions/resume.ts';
import { asTester } from '../support/catalogue.ts';
import { plans } from './plans.ts';

/** Something that happens to a customer at an instant. */
export interface Move {
  at: Date;
  customer: string;
  what: Use['what'] | 'create' | Turn['what'];
  plan: string;
  zone: string;
  /** of uses; else how many days */
  quantity: number;
  /** how many hours ago a use was */
  late: number;
}

interface Use {
  what: 'use' | 'draw' | 'free use';
}

/** What an operator does to a subscription. */
interface Turn {
  what:
    | 'cancel'
    | 'cancel now'
    | 'reactivate'
    | 'pause'
    | 'pause running'
    | 'pause until'
    | 'pause running until'
    | 'resume'
    | 'extend'
    | 'go'
    | 'go now'
    | 'go keep'
    | 'go until'
    | 'move';
  who: number;
  hours: number;
  days: number;
  plan: string;
}

const turns = [
  'cancel',
  'cancel now',
  'reactivate',
  'pause',
  'pause running',
  'pause until',
  'pause running until',
  'resume',
  'resume',
  'extend',
  'go',
  'go now',
  'go keep',
  'go until',
  'move',
  'move',
] as const;

/** what a customer begins with; none is no subscription, and the default plan */
const beginnings = [...plans, 'none'] as const;
const zones = ['UTC', 'Europe/Berlin', 'America/New_York', 'Asia/Kolkata', 'Pacific/Apia'] as const;
const begin = Date.parse('2025-01-29T00:00:00Z');
const day = 86_400_000;

/** Four customers and some forty moves over half a year, in the order of time. */
export function lifeOf(): fc.Arbitrary<Move[]> {
  const customer = fc.record({
    plan: fc.constantFrom(...beginnings),
    zone: fc.constantFrom(...zones),
    start: fc.integer({ min: 0, max: 20 * 24 }),
  });
  const turn = fc.record({
    what: fc.constantFrom(...turns),
    who: fc.integer({ min: 0, max: 3 }),
    hours: fc.integer({ min: 22 * 24, max: 170 * 24 }),
    days: fc.integer({ min: 1, max: 45 }),
    plan: fc.constantFrom(...plans),
    zone: fc.constantFrom(...zones),
  });
  const use = fc.record({
    who: fc.integer({ min: 0, max: 3 }),
    hours: fc.integer({ min: 21 * 24, max: 180 * 24 }),
    quantity: fc.integer({ min: 1, max: 4 }),
    what: fc.constantFrom('use', 'use', 'draw', 'draw', 'free use'),
    late: fc.constantFrom(0, 0, 0, 0, 3, 50, 500),
  });
  return fc
    .record({
      customers: fc.array(customer, { minLength: 4, maxLength: 4 }),
      uses: fc.array(use, { minLength: 20, maxLength: 40 }),
      turned: fc.array(turn, { minLength: 6, maxLength: 14 }),
    })
    .map(({ customers, uses, turned }) =>
      [
        ...customers.map((c, n) => move('create', n, c, begin + c.start * 3_600_000, 1)),
        ...turned.map((t) =>
          move(t.what, t.who, { plan: t.plan, zone: t.zone }, begin + t.hours * 3_600_000, t.days),
        ),
        ...uses.map((u) =>
          move(u.what, u.who, customers[u.who]!, begin + u.hours * 3_600_000, u.quantity, u.late),
        ),
      ].sort((a, b) => a.at.getTime() - b.at.getTime()),
    );
}

function move(
  what: Move['what'],
  n: number,
  c: { plan: string; zone: string },
  at: number,
  quantity: number,
  late = 0,
): Move {
  return { what, customer: `${n}`, plan: c.plan, zone: c.zone, at: new Date(at), quantity, late };
}

/** The customers of a life, in the namespace of one play of it. */
export function customersOf(moves: readonly Move[], prefix: string): string[] {
  return [...new Set(moves.map((one) => prefix + one.customer))];
}

/** Does one move. */
export async function moveTo(
  sql: Connection,
  prefix: string,
  { what, customer, at, plan, zone, quantity, late }: Move,
): Promise<void> {
  const id = prefix + customer;
  if (what === 'create') {
    await sql`select subctl_internal.create_customer(${id}, ${at}, null, 'tester', 'user', ${zone})`;
    if (plan === 'none') return;
    if (plan === 'paid' || plan === 'brief') {
      await asTester(sql, (tx, change) => assignPlan(tx, change, { customer: id, plan }), at);
      return;
    }
    await sql`
      select subctl_internal.start_subscriptions(array[${id}], array[${at}::timestamptz], v.plan_id, v.version, subctl_internal.default_interval(v.plan_id, 1), 'USD', 0, 'free',
             v.trial_days, v.auto_renew, null, 'tester', null, 'new', null, ${at}, 'test')
        from subctl.plan_versions v where v.plan_id = ${plan}`;
    await sql`select subctl_internal.post_due_credits(array[${id}], ${at}, 'test')`;
  } else if (what !== 'use' && what !== 'draw' && what !== 'free use') {
    await turn(sql, { id, what, at, days: quantity, plan, zone });
  } else {
    const kind = what === 'draw' ? 'image' : 'message';
    const provider = what === 'free use' ? 'gratis' : null;
    await sql`
      select subctl.record_usage(customer => ${id}, kind => ${kind}, at => ${new Date(at.getTime() - late * 3_600_000)}, as_of => ${at}, quantity => ${quantity},
        provider => ${provider}, cost => 0)`;
  }
}

/** Does what an operator does, as the commands do it; what the state does not allow is refused and changes nothing. */
async function turn(
  sql: Connection,
  {
    id: customer,
    what,
    at,
    days,
    plan,
    zone,
  }: { id: string; what: Turn['what']; at: Date; days: number; plan: string; zone: string },
): Promise<void> {
  const until = new Date(at.getTime() + days * day);
  const work: Record<Turn['what'], (tx: Db, change: Change) => Promise<unknown>> = {
    cancel: (tx, change) => cancelSubscription(tx, change, { customer, atOnce: false }),
    'cancel now': (tx, change) => cancelSubscription(tx, change, { customer, atOnce: true }),
    reactivate: (tx, change) => reactivateSubscription(tx, change, customer),
    pause: (tx, change) => pauseSubscription(tx, change, { customer, clock: 'stops' }),
    'pause running': (tx, change) => pauseSubscription(tx, change, { customer, clock: 'runs' }),
    'pause until': (tx, change) => pauseSubscription(tx, change, { customer, clock: 'stops', until }),
    'pause running until': (tx, change) => pauseSubscription(tx, change, { customer, clock: 'runs', until }),
    resume: (tx, change) => resumeSubscription(tx, change, customer),
    go: (tx, change) => assignPlan(tx, change, { customer, plan }),
    'go now': (tx, change) => assignPlan(tx, change, { customer, plan, when: 'now' }),
    'go keep': (tx, change) => assignPlan(tx, change, { customer, plan, when: 'now', anchor: 'keep' }),
    'go until': (tx, change) =>
      assignPlan(tx, change, {
        customer,
        plan,
        when: 'now',
        endsAt: new Date(at.getTime() + days * 3 * day),
      }),
    move: (tx, change) => editCustomer(tx, change, { id: customer, timezone: zone }),
    extend: (tx, change) => extendByDays(tx, change, { customer, days }),
  };
  await asTester(sql, work[what], at).catch((error: unknown) => {
    if (!(error instanceof Failure) || !['refused', 'not_found'].includes(error.kind)) throw error;
  });
}

/**
 * Runs the four tasks for these customers as of `at`, in the timetable's order, until nothing is due. Who has neither a subscription nor
 * credits has nothing to reset: the default plan's credits come with the first use.
 */
export async function runTasks(sql: Db, customers: string[], at: Date): Promise<void> {
  for (let rounds = 0; rounds < 50; rounds += 1) {
    const [row] = await sql<[{ done: number }]>`
      select subctl_internal.close_windows(${at}, ${customers}::text[], 'test') + subctl_internal.reset_credits(${at}, array(
               select c from unnest(${customers}::text[]) c
                where exists (select from subctl.subscriptions s where s.customer_id = c) or exists (select from subctl.credit_grants g where g.customer_id = c)), 'test')
          
           + subctl_internal.expire_subscriptions(${at}, ${customers}::text[], 'test') + subctl_internal.renew_subscriptions(${at}, ${customers}::text[], 'test') as done`;
    if (row.done === 0) return;
  }
  throw new Error('the tasks do not come to an end');
}
