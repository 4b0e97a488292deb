import { spawnSync } from 'node:child_process';
import { writeFileSync } from 'node:fs';
import path from 'node:path';
import { afterAll, describe, expect, test, vi } from 'vitest';
import { embeddedAddress } from '../../src/database/embedded/open.ts';
import { embeddedPaths } from '../../src/database/embedded/embedded-paths.ts';
import { startServer } from '../../src/database/embedded/start.ts';
import { stopServer } from '../../src/database/embedded/stop.ts';
import { formatDatabaseUrl, withDatabase } from '../../src/database/url.ts';
import { parseDatabaseUrl } from '../../src/database/address.ts';
import { root, subctl } from '../support/cli.ts';
import { removeFolder, temporaryFolder } from '../support/test-server.ts';
import { openCutter } from './cutter.ts';
import { faultsIn } from './faults.ts';
import { type CutRow, type FaultRow, faultsPage } from './page.ts';
import { type Ended, calmRuns, environment, saidIn, seatOf } from './play.ts';
import { commands, makeWorld, wordsOf } from './world.ts';

vi.setConfig({ testTimeout: 600_000, hookTimeout: 600_000 });
const isLong = process.env['SUBCTL_LONG'] !== undefined;
const isLinux = process.platform === 'linux'; // the server's processes are found in /proc
const cwd = temporaryFolder('subctl-faults-');
afterAll(() => removeFolder(cwd));

const world = isLinux ? await makeWorld(cwd) : undefined;
const calm = world ? await calmRuns(world) : new Map<string, unknown>();
const [faultRows, cutRows]: [FaultRow[], CutRow[]] = [[], []];

/** Each starts a process of its own, and is played with a command of each way of writing. */
const ofProcesses = /session|killed|SIGTERM|SIGKILL/;
const few = ['customers add', 'usage record', 'usage import', 'reset-credits'];

test.skipIf(!isLinux)('a hot standby takes no write, and answers', async () => {
  const url = await world!.copy();
  await stopServer(world!.place);
  const home = path.join(path.dirname(world!.place.home), 'standby');
  // first of all, while there are few databases; with their owner
  expect(spawnSync('cp', ['-a', world!.place.home, home]).status).toBe(0);
  await startServer(world!.place);
  const standby = { ...embeddedPaths(home), programs: world!.place.programs };
  writeFileSync(path.join(standby.data, 'standby.signal'), '');
  await startServer(standby);
  const server = formatDatabaseUrl(embeddedAddress(standby), { showPassword: true });
  const env = environment(withDatabase(server, parseDatabaseUrl(url).database));
  for (const command of Object.keys(commands)) {
    const { code, stderr } = await subctl(wordsOf(command), { env, cwd });
    const ended: Ended = {
      exit: code,
      said: saidIn(stderr),
      state: 'nothing',
      again: { exit: 0, state: 'all' },
    };
    expectSound(ended, command);
    faultRows.push({ fault: 'the database is a hot standby (25006)', command, ended });
  }
  expect((await subctl(['plans', 'list'], { env })).code).toBe(0);
  await stopServer(standby);
});

/** Commands that take no --as-of do not look at the clock. */
const timeless = ['customers add', 'customers import'];
const isPlayed = (fault: string, command: string) =>
  (!ofProcesses.test(fault) || few.includes(command)) &&
  (!fault.includes('clock') || !timeless.includes(command));

describe.skipIf(!isLinux).each(Object.keys(commands))('%s', (command) => {
  test('each fault ends it with an exit code, a sentence, and all of its work or none', async () => {
    const seat = await seatOf(world!, { command, calm: calm.get(command) });
    for (const [fault, act] of Object.entries(faultsIn(world!)).filter(([name]) => isPlayed(name, command))) {
      const ended = await seat.play(act);
      expectSound(ended, command);
      faultRows.push({ fault, command, ended });
    }
    expect(await seat.finish()).toEqual({ exit: 0, state: 'all' });
  });

  test('the database is gone before a statement, or before its answer', async () => {
    const socket = embeddedAddress(world!.place);
    const cutter = await openCutter(path.join(socket.hosts[0]!, `.s.PGSQL.${socket.ports[0]}`));
    const seat = await seatOf(world!, { command, calm: calm.get(command) });
    const lost: CutRow['lost'] = { before: [], after: [] };
    // a command in parts does the same again for each of them, and leaves more to look at
    const isTried = (statement: number) => !commands[command]!.inParts || isLong || statement % 6 === 1;
    for (let [statement, isOver] = [1, false]; !isOver; statement += 1)
      for (const when of isTried(statement) ? (['before', 'after'] as const) : []) {
        const ended = await seat.play(({ url, words, env }) => {
          const way = {
            ...parseDatabaseUrl(url),
            hosts: ['127.0.0.1'],
            ports: [cutter.port],
            sslmode: 'disable' as const,
          };
          cutter.arm({ statement, when });
          return subctl(words, { env: env(formatDatabaseUrl(way, { showPassword: true })), cwd });
        });
        isOver ||= cutter.count() < statement;
        expectSound(ended, command);
        // what is lost of the goodbye harms nobody
        if (ended.exit !== 0) lost[when].push(ended);
      }
    await cutter.close();
    expect(lost.before.length, 'statements').toBeGreaterThan(1);
    cutRows.push({ command, lost });
    expect(await seat.finish()).toEqual({ exit: 0, state: 'all' });
  });
});

/** No bug, no stack, and what was not done whole is done by the same line again: a part stays only where a command works in parts. */
function expectSound({ exit, said, state, again }: Ended, command: string): void {
  const shown = JSON.stringify({ command, exit, said, state, again });
  expect.soft([null, 0, 2, 6, 8, 143], shown).toContain(exit);
  expect.soft(said !== '' || exit === 0 || exit === null, shown).toBe(true);
  if (state === 'a part') expect.soft(commands[command]!.inParts, shown).toBe(true);
  if (state !== 'all') expect.soft(again, shown).toEqual({ exit: 0, state: 'all' });
  else expect.soft([0, 8], shown).toContain(again.exit);
}

test.skipIf(!isLinux)(
  'docs/operations/faults.md says what was seen (npx vitest run test/faults -u)',
  async () => {
    await expect(faultsPage(faultRows, cutRows)).toMatchFileSnapshot(
      path.join(root, 'docs/operations/faults.md'),
    );
  },
);
