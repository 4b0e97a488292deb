import { type ChildProcess, execFileSync, spawn } from 'node:child_process';
import { existsSync, mkdirSync, writeFileSync } from 'node:fs';
import path from 'node:path';
import { afterAll } from 'vitest';
import { type CliResult, root } from './cli.ts';
import { removeFolder, temporaryFolder } from './test-server.ts';

const spool = '/var/spool/cron/crontabs';

/**
 * The real crontab and cron of the host, with folders of their own in place of the spool, /etc/cron.d and /run: nothing of the host's is
 * seen or changed. Processes of a mount namespace only; nothing is booted.
 */
export interface PrivateCron {
  folder: string;
  /** runs the built program where that crontab is the crontab */
  say(line: readonly string[], env: Record<string, string>): Promise<CliResult>;
  /** runs a line of sh there, as root, with nothing of the environment */
  sh(line: string): string;
  /** starts cron in the foreground */
  startCron(): ChildProcess;
}

/** Whether this host has what it takes: root, cron, and mount namespaces. */
export const hasPrivateCron =
  process.getuid?.() === 0 &&
  existsSync(spool) &&
  existsSync('/usr/bin/crontab') &&
  existsSync('/usr/sbin/cron') &&
  canUnshare();

export function privateCron(): PrivateCron {
  const folder = temporaryFolder('subctl-cron-');
  for (const name of ['spool', 'cron.d', 'run', 'home']) mkdirSync(path.join(folder, name));
  writeFileSync(path.join(folder, 'empty'), '');
  const running: ChildProcess[] = [];
  afterAll(() => {
    for (const child of running) child.kill('SIGKILL');
    removeFolder(folder);
  });
  const mounts = [
    `mount --bind '${folder}/spool' ${spool}`,
    `chown root:crontab ${spool}`,
    `chmod 1730 ${spool}`,
    `mount --bind '${folder}/cron.d' /etc/cron.d`,
    // lines of the host's own tables are not the test's to run
    `mount --bind '${folder}/empty' /etc/crontab`,
    `mount --bind '${folder}/run' /run`,
  ];
  const inside = (words: readonly string[]) => [
    '--mount',
    'sh',
    '-ec',
    `${mounts.join('; ')}; exec "$@"`,
    'sh',
    ...words,
  ];
  const plain = {
    PATH: process.env['PATH'] ?? '',
    HOME: path.join(folder, 'home'),
    TZ: 'UTC',
    NO_COLOR: '1',
  };
  return {
    folder,
    sh: (line) => execFileSync('unshare', inside(['sh', '-c', line]), { env: plain, encoding: 'utf8' }),
    say(line, env) {
      const program = [process.execPath, path.join(root, 'bin/subctl.js'), ...line];
      const child = spawn('unshare', inside(program), { env: { ...plain, ...env }, cwd: '/' });
      const said = { stdout: '', stderr: '' };
      child.stdout.setEncoding('utf8').on('data', (text: string) => (said.stdout += text));
      child.stderr.setEncoding('utf8').on('data', (text: string) => (said.stderr += text));
      child.stdin.end();
      return new Promise((resolve, reject) => {
        child.once('error', reject).once('close', (code) => resolve({ code: code ?? -1, ...said }));
      });
    },
    startCron() {
      const child = spawn('unshare', inside(['/usr/sbin/cron', '-f']), { env: plain, stdio: 'ignore' });
      running.push(child);
      return child;
    },
  };
}

function canUnshare(): boolean {
  try {
    execFileSync('unshare', ['--mount', 'mount', '--bind', '/etc', '/etc'], { stdio: 'ignore' });
    return true;
  } catch {
    return false;
  }
}
