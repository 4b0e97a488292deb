import { beforeAll, describe, expect, it } from 'vitest';
import { passTime } from '../stripe-server/clocks.ts';
import { testDatabase } from '../support/database.ts';
import { loadLadder } from '../support/plans.ts';
import { paying } from './paying.ts';

const { sql } = await testDatabase();
const { world, faults, server, payer, subscribe, renew, taken, open } = await paying(sql);
beforeAll(() => loadLadder(sql));

const later = (instant: number, seconds: number) => new Date((instant + seconds) * 1000).toISOString();

describe('S7: a clock that is not Stripe’s', () => {
  it.each([
    ['ten minutes ahead', 600],
    ['a second ahead', 1],
    ['right', 0],
    ['an hour behind', -3600],
    ['twelve hours ahead', 12 * 3600],
  ])('S7: %s, a lost answer and 25 hours between: one charge is made', async (_what, skew) => {
    passTime(world, world.now + 86_400);
    const start = world.now;
    const { id, stripe } = await payer('pm_card_visa', later(start, skew));
    await subscribe(id, later(start, skew));
    faults.plan({ kind: 'lost', line: /POST \/v1\/payment_intents/, times: 3 });
    await renew(later(start, skew), { customer: id }, open(300));
    faults.clear();
    server.forgetKeys();
    passTime(world, start + 25 * 3600);
    await renew(later(world.now, skew), { customer: id });
    expect(taken(stripe)).toEqual({ times: 1, cents: 2999 });
  });
});
