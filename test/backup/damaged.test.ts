import { randomBytes } from 'node:crypto';
import { existsSync, readFileSync, writeFileSync } from 'node:fs';
import path from 'node:path';
import { afterAll, beforeAll, describe, expect, inject, test } from 'vitest';
import { migrate } from '../../src/database/migrate.ts';
import { Dice } from '../simulator/dice.ts';
import { root, subctl } from '../support/cli.ts';
import { hasPostgres15, startPostgres15 } from '../support/debian-server.ts';
import { removeFolder, temporaryFolder } from '../support/test-server.ts';
import { databasesOn } from './places.ts';

const program = { folder: path.join(root, 'drizzle'), program: '0.1.0' };
const folder = temporaryFolder('subctl-damaged-');
const old = hasPostgres15 ? startPostgres15() : undefined;
afterAll(() => {
  old?.stop();
  removeFolder(folder);
});
const newest = databasesOn(inject('testServer').url);
const oldest = old && databasesOn(old.url);
const full = await newest.create();
const empty = await newest.create();
const [key, other] = ['a', 'b'].map((name) => {
  const file = path.join(folder, `${name}.key`);
  writeFileSync(file, randomBytes(32).toString('base64'), { mode: 0o600 });
  return ['--key-file', file] as const;
}) as unknown as [string[], string[]];

interface Kind {
  name: string;
  method: 'copy' | 'pg_dump';
  options: string[];
}
const kinds: Kind[] = [
  { name: 'an archive of subctl', method: 'copy', options: [] },
  { name: 'an encrypted archive of subctl', method: 'copy', options: key },
  ...(oldest
    ? [
        { name: 'an archive of pg_dump', method: 'pg_dump', options: [] } as Kind,
        { name: 'an encrypted archive of pg_dump', method: 'pg_dump', options: key } as Kind,
      ]
    : []),
];
const files = new Map<Kind, string>();

beforeAll(async () => {
  for (const { sql } of [full]) {
    await migrate(sql, program);
    await sql`
      insert into subctl.customers (id, name, created_at) select 'c' || n, md5(n::text) || md5((-n)::text), now() from generate_series(1, 4000) n`;
  }
  const second = await oldest?.create();
  if (second) await migrate(second.sql, program);
  for (const kind of kinds) {
    const file = path.join(folder, `${kind.method}-${kind.options.length}`);
    const { env } = kind.method === 'pg_dump' ? second! : full;
    const line = ['db', 'backup', file, '--method', kind.method, ...kind.options];
    const made = await subctl(line, { env });
    expect(made.code, made.stderr).toBe(0);
    files.set(kind, file);
  }
});

async function verify(bytes: Buffer, options: readonly string[]): Promise<{ code: number; stderr: string }> {
  const file = path.join(folder, 'tried');
  writeFileSync(file, bytes);
  return subctl(['db', 'verify', file, ...options]);
}

describe.each(kinds.map((kind) => [kind.name, kind] as const))('%s', (_, kind) => {
  const whole = () => readFileSync(files.get(kind)!);

  test('is whole', async () => {
    expect(await verify(whole(), kind.options)).toMatchObject({ code: 0, stderr: '' });
  });

  test('cut off anywhere is refused', async () => {
    const bytes = whole();
    const dice = new Dice(1);
    const lengths = [0, 1, 40, bytes.length - 1, bytes.length - 20, 64 * 1024, 64 * 1024 + 250];
    for (let n = 0; n < 15; n += 1) lengths.push(Math.floor(dice.next() * bytes.length));
    for (const length of lengths.filter((one) => one < bytes.length)) {
      const { code, stderr } = await verify(bytes.subarray(0, length), kind.options);
      expect([2, 4], `${length} of ${bytes.length}: ${stderr}`).toContain(code);
      if (length > 400) expect(stderr).toMatch(/^error: The archive is damaged: /);
    }
  });

  test('with one bit that is another is refused', async () => {
    const bytes = whole();
    const dice = new Dice(2);
    for (let n = 0; n < 40; n += 1) {
      // the ten bytes of gzip's own header say when and on which system, and nothing of the contents
      const at = 10 + Math.floor(dice.next() * (bytes.length - 10));
      const changed = Buffer.from(bytes);
      changed[at]! ^= 1 << Math.floor(dice.next() * 8);
      const { code, stderr } = await verify(changed, kind.options);
      expect([2, 4, 5], `bit of byte ${at} of ${bytes.length}: ${stderr}`).toContain(code);
    }
  });

  test('restored all the same leaves nothing', async () => {
    const bytes = whole();
    const file = path.join(folder, 'cut');
    writeFileSync(file, bytes.subarray(0, bytes.length - 30));
    const done = await subctl(['db', 'restore', file, '--into', empty.url, ...kind.options], {
      env: empty.env,
    });
    expect([done.code, done.stderr]).toEqual([4, expect.stringContaining('The archive is damaged')]);
    const [row] = await empty.sql<
      { schema: string | null }[]
    >`select to_regnamespace('subctl')::text as schema`;
    expect(row!.schema).toBeNull();
  });
});

