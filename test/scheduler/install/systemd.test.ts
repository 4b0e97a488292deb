import { existsSync, mkdirSync, readdirSync, writeFileSync } from 'node:fs';
import path from 'node:path';
import { afterAll, expect, test } from 'vitest';
import { realChanges } from '../../../src/scheduler/install/scheduler.ts';
import { systemdScheduler } from '../../../src/scheduler/install/systemd.ts';
import { taskScheduler } from '../../../src/scheduler/install/task-scheduler.ts';
import { artefacts } from '../../../src/scheduler/render/artefacts.ts';
import { subctl } from '../../support/cli.ts';
import { testDatabase } from '../../support/database.ts';
import { removeFolder, temporaryFolder } from '../../support/test-server.ts';

const { env } = await testDatabase();
const parent = temporaryFolder('subctl-units-');
afterAll(() => removeFolder(parent));
const units = artefacts().systemd.filter(({ name }) => /\.(timer|service)$/.test(name));
let count = 0;
function folderWith(files: readonly { name: string; text: string }[]): string {
  const folder = path.join(parent, String(count++), 'systemd/user');
  mkdirSync(folder, { recursive: true });
  for (const { name, text } of files) writeFileSync(path.join(folder, name), text);
  return folder;
}
const call = (line: string, folder: string) =>
  subctl(line.split(' '), { env: { ...env, XDG_CONFIG_HOME: path.join(folder, '../..') } });

test('what is installed already changes nothing; what is no longer wanted goes; units of others are not seen', async () => {
  const folder = folderWith([...units, { name: 'nginx.service', text: '[Unit]\n' }]);
  const scheduler = systemdScheduler('user', folder);
  expect(realChanges(await scheduler.compare(units))).toEqual([]);
  const without = units.filter(({ name }) => name !== 'subctl-prune.timer');
  const gone = path.join(folder, 'subctl-prune.timer');
  expect(realChanges(await scheduler.compare(without))).toMatchObject([{ place: gone, after: undefined }]);
  const all = await scheduler.compare([]);
  expect(all.map(({ place }) => path.basename(place)).sort()).toEqual(units.map(({ name }) => name).sort());
});

test('a unit of our name that we have not written is refused, exit 8, and stays', async () => {
  const folder = folderWith([{ name: 'subctl-daemon.service', text: '[Unit]\nDescription=mine\n' }]);
  const { code, stderr } = await call('schedule install systemd --daemon --user --dry-run', folder);
  expect(code).toBe(8);
  expect(stderr).toMatch(/subctl-daemon\.service is there and was not written by subctl/);
});

test('J4: a dry run prints each unit that would come, for an account without privileges and without the secret', async () => {
  const folder = folderWith([]);
  const { code, stdout } = await call('schedule install systemd --daemon --user --dry-run', folder);
  expect(code).toBe(0);
  expect(stdout).toContain(`--- ${folder}/subctl-daemon.service\n`);
  expect(stdout).toMatch(/^\+ WantedBy=default\.target$/m);
  expect(stdout).not.toMatch(/User=|ProtectSystem|network-online/);
  expect(stdout).not.toContain(env['DATABASE_URL']);
  expect(readdirSync(folder)).toEqual([]);
});

test.skipIf(existsSync('/run/systemd/system'))(
  'where systemd is not running nothing is written, not even the secret, and the sentence says so (skipped where it runs)',
  async () => {
    const folder = folderWith([]);
    const { code, stderr } = await call('schedule install systemd --daemon --user', folder);
    expect(code).toBe(6);
    expect(stderr).toMatch(/is not running on this host/);
    expect(readdirSync(folder)).toEqual([]);
    expect(existsSync(path.join(folder, '../../subctl/database-url'))).toBe(false);
  },
);

test('schedule status without anything installed says so for both schedulers and asks no database', async () => {
  const { code, stdout } = await subctl(['schedule', 'status', 'systemd', '--json'], {
    env: { XDG_CONFIG_HOME: parent },
  });
  expect(code).toBe(0);
  expect((JSON.parse(stdout) as unknown[])[0]).toMatchObject({
    kind: 'systemd',
    scope: 'user',
    state: 'not installed',
  });
});

test.skipIf(process.platform === 'win32')(
  'install windows refuses elsewhere with a sentence, exit 4',
  async () => {
    const { code, stderr } = await subctl(['schedule', 'install', 'windows'], { env });
    expect(code).toBe(4);
    expect(stderr).toMatch(/can only be installed on Windows, and this host runs/);
    expect(() => taskScheduler('darwin')).toThrow(/runs darwin/);
  },
);

test('schedule uninstall takes nothing away where nothing is', async () => {
  const { code, stdout } = await call('schedule uninstall systemd --user', folderWith([]));
  expect({ code, stdout }).toEqual({ code: 0, stdout: 'Nothing to do: it is up to date.\n' });
});
