import Big from 'big.js';
import fc from 'fast-check';
import { beforeAll, describe, expect, it } from 'vitest';
import { giveComplimentary } from '../../src/subscriptions/extend.ts';
import { asTester } from '../support/catalogue.ts';
import { testDatabase } from '../support/database.ts';
import { runTasks } from '../integrity/town.ts';
import { billOf, livesOn, loadPaid } from './paid-world.ts';

const { sql } = await testDatabase();
beforeAll(() => loadPaid(sql));
const { buys, take, pause, resume, extend } = livesOn(sql);

/** Has basic by the month, used ten days of it, and was paused for twenty. */
const paused = async (plan = 'basic', about = {}) => {
  const customer = await buys('2026-12-01', plan, about);
  await pause('2026-12-11', customer);
  await resume('2026-12-31', customer);
  return customer;
};

describe('R30: the days that were paid for', () => {
  it('B1: 31 paid days, 10 used, 20 paused, then an upgrade: the credit is 20.32 by days', async () => {
    const done = billOf(await take('2026-12-31', await paused(), 'pro'));
    expect(done).toMatchObject({ total: '79.67', lines: { plan: '99.99', unused: '-20.32' } });
    expect(done.words).toContain('21 of 31 days not used');
  });

  it('B1: and by seconds', async () => {
    const done = billOf(await take('2026-12-31', await paused(), 'pro', { proration: 'seconds' }));
    expect(done).toMatchObject({ total: '79.67', lines: { unused: '-20.32' } });
    expect(done.words).toContain('1814400 of 2678400 seconds not used');
  });

  it('B1: and a new seat costs 6.77', async () => {
    const group = await paused('team', { seats: 1 });
    const done = await take('2026-12-31', group, 'team', { seats: 2, seatsOnly: true });
    expect(billOf(done)).toMatchObject({ total: '6.77' });
  });

  it('B1: days that were given come after those that were paid for', async () => {
    const customer = await buys('2026-12-01', 'basic');
    await extend('2026-12-05', customer, 31);
    expect(billOf(await take('2026-12-06', customer, 'pro'))).toMatchObject({
      total: '74.84',
      lines: { unused: '-25.15' },
    });
    const late = await buys('2026-12-01', 'basic');
    await extend('2026-12-05', late, 31);
    expect(billOf(await take('2027-01-10', late, 'pro'))).toMatchObject({ lines: { plan: '99.99' } });
    const group = await buys('2026-12-01', 'team', { seats: 1 });
    await extend('2026-12-05', group, 31);
    const seat = await take('2026-12-11', group, 'team', { seats: 2, seatsOnly: true });
    expect(billOf(seat).total).toBe('6.77');
  });

  it('B1: with --anchor keep the new plan costs its price for the same days', async () => {
    const done = await take('2026-12-31', await paused(), 'pro', { anchor: 'keep' });
    expect(billOf(done)).toMatchObject({ total: '47.42', lines: { plan: '67.74', unused: '-20.32' } });
    const given = await buys('2026-12-01', 'basic');
    await extend('2026-12-05', given, 31);
    const kept = billOf(await take('2026-12-06', given, 'pro', { anchor: 'keep' }));
    expect(kept).toMatchObject({ total: '58.71', lines: { unused: '-25.15' } });
    // what was charged for 26 days is worth 16 of them ten days later, given days or not
    expect(billOf(await take('2026-12-16', given, 'top', { anchor: 'keep' })).lines['unused']).toBe('-51.61');
  });

  it('B1: a downgrade now counts the same days', async () => {
    const customer = await paused('pro');
    const done = await take('2026-12-31', customer, 'basic', { when: 'now' });
    expect(billOf(done)).toMatchObject({ total: '0.00', lines: { plan: '20.32', unused: '-20.32' } });
  });

  it('B1: several pauses in one period, with an end of their own and without', async () => {
    const customer = await buys('2026-12-01', 'basic');
    await pause('2026-12-05', customer);
    await resume('2026-12-07', customer);
    await pause('2026-12-10', customer, 'stops', '2026-12-14');
    expect(billOf(await take('2026-12-16', customer, 'pro')).lines['unused']).toBe('-21.28');
    const early = await buys('2026-12-01', 'basic');
    await pause('2026-12-11', early, 'stops', '2027-02-01');
    await resume('2026-12-31', early);
    expect(billOf(await take('2026-12-31', early, 'pro')).lines['unused']).toBe('-20.32');
  });

  it('B1: a pause whose clock runs is used', async () => {
    const customer = await buys('2026-12-01', 'basic');
    await pause('2026-12-11', customer, 'runs');
    await resume('2026-12-21', customer);
    expect(billOf(await take('2026-12-21', customer, 'pro')).lines['unused']).toBe('-10.64');
  });

  it('B1: a pause and an extension in one period', async () => {
    const customer = await buys('2026-12-01', 'basic');
    await pause('2026-12-11', customer);
    await resume('2026-12-21', customer);
    await extend('2026-12-22', customer, 5);
    expect(billOf(await take('2026-12-26', customer, 'pro')).lines['unused']).toBe('-15.48');
  });

  it('B1: by the year, and by thirty days', async () => {
    const year = await buys('2026-12-01', 'basic', { every: '1y' });
    await pause('2027-01-01', year);
    await resume('2027-07-01', year);
    expect(billOf(await take('2027-07-02', year, 'pro', { every: '1y' })).lines['unused']).toBe('-273.61');
    const thirty = await buys('2026-12-01', 'short');
    await pause('2026-12-11', thirty);
    await resume('2026-12-16', thirty);
    expect(billOf(await take('2026-12-16', thirty, 'long')).total).toBe('70.00');
  });

  it('B1: from months to years with --anchor keep, the days ahead are those of the year', async () => {
    const done = billOf(await take('2026-12-31', await paused(), 'pro', { every: '1y', anchor: 'keep' }));
    // 999.90 × 335/365: the year ends on 1 December, pause or none
    expect(done.lines).toEqual({ plan: '917.72', unused: '-20.32' });
  });

  it('B1: a change at an instant, which a task writes', async () => {
    const customer = await paused();
    await take('2026-12-31', customer, 'pro', { when: new Date('2027-01-05T00:00:00Z') });
    await runTasks(sql, '2027-01-05T00:00:00Z', { pays: false });
    const lines = await sql<{ amount: string }[]>`
      select l.amount::text from subctl.invoice_lines l
       where l.customer_id = ${customer} and l.kind = 'unused'`;
    expect(lines).toEqual([{ amount: '-15.48' }]);
  });

  it('B1: the period after a pause is a whole one again', async () => {
    const customer = await paused();
    await runTasks(sql, '2027-01-21T00:00:00Z', { pays: true });
    expect(billOf(await take('2027-01-31', customer, 'pro')).lines['unused']).toBe('-20.32');
  });

  it('B1: a period that was given away is worth nothing', async () => {
    const customer = await buys('2026-12-01', 'basic');
    await asTester(
      sql,
      (tx, change) => giveComplimentary(tx, change, { customer, periods: 1 }),
      new Date('2026-12-05T00:00:00Z'),
    );
    await runTasks(sql, '2027-01-02T00:00:00Z', { pays: true });
    expect(billOf(await take('2027-01-03', customer, 'pro')).lines).toEqual({ plan: '99.99' });
  });
});

