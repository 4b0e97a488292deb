import { createHash, randomBytes } from 'node:crypto';
import { readFileSync, writeFileSync } from 'node:fs';
import path from 'node:path';
import { gzipSync, gunzipSync } from 'node:zlib';
import fc from 'fast-check';
import { afterAll, beforeAll, describe, expect, test, vi } from 'vitest';
import { readKey, type ArchiveKey } from '../../src/backup/key-file.ts';
import { readDump } from '../../src/backup/dump.ts';
import { openArchive } from '../../src/backup/read-archive.ts';
import { unseal } from '../../src/backup/seal.ts';
import { gunzip } from '../../src/backup/zip.ts';
import { subctl } from '../support/cli.ts';
import { testDatabase } from '../support/database.ts';
import { removeFolder, temporaryFolder } from '../support/test-server.ts';
import { inputs, patience, runs } from './inputs.ts';
import { bytesAround } from './nasty-bytes.ts';
import { readLater } from './refusal.ts';

vi.setConfig({ testTimeout: patience });
const { sql, env } = await testDatabase();
const folder = temporaryFolder('subctl-fuzz-archives-');
afterAll(() => removeFolder(folder));
const place = (name: string) => path.join(folder, name);
const nothing: Buffer = Buffer.alloc(0);
const made = { plain: nothing, sealed: nothing, text: nothing, dump: nothing };
let key: ArchiveKey;

beforeAll(async () => {
  await sql`insert into subctl.customers (id, name, created_at) select 'c' || n, e'tab\tand \\\\. line\n' || n, now() from generate_series(1, 20) n`;
  writeFileSync(place('key'), randomBytes(32).toString('base64'), { mode: 0o600 });
  for (const [name, options] of [
    ['plain', []],
    ['sealed', ['--key-file', place('key')]],
  ] as const) {
    const done = await subctl(['db', 'backup', place(name), '--method', 'copy', ...options], { env });
    expect(done.code, done.stderr).toBe(0);
    made[name] = readFileSync(place(name));
  }
  key = await readKey(place('key'));
  made.text = gunzipSync(made.plain);
  made.dump = dumpOf(made.text);
});

/** What stands behind an archive of pg_dump, around a dump that is none: its own checks look at nothing else. */
function dumpOf(text: Buffer): Buffer {
  const dump = Buffer.from('PGDMP, so to say');
  const lines = text.toString().split('\n');
  const head = `\n${lines[0]!.replace('{', '{"client":"15.1",')}\n`;
  const sha256 = createHash('sha256').update(dump).update(head).digest('hex');
  const tail = lines.at(-2)!.replace(/"sha256":"\w+"/, `"sha256":"${sha256}"`);
  const end = Buffer.from(`${head}${tail}\n`);
  const length = Buffer.alloc(4);
  length.writeUInt32BE(end.length);
  return Buffer.concat([dump, end, length, Buffer.from('SUBCTL01')]);
}

async function* pieces(bytes: Buffer, size = 1_000): AsyncGenerator<Buffer, void> {
  for (let at = 0; at < bytes.length; at += size) yield bytes.subarray(at, at + size);
}

async function readText(bytes: AsyncIterable<Buffer>): Promise<string> {
  const { head, tables } = await openArchive(bytes);
  const each = tables();
  for (;;) {
    const { value, done } = await each.next();
    if (done) return `${head.program} ${value.sha256}`;
    for await (const rows of value.rows) expect(rows.length).toBeGreaterThan(0);
  }
}

/** Values of JSON in place of what an archive says of itself. */
const instead = [
  'null',
  '[]',
  '7',
  '"x"',
  '{}',
  '{"format":1}',
  '{"format":1,"tables":null}',
  '{"format":2}',
  '{"format":2,"program":"9.9.9"}',
  '{"format":1,"tables":[{"name":7}]}',
  '{"tables":[],"sha256":7}',
  '{"key":7,"salt":null}',
  '{"key":"0123456789abcdef"}',
  '',
];
const replaced = (bytes: Buffer) =>
  fc.tuple(fc.nat(2), fc.constantFrom(...instead)).map(([which, text]) => {
    const all = bytes.toString('latin1');
    const words = ['-- backup of subctl ', '-- rows ', '-- end ', 'SUBCTL-SEALED 1 '].filter((word) =>
      all.includes(word),
    );
    const word = words[which % words.length]!;
    return Buffer.from(all.replace(new RegExp(`${word}.*`), `${word}${text}`), 'latin1');
  });

const doors: Record<string, { seed: keyof typeof made; open: (bytes: Buffer) => Promise<unknown> }> = {
  'the text of an archive': { seed: 'text', open: (bytes) => readText(pieces(bytes)) },
  'a compressed archive': { seed: 'plain', open: (bytes) => readText(gunzip(pieces(bytes))) },
  'an archive whose text was changed and compressed again': {
    seed: 'text',
    open: (bytes) => readText(gunzip(pieces(gzipSync(bytes, { level: 1 })))),
  },
  'an encrypted archive': { seed: 'sealed', open: (bytes) => readText(gunzip(unseal(pieces(bytes), key))) },
  'what stands behind a dump': {
    seed: 'dump',
    open: async (bytes) => {
      const dump = readDump(pieces(bytes));
      for (;;) {
        const { value, done } = await dump.next();
        if (done) return value;
      }
    },
  },
};

test('what was written is taken', async () => {
  for (const { seed, open } of Object.values(doors)) await expect(open(made[seed])).resolves.toBeDefined();
});

describe('an archive that is not what was written is refused, wherever it was changed', () => {
  test.each(Object.keys(doors).map((name) => [name, inputs(0.1)] as const))('%s: %d inputs', async (name) => {
    const { seed, open } = doors[name]!;
    const whole = made[seed];
    const damaged = fc.oneof({ arbitrary: bytesAround([whole]), weight: 3 }, replaced(whole));
    await fc.assert(
      fc.asyncProperty(damaged, async (bytes) => {
        const found = await readLater(bytes.toString('latin1'), () => open(bytes));
        if ('refused' in found) {
          expect(['refused', 'config', 'usage']).toContain(found.refused.kind);
          return;
        }
        // the ten bytes of gzip's own header say when and on which system, and what follows its end is not of it
        const isSame = seed === 'plain' ? gunzipSync(bytes).equals(made.text) : bytes.equals(whole);
        expect(isSame, 'what is taken is what was written').toBe(true);
      }),
      runs(0.1),
    );
  });
});
