import {
  chmodSync,
  readdirSync,
  mkdirSync,
  readFileSync,
  statSync,
  symlinkSync,
  writeFileSync,
} from 'node:fs';
import path from 'node:path';
import { afterAll, describe, expect, test } from 'vitest';
import { checkMode, createKeyFile, readKeyFile, replaceKeyFile } from '../../src/keys/key-file.ts';
import { runKeyCommand, wordsOf } from '../../src/keys/key-command.ts';
import { createMasterKey, readKeyRing } from '../../src/keys/master-key.ts';
import { findKeyRing, openKeyRing } from '../../src/keys/open-key-ring.ts';
import { removeFolder, temporaryFolder } from '../support/test-server.ts';

const folder = temporaryFolder('subctl-master-key-');
afterAll(() => removeFolder(folder));
const home = path.join(folder, 'home');
const none = { text: undefined, file: undefined, command: undefined, commandSource: undefined, home };
const bytes = Buffer.from(Array.from({ length: 32 }, (_, at) => at * 7 + 1));

describe('a master key', () => {
  test('is 32 random bytes, and the same however it is written', () => {
    const ids = [
      bytes.toString('hex'),
      bytes.toString('base64'),
      bytes.toString('base64url'),
      `smk_${bytes.toString('base64url')}`,
    ];
    expect(new Set(ids.map((text) => readKeyRing(text, 'x').first.id)).size).toBe(1);
    expect(createMasterKey()).toMatch(/^smk_[\w-]{43}$/);
    expect(createMasterKey()).not.toBe(createMasterKey());
  });

  test('the first of several encrypts, all are known', () => {
    const [one, two] = [createMasterKey(), createMasterKey()];
    const ring = readKeyRing(`${one}\n${two}\n`, 'x');
    expect(ring.all.size).toBe(2);
    expect(ring.first.id).toBe(readKeyRing(`${one},`, 'x').first.id);
  });

  test.each([
    ['', 'is empty'],
    ['hunter2hunter2', 'has 14 characters, and is not 32 bytes'],
    ['00'.repeat(32), 'is not random'],
    [`${createMasterKey()},short`, 'Master key 2 of x is not a key'],
  ])('%j is refused, and not repeated', (text, sentence) => {
    const refused = captured(() => readKeyRing(text, 'x'));
    expect(refused).toMatchObject({ kind: 'config', message: expect.stringContaining(sentence) as string });
    if (text !== '') expect(refused.message).not.toContain(text);
  });

  test('the same key twice is refused', () => {
    const one = createMasterKey();
    expect(() => readKeyRing(`${one} ${one}`, 'x')).toThrow(/twice/);
  });
});

describe('its file', () => {
  test('is made with mode 0600, holds what was written, and is never overwritten', async () => {
    const file = path.join(folder, 'made.key');
    await createKeyFile(file, 'one\n');
    expect(statSync(file).mode & 0o777).toBe(0o600);
    await expect(createKeyFile(file, 'two\n')).rejects.toMatchObject({ kind: 'conflict' });
    expect(readFileSync(file, 'utf8')).toBe('one\n');
    await replaceKeyFile(file, 'three\n');
    expect(await readKeyFile(file, home)).toBe('three\n');
    expect(statSync(file).mode & 0o777).toBe(0o600);
    expect(readdirSync(folder).filter((name) => name.endsWith('.new'))).toEqual([]);
  });

  test.each([
    ['one that others may read', 0o644, /can be read by others \(mode 0644\)/],
    ['one that the group may read', 0o640, /can be read by others/],
    ['one that others may write', 0o602, /can be written by others/],
  ])('%s is refused', (_, mode, sentence) => {
    const facts = { file: '/etc/subctl/master.key', real: '/etc/subctl/master.key', mode, uid: 1000 };
    expect(() => checkMode(facts)).toThrow(sentence);
  });

  test.each([
    ['a secret of Docker', { file: '/run/secrets/master', real: '/run/secrets/master', mode: 0o444, uid: 0 }],
    [
      'a volume of Kubernetes',
      {
        file: '/etc/keys/master',
        real: '/etc/keys/..2026_11_30_12_00_00.123456/master',
        mode: 0o644,
        uid: 0,
      },
    ],
    ['one of root for a group', { file: '/etc/keys/master', real: '/etc/keys/master', mode: 0o640, uid: 0 }],
    ['one of its owner', { file: '/etc/keys/master', real: '/etc/keys/master', mode: 0o400, uid: 1000 }],
  ])('%s is taken', (_, facts) => {
    expect(() => checkMode(facts)).not.toThrow();
  });

  test('even a container’s is refused when others may write it', () => {
    const facts = { file: '/run/secrets/m', real: '/run/secrets/m', mode: 0o666, uid: 0 };
    expect(() => checkMode(facts)).toThrow(/written by others/);
  });

  test.skipIf(process.platform === 'win32')(
    'the mode of the file itself is looked at, through links',
    async () => {
      const file = path.join(folder, 'open.key');
      writeFileSync(file, createMasterKey());
      chmodSync(file, 0o666);
      symlinkSync(file, path.join(folder, 'link.key'));
      await expect(readKeyFile(path.join(folder, 'link.key'), home)).rejects.toThrow(/written by others/);
    },
  );

  test('what is empty, too large, a folder or missing is refused', async () => {
    const made = async (name: string, text: string) => {
      await createKeyFile(path.join(folder, name), text);
      return readKeyFile(path.join(folder, name), home);
    };
    await expect(made('empty.key', '')).rejects.toThrow(/is empty/);
    await expect(made('large.key', 'x'.repeat(70_000))).rejects.toThrow(/65536 are the most/);
    await expect(readKeyFile(folder, home)).rejects.toMatchObject({ kind: 'config' });
    await expect(readKeyFile(path.join(folder, 'no.key'), home)).rejects.toThrow(
      /There is no master key file/,
    );
  });

  test('it may not lie in the folder of the database that it protects', async () => {
    mkdirSync(path.join(home, 'data'), { recursive: true });
    const file = path.join(home, 'data', 'master.key');
    await createKeyFile(file, createMasterKey());
    await expect(readKeyFile(file, home)).rejects.toThrow(/in the folder of the database/);
    symlinkSync(file, path.join(folder, 'outside.key'));
    await expect(readKeyFile(path.join(folder, 'outside.key'), home)).rejects.toThrow(
      /in the folder of the database/,
    );
  });
});

