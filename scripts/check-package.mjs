// Packs subctl as npm would publish it and has publint and "Are the types wrong?" look at it. Needs a network, so no test runs it: the release
// workflow does, and whoever changes `exports`. Versions are exact, so that a new rule of theirs is a choice.
import { execFileSync, spawnSync } from 'node:child_process';
import { mkdtempSync, readdirSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import path from 'node:path';

const root = path.dirname(import.meta.dirname);
const folder = mkdtempSync(path.join(tmpdir(), 'subctl-package-'));
const shell = process.platform === 'win32';
try {
  execFileSync('npm', ['pack', '--silent', '--pack-destination', folder], {
    cwd: root,
    shell,
    stdio: 'ignore',
  });
  const packed = path.join(folder, readdirSync(folder)[0]);
  const checks = [
    ['publint@0.3.25', 'run', packed, '--strict'],
    // node10 knows no `exports`, so it cannot find subctl/library; TypeScript has deprecated it
    ['@arethetypeswrong/cli@0.18.5', packed, '--profile', 'node16'],
  ];
  for (const check of checks) {
    const { status } = spawnSync('npx', ['--yes', ...check], { stdio: 'inherit', shell });
    if (status !== 0) process.exitCode = 1;
  }
} finally {
  rmSync(folder, { recursive: true, force: true });
}
