import { readFileSync } from 'node:fs';
import { expect, test } from 'vitest';
import { createMasterKey, readKeyRing } from '../../../src/keys/master-key.ts';
import { openKeyRing, rememberKeyRing } from '../../../src/keys/open-key-ring.ts';
import { falKey, keyWorld, openaiKey } from '../../keys/world.ts';
import { startApi } from './world.ts';

const { run, database, master } = await keyWorld();
const { sql } = database;
const settings = {
  text: undefined,
  file: master,
  command: undefined,
  commandSource: undefined,
  home: '/nonexistent',
};
const keyRing = rememberKeyRing(settings, () => new Date());
const api = await startApi(sql, { keyRing });
await run('keys set openai -', openaiKey);
await run('keys set fal - --expires-at 2036-01-01', falKey);
const token = await api.token({ scopes: ['keys'] });
const reader = await api.token({ scopes: ['read'] });

test('an application whose token has the scope fetches a key, and the audit says who, never the value', async () => {
  const { status, headers, body } = await api.ask('/v1/keys/openai', { token });
  expect([status, headers.get('cache-control')]).toEqual([200, 'no-store']);
  expect(body).toEqual({
    name: 'openai',
    provider: 'openai',
    value: openaiKey,
    base_url: null,
    expires_at: null,
  });
  const rows = await sql`
    select c.actor, c.action, c.asked, l.after from subctl.audit_log l join subctl.changes c on c.id = l.change_id where c.action = 'api fetch key'`;
  expect(rows).toMatchObject([
    { action: 'api fetch key', asked: { key: 'openai' }, after: { ending: '…NTED' } },
  ]);
  expect(rows[0]!['actor']).toMatch(/^token t\d+$/);
  expect(JSON.stringify([rows, api.facts])).not.toContain('PLANTED');
  expect(JSON.stringify(api.facts)).toContain('/v1/keys/:key');
});

test('no other scope may, nor a token that is bound to customers', async () => {
  const others = await api.token({ scopes: ['read', 'check', 'record', 'alerts', 'checkout'] });
  expect(await api.ask('/v1/keys/openai', { token: others })).toMatchObject({ status: 403 });
  expect(await api.ask('/v1/keys/openai')).toMatchObject({ status: 401 });
  await expect(api.token({ scopes: ['keys'], customer: 'ann' })).rejects.toThrow(
    /belong to the whole installation/,
  );
  await expect(api.token({ scopes: ['keys'], prefix: 'acme-' })).rejects.toThrow(
    /belong to the whole installation/,
  );
  const bound = await api.token({ scopes: ['keys'] });
  await sql`update subctl.api_tokens set only_prefix = 'acme-' where name = (select max(name) from subctl.api_tokens)`;
  expect((await api.ask('/v1/keys/openai', { token: bound })).status).toBe(403);
});

test('services are seen with the scope read, and never a value', async () => {
  const { status, body } = await api.ask('/v1/services', { token: reader });
  expect([status, body.ready]).toEqual([200, true]);
  expect(
    body.services.map((one: { service: string; available: boolean }) => [one.service, one.available]),
  ).toEqual([
    ['fal', true],
    ['openai', true],
  ]);
  expect(JSON.stringify(body)).not.toMatch(/PLANTED|NTED/);
  expect(await api.ask('/v1/services', { token })).toMatchObject({ status: 403 });
});

test('what is wrong says so, and nothing of the host or of a value', async () => {
  const late = await startApi(sql, { keyRing, asOf: new Date('2036-01-02') });
  expect(await late.ask('/v1/keys/fal', { token })).toMatchObject({
    status: 403,
    body: { error: { message: expect.stringContaining('The key fal expired') as string } },
  });
  expect(await api.ask('/v1/keys/groq', { token })).toMatchObject({ status: 404 });
  for (const name of [
    '%00',
    openaiKey,
    '..%2f..%2fetc',
    'x'.repeat(4_000),
    '__proto__',
    'constructor',
    '%F0%9F%94%91',
  ]) {
    const { status, body } = await api.ask(`/v1/keys/${name}`, { token });
    expect([400, 404], name).toContain(status);
    expect(JSON.stringify(body)).not.toContain('PLANTED');
  }
  const wrong = await startApi(sql, {
    keyRing: () => Promise.resolve(readKeyRing(createMasterKey(), 'SUBCTL_MASTER_KEY')),
  });
  expect(await wrong.ask('/v1/keys/openai', { token })).toMatchObject({
    status: 409,
    body: { error: { message: expect.stringContaining('Wrong master key') as string } },
  });
  const none = await startApi(sql, {
    keyRing: () => openKeyRing({ ...settings, file: '/nonexistent/secret-place/master.key' }),
  });
  const { status, body } = await none.ask('/v1/keys/openai', { token });
  expect([status, JSON.stringify(body)]).toEqual([500, expect.not.stringContaining('secret-place')]);
  expect(body.error.message).toBe('The server is not set up for this; its log says why');
});

test('a rotation needs no restart: files are read each time, and a command is run again for a key that it did not know', async () => {
  let runs = 0;
  const command = {
    ...settings,
    file: undefined,
    command: `cat ${master}`,
    commandSource: 'SUBCTL_MASTER_KEY_COMMAND',
  };
  const remembered = rememberKeyRing(command, () => new Date());
  const counted = await startApi(sql, { keyRing: (fresh) => ((runs += fresh ? 1 : 0), remembered(fresh)) });
  expect((await counted.ask('/v1/keys/openai', { token })).status).toBe(200);
  await run('keys create-master-key master.key --add');
  await run('keys rotate');
  expect(readFileSync(master, 'utf8').split('\n').filter(Boolean)).toHaveLength(2);
  expect((await api.ask('/v1/keys/openai', { token })).body.value).toBe(openaiKey);
  expect((await counted.ask('/v1/keys/openai', { token })).body.value).toBe(openaiKey);
  expect(runs).toBe(1);
});
