import { mkdtempSync, readFileSync, rmSync, statSync } from 'node:fs';
import { tmpdir } from 'node:os';
import path from 'node:path';
import { describe, expect, test } from 'vitest';
import { createToken, hashOf } from '../../src/api-tokens/create-token.ts';
import {
  type Caller,
  checkCustomer,
  checkScope,
  findCaller,
  noteUse,
} from '../../src/api-tokens/find-caller.ts';
import { scopeNames } from '../../src/api-tokens/scopes.ts';
import { asTester } from '../support/catalogue.ts';
import { subctl } from '../support/cli.ts';
import { testDatabase } from '../support/database.ts';

const { sql, env } = await testDatabase();
const at = new Date('2026-01-01T00:00:00Z');
const say = (...words: string[]) => subctl(words, { env });
const make = (asked: Partial<Parameters<typeof createToken>[2]> & { name: string }) =>
  asTester(sql, (tx, change) => createToken(tx, change, { scopes: ['check'], ...asked }), at);

describe('a token', () => {
  test('is shown once, kept as its hash alone, and found by it', async () => {
    const { token } = await make({ name: 'web', scopes: ['record', 'check', 'check'] });
    expect(token).toMatch(/^subctl_[\w-]{43}$/);
    const [{ kept }] = (await sql`
      select (select jsonb_agg(t) from subctl.api_tokens t)::text || (select jsonb_agg(a) from subctl.audit_log a)::text
             || (select jsonb_agg(c) from subctl.changes c)::text as kept`) as unknown as [{ kept: string }];
    expect(kept).toContain(hashOf(token));
    expect(kept).not.toContain(token.slice(10, 20));
    expect(await findCaller(sql, hashOf(token), at)).toMatchObject({
      name: 'web',
      scopes: ['check', 'record'],
    });
    expect(await findCaller(sql, hashOf(`${token}x`), at)).toBeUndefined();
    expect(await findCaller(sql, token, at)).toBeUndefined();
  });

  test('ends at its time, that instant included, or when it is revoked', async () => {
    const expiresAt = new Date('2026-02-01T00:00:00Z');
    const { token } = await make({ name: 'short', expiresAt });
    const find = (when: string) => findCaller(sql, hashOf(token), new Date(when));
    expect(await find('2026-01-31T23:59:59.999Z')).toMatchObject({ name: 'short', expiresAt });
    expect(await find('2026-02-01T00:00:00Z')).toBeUndefined();
    expect(await say('tokens', 'revoke', 'short')).toMatchObject({
      code: 0,
      stderr: 'The token short is revoked\n',
    });
    expect(await find('2026-01-02T00:00:00Z')).toBeUndefined();
    expect(await say('tokens', 'revoke', 'short')).toMatchObject({
      code: 0,
      stderr: expect.stringContaining('already revoked') as string,
    });
    expect(await say('tokens', 'revoke', 'never')).toMatchObject({ code: 3 });
  });

  test('leaves its name to another once it is revoked, and to none before', async () => {
    const first = await make({ name: 'again' });
    await expect(make({ name: 'again' })).rejects.toMatchObject({ kind: 'conflict' });
    await say('tokens', 'revoke', 'again');
    const second = await make({ name: 'again' });
    expect(second.token).not.toBe(first.token);
    expect(await findCaller(sql, hashOf(first.token), at)).toBeUndefined();
    expect(await findCaller(sql, hashOf(second.token), at)).toMatchObject({ name: 'again' });
  });

  test.each([
    [{ name: 'a b' }, /not a name/],
    [{ name: '' }, /not a name/],
    [{ name: 'x'.repeat(65) }, /not a name/],
    [{ name: 'x', scopes: [] }, /allowed nothing/],
    [{ name: 'x', customer: 'ann', prefix: 'a' }, /not both/],
    [{ name: 'x', customer: ' ann' }, /begins or ends with a space/],
    [{ name: 'x', prefix: '' }, /no beginning/],
    [{ name: 'x', expiresAt: at }, /before it begins/],
  ])('is not made of %j', async (asked, message) => {
    await expect(make(asked)).rejects.toThrow(message);
  });

  test('notes its use once a minute', async () => {
    await make({ name: 'used' });
    const used = async () =>
      (
        await sql<
          { id: string; at: Date | null }[]
        >`select id, last_used_at as at from subctl.api_tokens where name = 'used'`
      )[0]!;
    const { id } = await used();
    await noteUse(sql, id, at);
    await noteUse(sql, id, new Date('2026-01-01T00:00:59Z'));
    expect((await used()).at).toEqual(at);
    await noteUse(sql, id, new Date('2026-01-01T00:01:01Z'));
    expect((await used()).at).toEqual(new Date('2026-01-01T00:01:01Z'));
  });
});