describe('an encrypted archive', () => {
  const sealed = kinds[1]!;
  const pieceLength = 64 * 1024 + 16;

  test('whose pieces are exchanged, taken out or doubled is refused', async () => {
    const bytes = readFileSync(files.get(sealed)!);
    const from = bytes.indexOf(10) + 1;
    const pieces: Buffer[] = [];
    for (let at = from; at < bytes.length; at += pieceLength)
      pieces.push(bytes.subarray(at, at + pieceLength));
    expect(pieces.length).toBeGreaterThan(2);
    const [first, second, ...rest] = pieces as [Buffer, Buffer, ...Buffer[]];
    const head = bytes.subarray(0, from);
    for (const order of [
      [second, first, ...rest],
      [first, ...rest],
      [first, second, second, ...rest],
      [first],
      [...pieces, pieces.at(-1)!],
    ]) {
      const { code, stderr } = await verify(Buffer.concat([head, ...order]), sealed.options);
      expect([code, stderr]).toEqual([
        4,
        expect.stringMatching(/^error: The archive is damaged: piece \d+ was/),
      ]);
    }
  });

  test('without the key, with another, or with a file that is none is refused, and says which key it wants', async () => {
    const file = files.get(sealed)!;
    const id = /"key":"([0-9a-f]{16})"/.exec(readFileSync(file, 'latin1'))![1]!;
    const without = await subctl(['db', 'verify', file]);
    expect([without.code, without.stderr]).toEqual([2, expect.stringContaining(`with the key ${id}`)]);
    const wrong = await subctl(['db', 'verify', file, ...other]);
    expect([wrong.code, wrong.stderr]).toEqual([
      2,
      expect.stringContaining(`with the key ${id}, and --key-file has`),
    ]);
    for (const [name, text] of [
      ['short', 'abc'],
      ['empty', ''],
    ] as const) {
      writeFileSync(path.join(folder, name), text);
      const done = await subctl(['db', 'verify', file, '--key-file', path.join(folder, name)]);
      expect([done.code, done.stderr]).toEqual([2, expect.stringContaining('is not a key of 32 bytes')]);
    }
    const gone = await subctl(['db', 'verify', file, '--key-file', path.join(folder, 'nowhere')]);
    expect([gone.code, gone.stderr]).toEqual([2, expect.stringContaining('there is no such file')]);
  });

  test('holds nothing of the contents, and its key is in no file', () => {
    const bytes = readFileSync(files.get(sealed)!, 'latin1');
    expect(bytes).not.toContain(readFileSync(key[1]!, 'latin1'));
    expect(bytes).not.toContain('backup of subctl');
  });

  test('a file that is no archive says so', async () => {
    expect(await verify(Buffer.from('hello'), [])).toMatchObject({
      code: 2,
      stderr: expect.stringContaining('is no backup of subctl') as string,
    });
    const done = await subctl(['db', 'verify', path.join(folder, 'nothing')]);
    expect([done.code, existsSync(path.join(folder, 'nothing'))]).toEqual([3, false]);
  });
});