describe('R30: whatever the pauses', () => {
  it('B1: a credit is the price of the days that are not used, in any zone', async () => {
    const zones = fc.constantFrom('UTC', 'America/New_York', 'Asia/Kolkata', 'Europe/Berlin');
    const spans = fc.array(
      fc.record({ runs: fc.integer({ min: 0, max: 8 }), stands: fc.integer({ min: 1, max: 90 }) }),
      {
        minLength: 1,
        maxLength: 3,
      },
    );
    await fc.assert(
      fc.asyncProperty(zones, spans, async (zone, parts) => {
        // wall clocks of the zone at noon, so that every day counts whole whatever the clocks do
        let day = 0;
        const at = async () => {
          const [row] = await sql<[{ at: Date }]>`
            select (('2026-03-01 12:00'::timestamp + make_interval(days => ${day}::int)) at time zone ${zone}) as at`;
          return row.at.toISOString();
        };
        const customer = await buys(await at(), 'basic', {}, zone);
        let used = 0;
        for (const { runs, stands } of parts) {
          day += runs;
          used += runs;
          await pause(await at(), customer);
          day += stands;
          await resume(await at(), customer);
        }
        const left = new Big('29.99').times(31 - used).div(31);
        const done = billOf(await take(await at(), customer, 'pro'));
        expect(done.total).toBe(new Big('99.99').minus(left).round(2, Big.roundHalfUp).toFixed(2));
      }),
      { numRuns: 12 },
    );
  });
});