test('tokens create prints the token on standard output alone; a dry run prints and makes none; list never shows one', async () => {
  const dry = await say('tokens', 'create', 'app', '--scope', 'read', '--dry-run', '--json');
  expect(JSON.parse(dry.stdout)).toMatchObject({ name: 'app', token: null });
  const made = await say(
    'tokens',
    'create',
    'app',
    '--scope',
    'read',
    '--scope',
    'check',
    '--prefix',
    'acme-',
    '--json',
  );
  const { token } = JSON.parse(made.stdout) as { token: string };
  expect(made.stderr).not.toContain(token);
  const listed = await say('tokens', 'list', '--all', '--json');
  expect(listed.stdout).not.toContain(token);
  expect(JSON.parse(listed.stdout)).toContainEqual(
    expect.objectContaining({
      name: 'app',
      state: 'live',
      scopes: ['check', 'read'],
      prefix: 'acme-',
      ending: token.slice(-4),
    }),
  );
  expect(await say('tokens', 'create', 'other')).toMatchObject({ code: 2 });
  expect(await say('tokens', 'create', 'other', '--scope', 'everything')).toMatchObject({ code: 2 });
});

const caller = (about: Partial<Caller>): Caller => ({
  ...{ id: '1', name: 'web', scopes: ['check'], role: null },
  ...{ onlyCustomer: null, onlyPrefix: null, expiresAt: null },
  ...about,
});

test('a token is asked for the very scope', () => {
  for (const held of scopeNames)
    for (const wanted of scopeNames) {
      const ask = () => checkScope(caller({ scopes: [held] }), wanted);
      if (held === wanted) expect(ask).not.toThrow();
      else expect(ask).toThrow(`has not the scope ${wanted}`);
    }
});

test.each([
  [{}, 'anyone', true],
  [{ onlyCustomer: 'ann' }, 'ann', true],
  [{ onlyCustomer: 'ann' }, 'anna', false],
  [{ onlyCustomer: 'ann' }, 'Ann', false],
  [{ onlyPrefix: 'acme-' }, 'acme-7', true],
  [{ onlyPrefix: 'acme-' }, 'acme', false],
  [{ onlyPrefix: 'acme-' }, 'xacme-7', false],
])('a token bound to %j speaks for %s: %s', (about, customer, may) => {
  const ask = () => checkCustomer(caller(about), customer);
  if (may) expect(ask).not.toThrow();
  else expect(ask).toThrow(/may not speak for/);
});

test('a token in a file is for its owner alone, and one for a customer that there is not says so', async () => {
  const folder = mkdtempSync(path.join(tmpdir(), 'subctl-token-'));
  const file = path.join(folder, 'token.json');
  try {
    const made = await say(
      'tokens',
      'create',
      'filed',
      '--scope',
      'read',
      '--customer',
      'nobody',
      '--output',
      file,
    );
    expect(made).toMatchObject({ code: 0, stdout: '' });
    expect(made.stderr).toContain("There is no customer 'nobody' yet");
    expect(readFileSync(file, 'utf8')).toContain('subctl_');
    expect(statSync(file).mode & 0o077).toBe(0);
  } finally {
    rmSync(folder, { recursive: true });
  }
});
