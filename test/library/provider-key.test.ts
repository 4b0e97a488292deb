import { readFileSync } from 'node:fs';
import { inspect } from 'node:util';
import { afterAll, expect, test } from 'vitest';
import { createToken } from '../../src/api-tokens/create-token.ts';
import { createMasterKey } from '../../src/keys/master-key.ts';
import { subctl } from '../../src/library/subctl.ts';
import { falKey, keyWorld, openaiKey } from '../keys/world.ts';
import { asTester } from '../support/catalogue.ts';

const { run, database, master } = await keyWorld();
const { sql, url } = database;
await run('keys set openai -', openaiKey);
await run('keys set fal - --expires-at 2036-01-01', falKey);
const masterKey = readFileSync(master, 'utf8');
const client = subctl({ url, masterKey });
afterAll(() => client.close());
const made = (name: string, scopes: ('keys' | 'record')[]) =>
  asTester(sql, async (tx, change) => (await createToken(tx, change, { name, scopes })).token);
const token = await made('worker', ['keys']);

test('an application fetches a key with its token; the audit has its name and no value', async () => {
  const key = await client.key('openai', { token });
  expect([key.name, key.value, key.expires_at]).toEqual(['openai', openaiKey, null]);
  const [change] = await sql`select actor, action from subctl.changes where action = 'library fetch key'`;
  expect(change).toEqual({ actor: 'token worker', action: 'library fetch key' });
});

test('a key that is printed, logged or made JSON shows no value', async () => {
  const key = await client.key('openai', { token });
  for (const text of [
    JSON.stringify(key),
    inspect(key),
    inspect({ deep: [key] }),
    String(key),
    JSON.stringify({ ...key }),
  ])
    expect(text).not.toContain('PLANTED');
});

test('a token without the scope, one that is none, an expired key, a wrong master key', async () => {
  const other = await made('recorder', ['record']);
  await expect(client.key('openai', { token: other })).rejects.toMatchObject({
    kind: 'refused',
    message: /scope keys/,
  });
  await expect(client.key('openai', { token: 'subctl_nothing' })).rejects.toMatchObject({ kind: 'refused' });
  for (const name of ['', 'a\u0000b', openaiKey, 'x'.repeat(1e6), '__proto__'])
    await expect(client.key(name, { token })).rejects.toMatchObject({
      kind: 'not_found',
      message: 'There is no key of that name',
    });
  await expect(client.key('groq', { token })).rejects.toMatchObject({ kind: 'not_found' });
  await expect(client.key('fal', { token, asOf: new Date('2036-02-01') })).rejects.toMatchObject({
    kind: 'refused',
    message: /expired/,
  });
  const wrong = subctl({ url, masterKey: createMasterKey() });
  await expect(wrong.key('openai', { token })).rejects.toMatchObject({
    kind: 'conflict',
    message: /Wrong master key/,
  });
  await wrong.close();
});
