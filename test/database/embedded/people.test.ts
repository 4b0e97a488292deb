import * as fs from 'node:fs';
import path from 'node:path';
import { describe, expect, test } from 'vitest';
import { embeddedPaths } from '../../../src/database/embedded/embedded-paths.ts';
import { spawnSubctl } from '../../support/cli.ts';
import { installedProgram, newHome, people } from '../../support/embedded.ts';

const program = installedProgram({ native: true });

/** A whole life of an embedded database; gives what `db status` said while it ran. */
async function live(home: string, env: Record<string, string>, person: object) {
  const run = (...args: string[]) =>
    spawnSubctl(args, { env: { ...env, SUBCTL_HOME: home }, program, ...person });
  const before = await run('db', 'status', '--json');
  const started = await run('db', 'start', '--json');
  const running = await run('db', 'status', '--json');
  const stopped = await run('db', 'stop', '--json');
  const after = await run('db', 'status', '--json');
  expect([before, started, running, stopped, after].map(({ code, stderr }) => [code, stderr])).toEqual(
    [4, 0, 0, 0, 4].map((code) => [code, '']),
  );
  return JSON.parse(running.stdout) as { version: string; url: string };
}

describe.each(people)('for %s', (_, person) => {
  test('it works from npm --ignore-scripts, in paths with spaces, without a HOME, offline', async () => {
    const place = await newHome({ name: `a home, ann's (new) & ünï`, owner: person, programs: false });
    const { version } = await live(place.home, { HOME: '' }, person);
    expect(version).toMatch(/^18\./);
    expect(fs.statSync(place.data).uid).not.toBe(0);
  });

  test('a path too long for a socket gets a short one for the socket', async () => {
    const place = await newHome({ name: path.join('a'.repeat(60), 'b'.repeat(60)), owner: person });
    if (person.uid !== undefined) fs.chownSync(place.home, person.uid, person.gid ?? 0);
    const { url } = await live(place.home, {}, person);
    expect(url).toContain(`?host=/var/tmp/subctl-`);
    expect(Buffer.byteLength(place.socketFolder)).toBeLessThanOrEqual(93);
  });

  test('the default folder is its own', async () => {
    const place = await newHome({ owner: person });
    const { stdout } = await spawnSubctl(['config', 'show', '--json'], {
      env: { SUBCTL_HOME: '', HOME: place.home },
      program,
      ...person,
    });
    const home = (JSON.parse(stdout) as { key: string; value: string }[]).find(
      ({ key }) => key === 'home',
    )?.value;
    const isRoot = person.uid === undefined && process.getuid?.() === 0;
    expect(home).toBe(isRoot ? '/var/lib/subctl' : path.join(place.home, '.local/share/subctl'));
  });
});

test('two spellings of a folder are one database', () => {
  expect(embeddedPaths('/etc/../etc/subctl/')).toEqual(embeddedPaths('/etc/subctl'));
});
