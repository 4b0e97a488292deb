import { readFileSync, statSync, writeFileSync } from 'node:fs';
import path from 'node:path';
import { describe, expect, test } from 'vitest';
import { createMasterKey } from '../../../src/keys/master-key.ts';
import { falKey, keyWorld, openaiKey } from '../../keys/world.ts';

const { run, folder, master, database } = await keyWorld();
const { sql } = database;
await run('keys set openai -', openaiKey);
await run('keys set fal -', falKey);

const json = <T>(text: string) => JSON.parse(text) as T;
const wrong = path.join(folder, 'wrong.key');
writeFileSync(wrong, createMasterKey(), { mode: 0o600 });
const withWrong = { SUBCTL_MASTER_KEY_FILE: wrong };
const reads = async (env = {}) => (await run('keys run --provider openai --dry-run -- true', '', env)).code;

describe('keys create-master-key', () => {
  test('makes a file of mode 0600 that is never overwritten, and never prints the key', async () => {
    const made = await run('keys create-master-key new.key --json');
    const file = path.join(folder, 'new.key');
    const text = readFileSync(file, 'utf8').trim();
    expect([made.code, statSync(file).mode & 0o777]).toEqual([0, 0o600]);
    expect(made.stdout + made.stderr).not.toContain(text.slice(4, 20));
    expect(await run('keys create-master-key new.key')).toMatchObject({ code: 8 });
    expect(readFileSync(file, 'utf8').trim()).toBe(text);
  });

  test('it refuses the folder of the database, and a file that holds no key', async () => {
    const home = { SUBCTL_HOME: folder };
    expect(await run('keys create-master-key inside.key', '', home)).toMatchObject({ code: 2 });
    writeFileSync(path.join(folder, 'notes.txt'), 'dear diary', { mode: 0o600 });
    expect(await run('keys create-master-key notes.txt --add')).toMatchObject({ code: 5 });
    expect(readFileSync(path.join(folder, 'notes.txt'), 'utf8')).toBe('dear diary');
  });
});

describe('Y5, defect 79: what cannot be read says why', () => {
  test('a wrong master key, no master key and no key are three sentences and three exit codes', async () => {
    const asked = 'keys run --provider openai -- true';
    expect(await run(asked, '', withWrong)).toMatchObject({
      code: 8,
      stderr: expect.stringMatching(/Wrong master key: the key openai/) as string,
    });
    expect(await run(asked, '', { SUBCTL_MASTER_KEY_FILE: '' })).toMatchObject({
      code: 5,
      stderr: expect.stringMatching(/No master key is configured/) as string,
    });
    expect(await run('keys run --provider groq -- true')).toMatchObject({
      code: 3,
      stderr: expect.stringMatching(/There is no key groq/) as string,
    });
  });

  test('with a wrong master key nothing is written: not a key, not a rotation', async () => {
    const refused = await run('keys set groq -', openaiKey, withWrong);
    expect([refused.code, refused.stderr]).toEqual([8, expect.stringContaining('Wrong master key')]);
    expect(await run('keys rotate', '', withWrong)).toMatchObject({ code: 8 });
    expect(await run('keys test', '', withWrong)).toMatchObject({ code: 8 });
    const listed = json<{ state: string }[]>((await run('keys list --json', '', withWrong)).stdout);
    expect(listed.map(({ state }) => state)).toEqual(['wrong_master_key', 'wrong_master_key']);
    expect(await reads()).toBe(0);
  });

  test('rows that were swapped, cut or copied do not decrypt', async () => {
    const [before] = await sql`select sealed from subctl.provider_keys where name = 'openai'`;
    await sql`update subctl.provider_keys set sealed = (select sealed from subctl.provider_keys where name = 'fal') where name = 'openai'`;
    const { code, stderr } = await run('keys run --provider openai -- true');
    expect([code, stderr]).toEqual([
      8,
      expect.stringContaining('does not decrypt: it was changed in the database'),
    ]);
    await sql`update subctl.provider_keys set sealed = ${sql.json(before!['sealed'] as never)} where name = 'openai'`;
    await sql`update subctl.provider_keys set base_url = 'https://attacker.example.com' where name = 'openai'`;
    expect(await reads()).toBe(8);
    await sql`update subctl.provider_keys set base_url = null where name = 'openai'`;
    expect(await reads()).toBe(0);
  });
});

describe('Y7: the master key is rotated without downtime', () => {
  test('new first, all are encrypted anew, then the old one goes', async () => {
    const old = readFileSync(master, 'utf8');
    const added = json<{ encrypts: boolean; keys: string[] }>(
      (await run('keys create-master-key master.key --add --json')).stdout,
    );
    expect([added.encrypts, added.keys.length]).toEqual([true, 2]);
    expect(await reads()).toBe(0);
    expect((await run('keys rotate --dry-run --json')).stdout).toContain('"dry_run": true');
    const rotated = json<{ master_key: string; rotated: unknown[]; unused: string[] }>(
      (await run('keys rotate --json')).stdout,
    );
    expect([rotated.master_key, rotated.rotated.length]).toEqual([added.keys[0], 2]);
    expect(
      json<{ unchanged: number; changed: boolean }>((await run('keys rotate --json')).stdout),
    ).toMatchObject({ unchanged: 2, changed: false });
    expect(await reads()).toBe(0);
    writeFileSync(master, readFileSync(master, 'utf8').split('\n')[0]!);
    expect(await reads()).toBe(0);
    writeFileSync(wrong, old);
    expect(await reads(withWrong)).toBe(8);
  });

  test('where several hosts have the file, a key that comes last only decrypts', async () => {
    const before = readFileSync(master, 'utf8').trim();
    const added = json<{ encrypts: boolean }>(
      (await run('keys create-master-key master.key --add --last --json')).stdout,
    );
    expect(added.encrypts).toBe(false);
    expect(readFileSync(master, 'utf8').split('\n')[0]).toBe(before);
    expect(json<{ changed: boolean }>((await run('keys rotate --json')).stdout).changed).toBe(false);
  });

  test('the same by the environment and by a command', async () => {
    const [now] = readFileSync(master, 'utf8').split('\n');
    const ring = { SUBCTL_MASTER_KEY_FILE: '', SUBCTL_MASTER_KEY: `${createMasterKey()},${now}` };
    expect(await run('keys rotate', '', ring)).toMatchObject({ code: 0 });
    const command = {
      SUBCTL_MASTER_KEY_FILE: '',
      SUBCTL_MASTER_KEY_COMMAND: `printf %s ${ring.SUBCTL_MASTER_KEY}`,
    };
    expect(await reads(command)).toBe(0);
    const shown = (await run('config show --json', '', command)).stdout;
    expect(shown).toContain('printf …');
    expect(shown).not.toContain(now!.slice(4, 20));
  });
});
