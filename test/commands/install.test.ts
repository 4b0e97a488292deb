import { spawnSync } from 'node:child_process';
import { mkdirSync, readFileSync } from 'node:fs';
import path from 'node:path';
import { expect, it } from 'vitest';
import { root } from '../support/cli.ts';
import { removeFolder, temporaryFolder } from '../support/test-server.ts';

it('I1: the first way of README to install writes into the home folder alone, and subctl answers', () => {
  const section = /## Install\n([\s\S]*?)\n## /.exec(readFileSync(path.join(root, 'README.md'), 'utf8'))![1]!;
  const lines = [...section.matchAll(/^ {4}(\S.*)$/gm)].map(([, line]) => line!);
  const steps = lines.slice(1, lines.findIndex((line) => line.startsWith('subctl --help')) + 1); // the build is there
  expect(steps.length).toBe(3);
  const folder = temporaryFolder('subctl-install-');
  const home = path.join(folder, 'a home');
  mkdirSync(home);
  const env = {
    PATH: process.env['PATH'],
    HOME: home,
    npm_config_offline: 'true',
    npm_config_audit: 'false',
  };
  const { status, stdout, stderr } = spawnSync('bash', ['-e', '-c', steps.join('\n')], {
    cwd: root,
    env,
    encoding: 'utf8',
  });
  const where = spawnSync('bash', ['-c', 'test -L ~/.local/bin/subctl'], { env }).status;
  removeFolder(folder);
  expect(stderr).not.toMatch(/error/i);
  expect({ status, where }).toEqual({ status: 0, where: 0 });
  expect(stdout).toContain('subctl');
});