describe('its command', () => {
  test('is run without a shell: nothing is expanded', async () => {
    expect(await runKeyCommand(`printf %s '$HOME;id'`)).toBe('$HOME;id');
    expect(wordsOf(`aws kms --query "a b" 'c"d' e'f g'h`)).toEqual([
      'aws',
      'kms',
      '--query',
      'a b',
      'c"d',
      'ef gh',
    ]);
    expect(wordsOf('["a b","c"]')).toEqual(['a b', 'c']);
    for (const wrong of ['', '  ', '"open', '["a", 1]', '['])
      expect(() => wordsOf(wrong)).toThrow(/not a list of words/);
  });

  test('that fails says so, and repeats nothing of what it printed', async () => {
    const failed = await runKeyCommand(`sh -c "echo planted-secret; echo planted-secret >&2; exit 3"`).catch(
      (error: Error) => error,
    );
    expect(failed).toMatchObject({ kind: 'config', message: 'The master key command sh ended with 3' });
    expect(JSON.stringify([failed, (failed as Error).stack])).not.toContain('planted');
    await expect(runKeyCommand('/nonexistent/kms')).rejects.toThrow(/is not a program of this host/);
  });

  test('that hangs or does not end its output is given up', async () => {
    await expect(runKeyCommand('sh -c "sleep 60 & wait"', { timeout: 200 })).rejects.toMatchObject({
      kind: 'unavailable',
    });
    await expect(runKeyCommand('yes')).rejects.toThrow(/more than 65536 bytes/);
  });
});

describe('where it comes from', () => {
  test('from the environment, a file or a command, and from one of them only', async () => {
    const key = createMasterKey();
    const file = path.join(folder, 'ring.key');
    await createKeyFile(file, key);
    const ids = await Promise.all(
      [{ text: key }, { file }, { command: `cat ${file}`, commandSource: 'SUBCTL_MASTER_KEY_COMMAND' }].map(
        async (given) => (await openKeyRing({ ...none, ...given })).first.id,
      ),
    );
    expect(new Set(ids).size).toBe(1);
    await expect(openKeyRing({ ...none, text: key, file })).rejects.toThrow(
      /Both SUBCTL_MASTER_KEY and SUBCTL_MASTER_KEY_FILE are set/,
    );
    expect(await findKeyRing(none)).toBeUndefined();
    await expect(openKeyRing(none)).rejects.toThrow(/No master key is configured/);
  });

  test('a program that .env names is not run', async () => {
    const given = { ...none, command: 'touch never', commandSource: 'SUBCTL_MASTER_KEY_COMMAND in .env' };
    await expect(openKeyRing(given)).rejects.toThrow(/stands in \.env/);
  });
});

function captured(work: () => unknown): Error & { kind?: string } {
  try {
    work();
  } catch (error) {
    return error as Error;
  }
  throw new Error('nothing was refused');
}
