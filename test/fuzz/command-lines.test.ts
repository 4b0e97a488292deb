import { mkdirSync } from 'node:fs';
import path from 'node:path';
import fc from 'fast-check';
import { afterAll, beforeAll, expect, test, vi } from 'vitest';
import { fill, keyEnvironment, startShop, writeFiles } from '../commands/examples-world.ts';
import { type CliResult, subctl } from '../support/cli.ts';
import { commands } from '../support/commands.ts';
import { testDatabase } from '../support/database.ts';
import { removeFolder, temporaryFolder } from '../support/test-server.ts';
import { fingerprinter } from './fingerprint.ts';
import { inputs, patience, runs } from './inputs.ts';
import { commandLines } from './lines.ts';
import { nasty } from './nasty.ts';

vi.setConfig({ testTimeout: patience });
const share = 0.6;

/** Commands that are not typed here, each with its reason; what they are given is read by the same readers. */
const apart: Record<string, string> = {
  daemon: 'runs until it is told to stop',
  serve: 'runs until it is told to stop',
  demo: 'starts a server of its own',
  'db start': 'starts a server of its own',
  'db stop': 'stops it',
  'db shell': 'gives the terminal to psql',
  'db restore': 'makes databases beside this one; archives.test.ts has damaged ones',
  'db move': 'takes the database away from the other lines',
  'schedule install': 'writes the timetable of this host',
  'schedule uninstall': 'writes the timetable of this host',
  'keys run': 'starts any program',
  'keys test': 'asks a provider over the network',
  'roles grant': 'roles belong to the whole server',
  'roles revoke': 'roles belong to the whole server',
};

const shop = await startShop();
const { sql, env: bare } = await testDatabase({ empty: true });
const env = { ...bare, ...shop.env, ...keyEnvironment };
const folder = temporaryFolder('subctl-fuzz-');
const cwd = path.join(folder, 'a/b/work');
beforeAll(async () => {
  writeFiles(cwd);
  mkdirSync(path.join(cwd, 'folder'));
  await fill(sql, { env, cwd });
  for (const line of [
    'discounts create SPRING --percent 10',
    'tokens create web --scope check',
    'members add acme bob',
  ])
    expect(await subctl(line.split(' '), { env, cwd }), line).toMatchObject({ code: 0 });
});
afterAll(() => removeFolder(folder));

/** One error: its sentence on one line and at most one hint, or with --json one object; what may stand before are notes of the work. */
function expectOneSentence({ stderr, stdout }: CliResult): void {
  const lines = stderr.split('\n').slice(0, -1);
  const at = lines.findIndex((line) => /^(error: |\{"error":)/.test(line));
  if (at < 0) return;
  expect(stdout, 'a refusal has no result').toBe('');
  const [error, ...more] = lines.slice(at) as [string, ...string[]];
  if (error.startsWith('{')) expect(JSON.parse(error)).toMatchObject({ error: { message: /./ } });
  expect(
    more.filter((line) => !/^(hint: |Nothing of )/.test(line)),
    stderr,
  ).toEqual([]);
  expect(more.length).toBeLessThanOrEqual(1);
}

/** Controls that a terminal would obey, on either stream; what is written as JSON or to a file is another matter. */
// eslint-disable-next-line no-control-regex
const controls = /[\u0000-\u0008\u000b\u000c\u000e-\u001f\u007f-\u009f\u202a-\u202e\u2066-\u2069]/;

const exitsOf = (words: readonly string[]): number[] => {
  const found = [words.slice(0, 2).join(' '), words[0]].map((name) =>
    commands.find((spec) => spec.path === name),
  );
  const spec = found[0] ?? found[1];
  return [0, 2, 5, 6, ...(spec?.exits ?? [])];
};

test(`whatever is typed, it is done or refused with one sentence, and what is refused has written nothing: ${inputs(share)} lines`, async () => {
  const fingerprint = await fingerprinter(sql);
  let before = await fingerprint();
  const specs = commands.filter(({ path: each }) => !apart[each]);
  await fc.assert(
    fc.asyncProperty(commandLines(specs), nasty, async (words, stdin) => {
      if (words[0] === 'setup' && words.some((word) => word.startsWith('--role'))) return; // roles of the whole server
      if (
        commands.some(
          ({ path: each }) => apart[each] !== undefined && `${words.join(' ')} `.startsWith(`${each} `),
        )
      )
        return;
      const done = await subctl(words, { env, cwd, stdin });
      const shown = `${JSON.stringify(words)}\n${done.stderr}`;
      expect(exitsOf(words), shown).toContain(done.code);
      expect(done.stderr, shown).not.toMatch(/This is a bug|^ {4}at |\.ts:\d+:\d+/m);
      expect(done.stderr, shown).not.toMatch(controls);
      expectOneSentence(done);
      const after = await fingerprint();
      const isRefused =
        /^(error: |\{"error":)/m.test(done.stderr) &&
        done.code !== 7 &&
        !done.stderr.includes('the change was made and only the output failed');
      // behind an option it may be that option's value
      const isRehearsed = words.some((word, at) => word === '--dry-run' && !words[at - 1]?.startsWith('-'));
      if (isRefused || isRehearsed) expect(after, shown).toBe(before);
      before = after;
    }),
    { ...runs(share), endOnFailure: true },
  );
});

test('each command that is not typed here exists', () => {
  expect(Object.keys(apart).filter((each) => !commands.some((spec) => spec.path === each))).toEqual([]);
});
