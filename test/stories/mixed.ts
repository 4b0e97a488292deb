import fc from 'fast-check';
import type { Change } from '../../src/database/change.ts';
import type { Connection, Db } from '../../src/database/connect.ts';
import { Failure } from '../../src/domain/failure.ts';
import { payFirst, refundLast, voidFirst } from '../simulator/money-side.ts';
import { asTester } from '../support/catalogue.ts';
import { type Move, moveTo } from './lives.ts';

/** A step of a sequence: something that is done, or readings of what nobody has written. */
export interface Step {
  at: Date;
  what: Move['what'] | 'read' | 'pay' | 'void' | 'refund' | 'tasks';
  plan: string;
  zone: string;
  days: number;
  amount: string;
}

const begin = Date.parse('2025-10-01T09:30:00Z');
const zones = [
  'UTC',
  'Europe/Berlin',
  'America/New_York',
  'Asia/Kolkata',
  'Pacific/Apia',
  'Australia/Lord_Howe',
];
const deeds = [
  ...(['pause', 'pause until', 'pause running until', 'resume', 'resume', 'extend'] as const),
  ...(['move', 'move', 'go', 'go', 'go', 'go now', 'go until', 'cancel', 'reactivate'] as const),
  ...(['pay', 'pay', 'pay', 'refund', 'refund', 'void', 'tasks'] as const),
  ...(['use', 'draw', 'draw', 'free use', 'read', 'read', 'read', 'read'] as const),
];

/** A customer with a plan that is paid by invoice, and thirty steps over some five months: pauses, zones, ways down, money, uses and readings. */
export function sequenceOf(): fc.Arbitrary<Step[]> {
  const step = fc.record({
    what: fc.constantFrom(...deeds),
    wait: fc.constantFrom(1, 7, 30, 75, 160, 260, 330),
    plan: fc.constantFrom('paid', 'brief', 'pro', 'pro', 'free', 'weekly'),
    zone: fc.constantFrom(...zones),
    days: fc.integer({ min: 1, max: 25 }),
    amount: fc.constantFrom('0.01', '1.20', '2.50'),
  });
  const first = fc.record({
    plan: fc.constantFrom('paid', 'paid', 'brief'),
    zone: fc.constantFrom(...zones),
  });
  return fc.tuple(first, fc.array(step, { minLength: 30, maxLength: 30 })).map(([{ plan, zone }, steps]) => {
    let at = begin;
    return [
      { what: 'create' as const, at: new Date(begin), plan, zone, days: 1, amount: '1' },
      ...steps.map(({ wait, ...step }) => ({ ...step, at: new Date((at += wait * 3_600_000)) })),
      { what: 'read' as const, at: new Date(at + 10 * 86_400_000), plan, zone, days: 1, amount: '1' },
    ];
  });
}

/** Does a step; what the state does not allow is refused and changes nothing. */
export async function take(sql: Connection, customer: string, step: Step): Promise<void> {
  const { what, at, amount } = step;
  const money: Record<string, (tx: Db, change: Change) => Promise<unknown>> = {
    pay: (tx, change) => payFirst(tx, change, customer),
    void: (tx, change) => voidFirst(tx, change, customer),
    refund: (tx, change) => refundLast(tx, change, { customer, amount }),
  };
  if (money[what]) {
    await asTester(sql, money[what], at).catch((error: unknown) => {
      const refused = error instanceof Failure || (error as { code?: string }).code === 'SB004';
      if (!refused) throw error;
    });
  } else {
    const quantity = /use|draw/.test(what) ? 1 + (step.days % 4) : step.days;
    await moveTo(sql, '', { ...step, what: what as Move['what'], customer, quantity, late: 0 });
  }
}
