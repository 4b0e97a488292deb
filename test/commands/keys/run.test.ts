import { spawn } from 'node:child_process';
import { once } from 'node:events';
import path from 'node:path';
import { expect, test } from 'vitest';
import { root, spawnSubctl } from '../../support/cli.ts';
import { falKey, keyWorld, openaiKey } from '../../keys/world.ts';

const { run, env, folder, database } = await keyWorld();
await run('keys set openai -', openaiKey);
await run('keys set fal -', falKey);
await run('keys set weather --provider other -', 'abcdefghijkl0123');
const node = process.execPath;
const script = (text: string) => [node, '-e', text];
const seen =
  'process.stdout.write(JSON.stringify({o: process.env.OPENAI_API_KEY, f: process.env.FAL_KEY, w: process.env.WEATHER, m: process.env.SUBCTL_MASTER_KEY}))';
const subctl = (words: string[], more = {}) => spawnSubctl(words, { env: { ...env, ...more }, cwd: folder });

test('a program gets the keys in the variables of their providers, and not the master key', async () => {
  const two = await subctl([
    'keys',
    'run',
    '--provider',
    'openai',
    '--provider',
    'fal',
    '--',
    ...script(seen),
  ]);
  expect([two.code, JSON.parse(two.stdout)]).toEqual([0, { o: openaiKey, f: falKey }]);
  const own = await subctl([
    'keys',
    'run',
    '--provider',
    'weather',
    '--as',
    'WEATHER',
    '--',
    ...script(seen),
  ]);
  expect(JSON.parse(own.stdout)).toEqual({ w: 'abcdefghijkl0123' });
  const { readFileSync } = await import('node:fs');
  const text = readFileSync(path.join(folder, 'master.key'), 'utf8').trim();
  const bare = await subctl(['keys', 'run', '--provider', 'fal', '--', ...script(seen)], {
    SUBCTL_MASTER_KEY: text,
    SUBCTL_MASTER_KEY_FILE: '',
  });
  expect(JSON.parse(bare.stdout)).toEqual({ f: falKey });
});

test('its exit code is passed on, and options after -- are its own', async () => {
  expect(
    await subctl(['keys', 'run', '--provider', 'openai', '--', ...script('process.exit(41)')]),
  ).toMatchObject({ code: 41, stderr: '' });
  const options = await subctl([
    'keys',
    'run',
    '--provider',
    'fal',
    '--',
    node,
    '-p',
    'process.argv.slice(1).join()',
    '--',
    '--json',
    '--provider',
    'x',
    '--help',
  ]);
  expect(options.stdout.trim()).toBe('--json,--provider,x,--help');
});

test('a program that is not there is not found; a variable must be a name', async () => {
  expect(await subctl(['keys', 'run', '--provider', 'fal', '--', '/nonexistent/program'])).toMatchObject({
    code: 3,
    stderr: expect.stringContaining('was not found') as string,
  });
  expect(await run('keys run --provider fal --as 1X -- true')).toMatchObject({ code: 2 });
  expect(await run('keys run --provider weather -- true')).toMatchObject({
    code: 2,
    stderr: expect.stringContaining('--as') as string,
  });
  expect(await run('keys run -- true')).toMatchObject({ code: 2 });
});

test.each(['SIGTERM', 'SIGINT'] as const)(
  '%s reaches the program, whose exit code counts',
  async (signal) => {
    const waits = `process.on('${signal}', () => setTimeout(() => process.exit(43), 50)); setInterval(() => 0, 1000); console.log('ready')`;
    const child = spawn(
      node,
      [path.join(root, 'bin/subctl.js'), 'keys', 'run', '--provider', 'fal', '--', ...script(waits)],
      {
        env: { PATH: process.env['PATH'], ...env },
        stdio: ['ignore', 'pipe', 'inherit'],
      },
    );
    await once(child.stdout, 'data');
    child.kill(signal);
    expect(await once(child, 'exit')).toEqual([43, null]);
  },
);

test('each key that is given is audited with who ran what, without the value', async () => {
  await run('keys run --provider openai --actor grace --reason nightly --dry-run -- true');
  await subctl(['keys', 'run', '--provider', 'openai', '--actor', 'grace', '--', ...script('0')]);
  const rows = await database.sql<{ action: string; asked: unknown; after: unknown }[]>`
    select c.action, c.asked, l.after from subctl.audit_log l join subctl.changes c on c.id = l.change_id where c.actor = 'grace'`;
  expect(rows).toEqual([
    {
      action: 'keys run',
      asked: { provider: ['openai'], program: node },
      after: { fetched_by: 'grace', ending: '…NTED' },
    },
  ]);
});
