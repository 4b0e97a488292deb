import { chmod, mkdtemp, readFile, readdir, rm, stat, symlink, writeFile } from 'node:fs/promises';
import os from 'node:os';
import path from 'node:path';
import { afterAll, expect, it } from 'vitest';
import { print } from '../../src/terminal/print.ts';
import { fileSink } from '../../src/terminal/sink.ts';
import { screen, terminalOf } from '../support/screen.ts';

const folder = await mkdtemp(path.join(os.tmpdir(), 'subctl-sink-'));
afterAll(() => rm(folder, { recursive: true }));
const at = (name: string) => path.join(folder, name);
const options = { format: 'csv' as const, header: true, csvGuard: true, quiet: false };

it('a file appears whole, on commit', async () => {
  const sink = await fileSink(at('whole.csv'));
  await sink.write('a\n');
  await expect(stat(at('whole.csv'))).rejects.toThrow('ENOENT');
  await sink.write('b\n');
  await sink.commit();
  expect(await readFile(at('whole.csv'), 'utf8')).toBe('a\nb\n');
});

it('rows that fail half way leave the old file as it was and nothing beside it', async () => {
  await writeFile(at('old.csv'), 'old');
  function* failing() {
    yield { id: 1 };
    throw new Error('connection lost');
  }
  const shown = screen();
  const printing = print({ columns: [{ key: 'id' }], rows: failing() }, terminalOf(shown), {
    ...options,
    output: at('old.csv'),
  });
  await expect(printing).rejects.toThrow('connection lost');
  expect(await readFile(at('old.csv'), 'utf8')).toBe('old');
  expect((await readdir(folder)).filter((name) => name.endsWith('.tmp'))).toEqual([]);
});

it('says on stderr that the file was written, and nothing on stdout', async () => {
  const shown = screen();
  await print({ columns: [{ key: 'id' }], rows: [{ id: 1 }] }, terminalOf(shown), {
    ...options,
    output: at('said.csv'),
  });
  expect([shown.out(), shown.err()]).toEqual(['', `Wrote ${at('said.csv')}\n`]);
});

it('replaces a file through a link and keeps its mode', async () => {
  await writeFile(at('target.csv'), 'old');
  await chmod(at('target.csv'), 0o640);
  await symlink(at('target.csv'), at('link.csv'));
  const sink = await fileSink(at('link.csv'));
  await sink.write('new');
  await sink.commit();
  expect(await readFile(at('target.csv'), 'utf8')).toBe('new');
  expect((await stat(at('target.csv'))).mode & 0o777).toBe(0o640);
});

it.each([
  ['missing/x.csv', 'its folder does not exist'],
  ['.', 'is a folder'],
])('%s is refused before anything is asked of the database: %s', async (name, why) => {
  await expect(fileSink(at(name))).rejects.toMatchObject({
    kind: 'usage',
    message: expect.stringContaining(why) as string,
  });
});
