import { describe, expect, it } from 'vitest';
import {
  permanentPathOf,
  missingOf,
  pathsStartedBy,
  refuseTemporaryPath,
} from '../../src/commands/schedule/permanent-paths.ts';
import { sentencesOf } from '../../src/commands/schedule/status-of.ts';
import { artefacts } from '../../src/scheduler/render/artefacts.ts';

const node = '/usr/bin/node';
const script = '/usr/lib/node_modules/subctl/bin/subctl.js';
const temporary = ['/tmp', 'C:\\Users\\ann\\AppData\\Local\\Temp'];

describe('P9: what is installed must start for months', () => {
  it.each([
    ['/home/a/.npm/_npx/5f2c/node_modules/subctl/bin/subctl.js', "npx's cache"],
    [
      'C:\\Users\\a\\AppData\\Local\\npm-cache\\_npx\\5f\\node_modules\\subctl\\bin\\subctl.js',
      "npx's cache",
    ],
    ['/a/.yarn/cache/subctl-npm-0.1.0.zip/node_modules/subctl/bin/subctl.js', 'Yarn archive'],
    ['/home/a/.cache/pnpm/dlx/abc/node_modules/subctl/bin/subctl.js', 'pnpm dlx'],
    ['/home/a/.local/share/pnpm/dlx-8121/node_modules/subctl/bin/subctl.js', 'pnpm dlx'],
    ['/tmp/bunx-0-subctl@latest/node_modules/subctl/bin/subctl.js', 'bunx'],
    ['/tmp/x/node_modules/subctl/bin/subctl.js', 'temporary folder'],
    ['C:\\Users\\ann\\AppData\\Local\\Temp\\x\\node_modules\\subctl\\bin\\subctl.js', 'temporary folder'],
  ])('%s is refused', (file, reason) => {
    const lasting = permanentPathOf([node, file], temporary);
    expect(lasting.refused).toContain(reason);
    expect(() => refuseTemporaryPath(lasting)).toThrow(file);
  });

  it.each([
    ['/home/a/.nvm/versions/node/v22.1.0/bin/node', 'nvm'],
    ['/home/a/.local/share/fnm/node-versions/v22.1.0/installation/bin/node', 'fnm'],
    ['/home/a/.volta/tools/image/node/22.1.0/bin/node', 'Volta'],
    ['/home/a/.asdf/installs/nodejs/22.1.0/bin/node', 'asdf'],
    ['/home/a/.local/share/mise/installs/node/22.1.0/bin/node', 'mise'],
    ['/opt/homebrew/Cellar/node/22.1.0/bin/node', 'Homebrew'],
    ['/tmp/clone/bin/node', 'temporary folder'],
  ])('%s is warned of, and installed', (file, reason) => {
    const lasting = permanentPathOf([file, script], temporary);
    expect(lasting.warnings).toEqual([expect.stringContaining(reason)]);
    expect(() => refuseTemporaryPath(lasting)).not.toThrow();
  });

  it.each([
    [node, script],
    ['/home/a/.local/bin/subctl'],
    ['C:\\Program Files\\nodejs\\node.exe'],
    ['/tmpfiles/node'],
  ])('%s is fine', (...program) => {
    expect(permanentPathOf(program, temporary)).toEqual({ warnings: [] });
  });
});

describe('P9: schedule status says what cannot start', () => {
  it('finds the files that crontabs, units and the batch file start', () => {
    const { systemd, 'windows-tasks': windows } = artefacts();
    const startedBy = (name: string) =>
      pathsStartedBy([...systemd, ...windows].find((one) => one.name === name)!.text);
    expect(startedBy('subctl.crontab')).toEqual(['/usr/bin/timeout', '/usr/bin/subctl']);
    expect(startedBy('subctl@.service')).toEqual(['/usr/bin/subctl']);
    expect(startedBy('subctl-daemon.service')).toEqual(['/usr/bin/subctl']);
    expect(startedBy('subctl-task.cmd')).toEqual([
      'C:\\Program Files\\nodejs\\node.exe',
      'C:\\Program Files\\subctl\\node_modules\\subctl\\bin\\subctl.js',
    ]);
    expect(
      pathsStartedBy(
        `* * * * * A=/x cd '/a b' && /n/node '/it'\\''s/subctl.js' run-due >>/l 2>&1 || [ $? -eq 8 ]`,
      ),
    ).toEqual(['/a b', '/n/node', "/it's/subctl.js"]);
    expect(pathsStartedBy('ExecStart="/a b/node" /x/100%%/subctl.js %i')).toEqual([
      '/a b/node',
      '/x/100%/subctl.js',
    ]);
  });

  it('names those that are gone, with what to do', () => {
    const gone = '/nonexistent/subctl.js';
    const missing = missingOf([`0 0 * * * ${process.execPath} ${gone} prune >/dev/null || [ $? -eq 8 ]`]);
    expect(missing).toEqual([gone]);
    const row = { kind: 'cron', scope: 'user', state: 'installed', running: true, about: '' } as const;
    const none = { next_at: null, next_task: null, made_by: null, differs: [] };
    expect(sentencesOf({ ...row, ...none, missing })).toEqual([
      `cron (user) starts missing files (${gone}): install the program again, then run subctl schedule install cron --user`,
    ]);
    expect(sentencesOf({ ...row, ...none, missing: [] })).toEqual([]);
  });
});
