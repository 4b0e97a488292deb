import { expect, test } from 'vitest';
import { subctl } from '../../support/cli.ts';
import { testDatabase } from '../../support/database.ts';
import { startApi } from './world.ts';

const { sql, env } = await testDatabase();
for (const line of [
  'setup',
  'customers add acme --kind group',
  'customers add other --kind group',
  'members add acme ann --role admin',
])
  expect(await subctl(line.split(' '), { env }), line).toMatchObject({ code: 0 });
const api = await startApi(sql);
const token = await api.token({ scopes: ['members'] });
const post = (path: string, body: object, as = token) =>
  api.ask(`/v1/customers/${path}`, { token: as, body });

test('M2, M8: members are added, listed, invited and removed, with the token as the actor', async () => {
  expect(await post('acme/members', { member: 'bob', as_member: 'ann' })).toMatchObject({
    status: 200,
    body: { customer: 'acme', member: 'bob', role: 'member', left_at: null },
  });
  expect(await post('acme/members', { member: 'bob' })).toMatchObject({ status: 409 });
  const { status, body } = await post('acme/invitations', { role: 'admin', as_member: 'ann' });
  expect([status, body.uses]).toEqual([200, 1]);
  expect(await post('other/join', { code: body.code, member: 'cleo' })).toMatchObject({ status: 404 });
  expect(await post('acme/join', { code: body.code, member: 'cleo' })).toMatchObject({
    status: 200,
    body: { member: 'cleo', role: 'admin' },
  });
  expect(await post('acme/join', { code: body.code, member: 'dora' })).toMatchObject({ status: 403 });
  expect(await post('acme/members/remove', { member: 'bob', as_member: 'cleo' })).toMatchObject({
    status: 200,
  });
  expect(await post('acme/members/remove', { member: 'bob' })).toMatchObject({ status: 404 });
  const listed = await api.ask('/v1/customers/acme/members?as_member=ann', { token });
  expect(listed.body).toMatchObject({ customer: 'acme', seats: { used: 2, allowed: null } });
  expect((listed.body.members as { member: string }[]).map(({ member }) => member)).toEqual(['ann', 'cleo']);
  const actors =
    await sql`select distinct actor like 'token t%' as token from subctl.changes where action like 'api %'`;
  expect(actors).toEqual([{ token: true }]);
  expect(JSON.stringify([await sql`select asked from subctl.changes`, api.facts])).not.toContain(body.code);
});

test('M2: who is no admin of the group is refused, and so is an admin of another', async () => {
  await post('acme/members', { member: 'mel' });
  for (const by of ['mel', 'nobody'])
    expect(await post('acme/members', { member: 'zoe', as_member: by }), by).toMatchObject({ status: 403 });
  expect(await post('other/members', { member: 'zoe', as_member: 'ann' })).toMatchObject({ status: 403 });
  expect(await api.ask('/v1/customers/acme/members?as_member=mel', { token })).toMatchObject({ status: 403 });
});

test('M6: a token that is bound to a customer manages no other group', async () => {
  const bound = await api.token({ scopes: ['members'], customer: 'other' });
  expect(await post('acme/members', { member: 'eve' }, bound)).toMatchObject({ status: 403 });
  expect(await post('other/members', { member: 'eve' }, bound)).toMatchObject({ status: 200 });
});
