import { beforeAll, describe, expect, test } from 'vitest';
import { plainCode } from '../../../src/customers/invitation-code.ts';
import { joinByCode } from '../../../src/customers/join.ts';
import { asTester } from '../../support/catalogue.ts';
import { subctl } from '../../support/cli.ts';
import { testDatabase } from '../../support/database.ts';

const { sql, env } = await testDatabase();
const say = (line: string) => subctl(line.split(' '), { env });
const at = (time: string) => `--as-of 2026-03-${time}`;
const invite = async (more = '') => {
  const { stdout } = await say(`members invite acme ${at('01T00:00Z')} --json${more ? ` ${more}` : ''}`);
  return JSON.parse(stdout) as { code: string; ending: string; uses: number; expires_at: string };
};

beforeAll(async () => {
  for (const line of [
    'setup',
    'plans create crew --max-users 5 --price 1mo=9.00',
    'customers add acme --kind group',
    'customers add other --kind group',
    'customers add ann',
    `assign acme crew ${at('01T00:00Z')}`,
    `members add acme ann --role admin ${at('01T00:00Z')}`,
    `members add acme mel ${at('01T00:00Z')}`,
  ])
    expect(await say(line), line).toMatchObject({ code: 0 });
});

describe('an invitation', () => {
  test('M8: a code is shown once, and who has it joins, as often and as long as was said', async () => {
    const { code, ending, uses, expires_at: end } = await invite();
    expect(code).toMatch(/^([0-9A-HJKMNP-TV-Z]{4}-){4}[0-9A-HJKMNP-TV-Z]{4}$/);
    expect([uses, end]).toEqual([1, '2026-03-08T00:00:00.000Z']);
    const [kept] = await sql`
      select (select jsonb_agg(i) from subctl.invitations i)::text || (select jsonb_agg(a) from subctl.audit_log a)::text
             || (select jsonb_agg(c) from subctl.changes c)::text as text`;
    expect(kept!['text']).not.toContain(plainCode(code));
    expect(kept!['text']).not.toContain(code);

    const joined = await say(
      `members join ${code.toLowerCase().replaceAll('-', '')} bob ${at('02T00:00Z')} --json`,
    );
    expect(JSON.parse(joined.stdout)).toMatchObject({ customer: 'acme', member: 'bob', role: 'member' });
    const again = await say(`members join ${code} cleo ${at('02T00:00Z')}`);
    expect(again).toMatchObject({ code: 4, stderr: expect.stringContaining('has been used') });
    const [row] = JSON.parse(
      (await say(`members invitations acme --all ${at('02T00:00Z')} --json`)).stdout,
    ) as object[];
    expect(row).toMatchObject({ ending, state: 'used up', used: 1, uses: 1, role: 'member' });
    const changes = await sql`select action, asked from subctl.changes where action = 'members join'`;
    expect(changes).toEqual([{ action: 'members join', asked: { member: 'bob' } }]);
  });

  test('M8: it ends at its instant, that instant included, and when it is revoked', async () => {
    const { code, ending } = await invite('--expires 2026-03-03T00:00Z');
    expect(await say(`members join ${code} dora ${at('03T00:00Z')}`)).toMatchObject({
      code: 4,
      stderr: expect.stringContaining('expired at 2026-03-03'),
    });
    expect(await say(`members join ${code} dora ${at('02T23:59:59.999Z')} --dry-run`)).toMatchObject({
      code: 0,
    });
    expect(await say(`members revoke-invitation acme ${ending} ${at('02T00:00Z')}`)).toMatchObject({
      code: 0,
    });
    expect(await say(`members revoke-invitation acme ${ending} ${at('02T00:00Z')}`)).toMatchObject({
      code: 0,
      stderr: expect.stringContaining('already'),
    });
    expect(await say(`members join ${code} dora ${at('02T12:00Z')}`)).toMatchObject({
      code: 4,
      stderr: expect.stringContaining('revoked'),
    });
  });

  test('M8: a wrong code is not repeated, and no group is named', async () => {
    const done = await say('members join 0000-0000-0000-0000-0000 eve');
    expect(done).toMatchObject({ code: 3 });
    expect(done.stderr).not.toMatch(/0000|acme/);
    expect(await say('members revoke-invitation acme ZZZZ')).toMatchObject({ code: 3 });
  });

  test('M8, P10: of many who join at once by the last uses and the last seats, just so many do', async () => {
    const { code } = await invite('--uses 3');
    const now = new Date('2026-03-02T00:00:00Z');
    const tries = await Promise.allSettled(
      Array.from({ length: 8 }, (_, n) =>
        asTester(sql, (tx, change) => joinByCode(tx, change, { code, member: `many-${n}` }), now),
      ),
    );
    // five seats: ann, mel and bob have three
    expect(tries.filter(({ status }) => status === 'fulfilled')).toHaveLength(2);
    const [row] = await sql`
      select (select count(*)::int from subctl.members where customer_id = 'acme' and left_at is null) as seats,
             (select used from subctl.invitations where uses = 3) as used`;
    expect(row).toEqual({ seats: 5, used: 2 });
  });

  test('only groups have them, and a past end is refused', async () => {
    expect(await say('members invite ann')).toMatchObject({ code: 4 });
    expect(await say('members invite nobody')).toMatchObject({ code: 3 });
    expect(await say(`members invite acme --expires 2026-02-01 ${at('01T00:00Z')}`)).toMatchObject({
      code: 2,
    });
    expect(await say('members invite acme --uses 0')).toMatchObject({ code: 2 });
    const dry = await say('members invite acme --dry-run --json');
    expect(JSON.parse(dry.stdout)).toMatchObject({ code: null, uses: 1 });
  });
});

describe('who manages a group', () => {
  test('M2: an admin of a group manages it and no other; a member manages none', async () => {
    const now = at('02T00:00Z');
    for (const [line, code] of [
      [`members remove acme bob --as-member ann ${now}`, 0],
      [`members add acme bob --as-member ann ${now}`, 0],
      [`members invite acme --as-member ann ${now}`, 0],
      [`members invitations acme --as-member ann ${now}`, 0],
      [`members remove acme ann --as-member mel ${now}`, 4],
      [`members add acme zoe --role admin --as-member mel ${now}`, 4],
      [`members invite acme --as-member mel ${now}`, 4],
      [`members invitations acme --as-member mel ${now}`, 4],
      [`members add other zoe --as-member ann ${now}`, 4],
      [`members invite other --as-member ann ${now}`, 4],
    ] as const)
      expect(await say(line), line).toMatchObject({ code });
    const [change] =
      await sql`select asked from subctl.changes where action = 'members remove' order by id desc limit 1`;
    expect(change!['asked']).toEqual({ customer: 'acme', member: 'bob', as_member: 'ann' });
  });

  test('M2: who has left the group manages it no more', async () => {
    await say(`members remove acme ann ${at('04T00:00Z')}`);
    expect(await say(`members invite acme --as-member ann ${at('05T00:00Z')}`)).toMatchObject({
      code: 4,
      stderr: expect.stringContaining('ann is not a member of acme'),
    });
  });
});
