import { beforeAll, describe, expect, it } from 'vitest';
import { addMember } from '../../src/customers/add-member.ts';
import { setDisabled } from '../../src/customers/disable.ts';
import { editCustomer } from '../../src/customers/edit.ts';
import { listCustomers } from '../../src/customers/list.ts';
import { listMembers } from '../../src/customers/list-members.ts';
import { removeMember } from '../../src/customers/remove-member.ts';
import { asTester } from '../support/catalogue.ts';
import { testDatabase } from '../support/database.ts';
import { addOne, assign, loadLadder } from '../support/plans.ts';

const { sql } = await testDatabase();
beforeAll(() => loadLadder(sql));
const at = (text: string) => new Date(text);
const auditOf = (customer: string) => sql`
  select a.before, a.after, c.action, c.actor from subctl.audit_log a join subctl.changes c on c.id = a.change_id
   where a.customer_id = ${customer} and a.entity <> 'subscription' order by c.at, a.id`;

describe('add and edit', () => {
  it('M3, M4: every write has a change with its actor, and before and after; personal fields are only said to have changed', async () => {
    await addOne(sql, { id: 'ann', email: 'ann@example.org', timezone: 'UTC' }, at('2026-01-01T00:00:00Z'));
    await asTester(
      sql,
      (tx, change) => editCustomer(tx, change, { id: 'ann', email: 'a@example.org', timezone: 'Asia/Tokyo' }),
      at('2026-01-02T00:00:00Z'),
    );
    expect(await auditOf('ann')).toMatchObject([
      {
        actor: 'tester',
        before: null,
        after: { id: 'ann', kind: 'user', timezone: 'UTC', email: 'changed' },
      },
      { before: { timezone: 'UTC', email: 'changed' }, after: { timezone: 'Asia/Tokyo', email: 'changed' } },
    ]);
  });

  it('an id that exists is a conflict and nothing changes; one that looks like an address is refused unless allowed', async () => {
    await addOne(sql, { id: 'bob', name: 'Bob' });
    await expect(addOne(sql, { id: 'bob', name: 'Other' })).rejects.toMatchObject({ kind: 'conflict' });
    expect(await sql`select name from subctl.customers where id = 'bob'`).toEqual([{ name: 'Bob' }]);
    await expect(addOne(sql, { id: 'b@example.org' })).rejects.toMatchObject({
      kind: 'usage',
      hint: expect.stringContaining('allow_email_ids') as string,
    });
    await sql`insert into subctl.settings (key, value) values ('allow_email_ids', 'true') on conflict (key) do update set value = 'true'`;
    await addOne(sql, { id: 'b@example.org' });
    await sql`delete from subctl.settings where key = 'allow_email_ids'`;
  });

  it.each([
    [' x', /space/],
    ['a\u0007b', /control/],
    ['x'.repeat(201), /201 characters/],
    ['', /empty/],
  ])('refuses the id %j', async (id, sentence) => {
    await expect(addOne(sql, { id })).rejects.toMatchObject({
      kind: 'usage',
      message: expect.stringMatching(sentence) as string,
    });
  });

  it('a disabled customer has no access, and again when enabled', async () => {
    await addOne(sql, { id: 'cat' });
    const set = (disabled: boolean, when: string) =>
      asTester(sql, (tx, change) => setDisabled(tx, change, { id: 'cat', disabled }), at(when));
    await set(true, '2026-01-05T00:00:00Z');
    const [off] =
      await sql`select access, reason from subctl_internal.effective_subscription('cat', '2026-01-06T00:00:00Z')`;
    expect(off).toEqual({ access: false, reason: 'disabled' });
    await expect(assign(sql, '2026-01-06T00:00:00Z', { customer: 'cat', plan: 'pro' })).rejects.toMatchObject(
      { kind: 'refused' },
    );
    expect((await set(false, '2026-01-07T00:00:00Z')).disabledAt).toBeNull();
  });
});

describe('list', () => {
  const list = (about: object) =>
    listCustomers(sql, { now: at('2026-02-10T00:00:00Z'), limit: 50, ...about });

  it('finds by text, plan and status as of now, in pages by id', async () => {
    for (const id of ['l1', 'l2', 'l3', 'l4']) await addOne(sql, { id, name: `List_${id}` });
    await assign(sql, '2026-01-01T00:00:00Z', { customer: 'l1', plan: 'max', collection: 'complimentary' });
    await assign(sql, '2026-01-01T00:00:00Z', { customer: 'l2', plan: 'max', collection: 'complimentary' });
    await assign(sql, '2026-01-02T00:00:00Z', { customer: 'l2', plan: 'carry' });
    expect((await list({ search: 'LIST_' })).map(({ id }) => id)).toEqual(['l1', 'l2', 'l3', 'l4']);
    expect((await list({ search: 'list_', limit: 2, after: 'l2' })).map(({ id }) => id)).toEqual([
      'l3',
      'l4',
    ]);
    expect((await list({ plan: 'max' })).map(({ id }) => id)).toEqual(['l1']);
    expect((await list({ plan: 'carry', search: 'list' })).map(({ id, status }) => [id, status])).toEqual([
      ['l2', 'active'],
    ]);
    expect((await list({ plan: 'free', search: 'list' })).map(({ id, status }) => [id, status])).toEqual([
      ['l3', 'none'],
      ['l4', 'none'],
    ]);
    expect((await list({ status: 'active', search: 'list' })).map(({ id }) => id)).toEqual(['l1', 'l2']);
  });
});

describe('members', () => {
  const add = (member: string, when = '2026-01-02T00:00:00Z', customer = 'org') =>
    asTester(sql, (tx, change) => addMember(tx, change, { customer, member, role: 'member' }), at(when));
  const remove = (member: string, when: string) =>
    asTester(sql, (tx, change) => removeMember(tx, change, { customer: 'org', member }), at(when));

  it('P10, R20: seats are limited by the plan, also for two at once; who leaves keeps the history and may come back', async () => {
    await addOne(sql, { id: 'org', kind: 'group' });
    await assign(sql, '2026-01-01T00:00:00Z', { customer: 'org', plan: 'pro', collection: 'complimentary' });
    await add('m1');
    await add('m2');
    const both = await Promise.allSettled([add('m3'), add('m4')]);
    expect(both.map(({ status }) => status).sort()).toEqual(['fulfilled', 'rejected']);
    await expect(add('m5')).rejects.toMatchObject({
      kind: 'refused',
      message: 'Plan pro allows 3 members and org has 3: no seat for m5',
    });
    await remove('m1', '2026-01-05T00:00:00Z');
    await expect(remove('m1', '2026-01-06T00:00:00Z')).rejects.toMatchObject({ kind: 'not_found' });
    await add('m5', '2026-01-06T00:00:00Z');
    await remove('m5', '2026-01-07T00:00:00Z');
    expect(await add('m1', '2026-01-08T00:00:00Z')).toMatchObject({
      member: 'm1',
      left_at: null,
      joined_at: at('2026-01-02T00:00:00Z'),
    });
    const { rows, seats } = await listMembers(sql, {
      customer: 'org',
      now: at('2026-01-09T00:00:00Z'),
      all: true,
    });
    expect(seats).toEqual({ used: 3, allowed: 3, plan: 'pro' });
    expect(rows).toHaveLength(4);
  });

  it('a member twice is a conflict, and a user has no members', async () => {
    await expect(add('m1')).rejects.toMatchObject({ kind: 'conflict' });
    await addOne(sql, { id: 'solo' });
    await expect(add('m1', '2026-01-02T00:00:00Z', 'solo')).rejects.toMatchObject({ kind: 'refused' });
  });
});
