import path from 'node:path';
import { afterAll, beforeAll, describe, expect, test } from 'vitest';
import { embeddedPaths } from '../../src/database/embedded/embedded-paths.ts';
import { stopServer } from '../../src/database/embedded/stop.ts';
import { subctl } from '../support/cli.ts';
import { commands } from '../support/commands.ts';
import { testDatabase } from '../support/database.ts';
import { newHome } from '../support/embedded.ts';
import { wordsOf } from '../support/session.ts';
import { removeFolder, temporaryFolder } from '../support/test-server.ts';
import {
  before,
  fill,
  keyEnvironment,
  notRun,
  rightAnswers,
  startShop,
  writeFiles,
} from './examples-world.ts';

const stripe = await startShop();
const world = await testDatabase({ empty: true });
const empty = await testDatabase({ empty: true });
const folder = temporaryFolder('subctl-examples-');
const cwd = path.join(folder, 'work');
const { home } = await newHome();

beforeAll(async () => {
  writeFiles(cwd);
  await fill(world.sql, { env: world.env, cwd });
});

afterAll(async () => {
  await stopServer(embeddedPaths(path.join(home, 'demo')));
  for (const restored of ['restored', 'again']) await stopServer(embeddedPaths(path.join(cwd, restored)));
  removeFolder(folder);
});

const examples = commands
  .filter(({ path: command }) => !notRun[command])
  .flatMap(({ path: command, examples }) => examples.map(([line]) => [command, line] as const));

describe('every example of every help page can be typed, in the order of the list', () => {
  test.each(examples)('%s: %s', async (command, line) => {
    const { words, variables } = wordsOf(line.replace(/ > \S+$/, ''));
    const typed = words.slice(1);
    if (command === 'customers add') typed[2] = `new-${typed[2]}`;
    const env = { ...environmentFor(command), ...variables };
    const first = Object.entries(before).find(([start]) => typed.join(' ').startsWith(start))?.[1] ?? [];
    for (const each of first) {
      const done = await subctl(wordsOf(each).words, { env, cwd });
      expect([0, 4, 8], `${each}: ${done.stderr}`).toContain(done.code);
    }

    const { code, stdout, stderr } = await subctl(typed, { env, cwd });
    expect(rightAnswers[command] ?? [0], `${stderr}${stdout}`).toContain(code);
    if (code !== 8 && typed.includes('--json')) expect(() => JSON.parse(stdout) as unknown).not.toThrow();
  });
});

function environmentFor(command: string): Record<string, string> {
  if (/^db (backup|verify|restore)/.test(command)) return world.env;
  if (/^(db|demo)( |$)/.test(command)) return { SUBCTL_HOME: home };
  if (command.startsWith('keys ')) return { ...world.env, ...keyEnvironment };
  if (/^(stripe|invoices charge)/.test(command)) return { ...world.env, ...stripe.env };
  if (command === 'completion install') return { ...world.env, HOME: home, SHELL: '/bin/bash' };
  return command === 'setup' ? empty.env : world.env;
}

test('what is not run is still a command', () => {
  expect(
    Object.keys(notRun).filter((command) => !commands.some(({ path: each }) => each === command)),
  ).toEqual([]);
});
