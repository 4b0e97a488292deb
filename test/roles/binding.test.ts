import { describe, expect, test } from 'vitest';
import { parseDatabaseUrl } from '../../src/database/address.ts';
import { connectTo } from '../../src/database/connect.ts';
import { withoutOwnSession } from '../../src/database/own-session.ts';
import { hasPgBouncer, startPgBouncer } from '../support/pgbouncer.ts';
import { bob, boundWorld, refusedWith } from './bound-world.ts';

const { sql, run, account, urlOf, asAccount } = await boundWorld();

describe('an account that has the role app', () => {
  test('is bound by set local for a transaction, as behind a pool, and free after it', async () => {
    const db = withoutOwnSession(asAccount(account('app')));
    const say = (id: string) => db.unsafe(`select subctl.record_usage_json('${id}', 'image')`);
    await expect(
      db.begin(async (tx) => {
        await tx.unsafe(`set local subctl.customer = 'ann'`);
        await tx.unsafe(`select subctl.record_usage_json('${bob}', 'image')`);
      }),
    ).rejects.toMatchObject({
      code: 'SB004',
      message: expect.stringContaining(`bound to the customer 'ann'`),
    });
    await db.begin(async (tx) => {
      await tx.unsafe(`set local subctl.customer = 'ann'`);
      await tx.unsafe(`select subctl.record_usage_json('ann', 'image')`);
      expect(JSON.stringify(await tx.unsafe('select * from subctl.own_events'))).not.toContain(bob);
    });
    await say(bob);
    await say('ann');
    expect(await db.unsafe('select * from subctl.own_events')).toEqual([]);
  });
});

describe.skipIf(!hasPgBouncer)('behind PgBouncer in transaction mode', () => {
  test('transactions that say set local and some that do not share connections, and none has the customer of another', async () => {
    const bouncer = await startPgBouncer(urlOf(account('app')));
    const pooled = withoutOwnSession(connectTo(parseDatabaseUrl(bouncer.url), 8));
    const one = (customer: string | undefined, id: string) =>
      pooled.begin(async (tx) => {
        if (customer !== undefined) await tx.unsafe(`set local subctl.customer = '${customer}'`);
        await tx.unsafe(`select subctl.record_usage_json('${id}', 'image')`);
      });
    try {
      const asked = Array.from({ length: 60 }, (_, n) => ({
        customer: [undefined, 'ann', bob][n % 3],
        id: ['ann', bob][n % 2]!,
      }));
      const done = await Promise.allSettled(asked.map(({ customer, id }) => one(customer, id)));
      expect(done.map(({ status }) => status)).toEqual(
        asked.map(({ customer, id }) =>
          customer === undefined || customer === id ? 'fulfilled' : 'rejected',
        ),
      );
      for (const each of done)
        if (each.status === 'rejected') expect(each.reason).toMatchObject({ code: 'SB004' });
    } finally {
      await pooled.end({ timeout: 5 });
      await bouncer.stop();
    }
  });
});

describe('binding', () => {
  test('roles list says for whom, and the role is given to nobody who may speak for all', async () => {
    expect(JSON.parse((await run(['roles', 'list', '--json'])).stdout)).toContainEqual(
      expect.objectContaining({
        role: 'bound',
        accounts: [account('bound')],
        customers: { [account('bound')]: 'ann' },
      }),
    );
    for (const [words, code] of [
      [['app', account('app'), '--customer', 'ann'], 4],
      [['app', account('bound')], 4],
      [['reader', account('bound')], 4],
      [['reader', account('nobody'), '--customer', 'ann'], 2],
      [['bound', account('nobody')], 2],
      [['app', account('nobody'), '--customer', ' ann'], 2],
    ] as const)
      expect(await run(['roles', 'grant', ...words]), words.join(' ')).toMatchObject({ code });
    expect(await run(['roles', 'check'])).toMatchObject({ code: 0 });
  });

  test('a role that was given by hand is found by roles check', async () => {
    const role = account('app').replace('_who', '');
    await withoutOwnSession(sql).unsafe(`grant ${role} to ${account('bound')}`);
    expect(await run(['roles', 'check'])).toMatchObject({
      code: 4,
      stdout: expect.stringContaining('any_customer'),
    });
    await withoutOwnSession(sql).unsafe(`revoke ${role} from ${account('bound')}`);
  });

  test('moves to another customer, and ends with its role; without a customer here it may speak for none', async () => {
    const who = account('nobody');
    const db = asAccount(who);
    const use = (id: string) => refusedWith(db, `select subctl.check_usage('${id}', 'image')`);
    await run(['roles', 'grant', 'app', who, '--customer', 'ann']);
    expect([await use('ann'), await use(bob)]).toEqual([expect.stringMatching(/^\[/), 'SB004']);
    await run(['roles', 'grant', 'app', who, '--customer', bob]);
    expect([await use('ann'), await use(bob)]).toEqual(['SB004', expect.stringMatching(/^\[/)]);
    await sql`delete from subctl.bound_accounts where account = ${who}`;
    expect([await use('ann'), await use(bob)]).toEqual(['SB004', 'SB004']);
    await run(['roles', 'grant', 'app', who, '--customer', bob]);
    expect(await run(['roles', 'revoke', 'app', who])).toMatchObject({ code: 0 });
    expect(await use(bob)).toBe('42501');
    expect(await sql`select from subctl.bound_accounts where account = ${who}`).toHaveLength(0);
  });
});
