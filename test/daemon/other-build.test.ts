import { cpSync, mkdirSync, rmSync, writeFileSync } from 'node:fs';
import path from 'node:path';
import { afterEach, expect, it } from 'vitest';
import type { Build } from '../../src/database/bundled-sql.ts';
import { watchProgram } from '../../src/daemon/other-build.ts';
import { healthOf } from '../../src/daemon/readiness.ts';
import { testDatabase } from '../support/database.ts';
import { servicesOf } from '../support/services.ts';
import { removeFolder, temporaryFolder } from '../support/test-server.ts';
import { build, type Played, play, program, said, until } from './fixture.ts';

const folders: string[] = [];
const plays: Played[] = [];
afterEach(async () => {
  await Promise.all(plays.splice(0).map((played) => played.stop().catch(() => undefined)));
  folders.splice(0).forEach(removeFolder);
});

function playWith(url: string, find: () => Build | undefined): Played {
  const played = play({ url, files: { findOther: find } });
  plays.push(played);
  return played;
}

it('P5: a daemon whose program was replaced ends, so that the new one is started', async () => {
  const { url } = await testDatabase();
  const found: { other?: Build } = {};
  const { daemon, lines } = playWith(url, () => found.other);
  await until(() => said(lines, /^at work$/));
  found.other = { ...build, program: '0.1.0' };
  await expect(daemon.ended).rejects.toMatchObject({
    kind: 'unavailable',
    message: 'The program was replaced by subctl 0.1.0, another build: this daemon has ended to let it begin',
  });
});

it('P5: while the database is not set up for the new program the old one goes on and says so once; then it makes way', async () => {
  const { url, sql } = await testDatabase();
  const other = { ...build, digest: 'of the new one' };
  const { daemon, lines } = playWith(url, () => other);
  await until(() => said(lines, /which cannot work yet/));
  await until(() => said(lines, /^at work$/));
  await new Promise((resolve) => setTimeout(resolve, 100)); // some looks more
  expect(lines.filter(({ msg }) => /cannot work yet/.test(String(msg)))).toHaveLength(1);
  await sql`update subctl.settings set value = value || '{"functions": "of the new one"}' where key = 'schema'`;
  await expect(daemon.ended).rejects.toMatchObject({ kind: 'unavailable' });
});

it('P5: a daemon that begins after the database was set up for the new program makes way too', async () => {
  const { url, sql } = await testDatabase();
  const found: { other?: Build } = {};
  const { daemon, lines } = playWith(url, () => found.other);
  await until(() => said(lines, /^at work$/));
  await sql`update subctl.settings set value = value || '{"functions": "of the new one"}' where key = 'schema'`;
  await until(() => said(lines, /functions .* another build/));
  found.other = { ...build, digest: 'of the new one' };
  await expect(daemon.ended).rejects.toMatchObject({ kind: 'unavailable' });
});

it('P5: another build is one that is there at two looks; what is taken away or half written is none', () => {
  const root = temporaryFolder('subctl-build-');
  folders.push(root);
  const write = (file: string, text: string) => writeFileSync(path.join(root, file), text);
  mkdirSync(path.join(root, 'dist'));
  cpSync(program.folder, path.join(root, 'drizzle'), { recursive: true });
  write('package.json', '{"version": "0.1.0"}');
  write('dist/main.cjs', 'one');
  write('dist/functions-digest.txt', 'digest one\n');
  const files = watchProgram(root);
  expect([files.findOther(), files.findOther()]).toEqual([undefined, undefined]);
  rmSync(path.join(root, 'dist/functions-digest.txt'));
  expect([files.findOther(), files.findOther()]).toEqual([undefined, undefined]);
  write('package.json', '{"version": "0.2.0"}');
  write('dist/functions-digest.txt', 'digest two\n');
  expect(files.findOther()).toBeUndefined();
  expect(files.findOther()).toEqual({ program: '0.2.0', version: build.version, digest: 'digest two' });
  write('package.json', '{"version": "0.1.0"}');
  write('dist/functions-digest.txt', 'digest one\n');
  expect([files.findOther(), files.findOther()]).toEqual([undefined, undefined]);
});

it('P5: /readyz is false while a task cannot be loaded, and names it', async () => {
  const { url } = await testDatabase();
  let isBroken = true;
  const services: typeof servicesOf = (...words) => {
    if (isBroken) throw new Error('Cannot find module');
    return servicesOf(...words);
  };
  const time = { now: '2026-01-01T00:30:00Z' };
  const played = play({ url, time, services });
  plays.push(played);
  await until(() => said(played.lines, /^at work$/));
  const tasks = async () => (await healthOf(() => played.daemon, build).ready())['tasks'];
  expect(await tasks()).toEqual({ ok: true });
  time.now = '2026-01-01T02:30:00Z';
  await until(async () =>
    expect(await tasks()).toEqual({
      ok: false,
      says: expect.stringContaining('cannot be loaded: Cannot find module') as string,
    }),
  );
  isBroken = false;
});
