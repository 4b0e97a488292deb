import { readdir, readFile } from 'node:fs/promises';
import os from 'node:os';
import { Failure } from '../../domain/failure.ts';
import { blockIn, withBlock } from '../render/cron.ts';
import { readIfThere, writeWhole } from './files.ts';
import { mustRun, runProgram } from './run-program.ts';
import type { Scheduler } from './scheduler.ts';

/** The system's crontab of subctl. */
const systemCrontab = '/etc/cron.d/subctl';

/** cron, by this account's own crontab or by a file for the whole host. */
export function crontabScheduler(scope: 'user' | 'system'): Scheduler {
  const place = scope === 'system' ? systemCrontab : `the crontab of ${os.userInfo().username}`;
  const read = async () => (scope === 'system' ? ((await readIfThere(systemCrontab)) ?? '') : readCrontab());
  return {
    state: stateOfCron,
    ready: () => Promise.resolve(),
    async installed() {
      const block = blockIn(await read());
      return new Map(block === undefined ? [] : [[place, block]]);
    },
    async compare([block]) {
      const before = await read();
      const after = withBlock(before, block?.text);
      return [{ place, before: before || undefined, after: after || undefined }];
    },
    async apply([change]) {
      if (!change || change.before === change.after) return [];
      if (scope === 'system') await writeWhole(systemCrontab, change.after);
      else if (change.after === undefined) await mustRun('crontab', ['-r']);
      else await mustRun('crontab', ['-'], change.after);
      const { running, about } = await stateOfCron();
      return running || change.after === undefined ? [] : [about];
    },
  };
}

/** This account's crontab; empty when it has none. */
async function readCrontab(): Promise<string> {
  const { code, stdout, stderr } = await runProgram('crontab', ['-l']);
  if (code === 0) return stdout;
  if (/no crontab for/.test(stderr)) return '';
  throw new Failure('unavailable', `crontab -l ended with ${code}: ${stderr.trim()}`);
}

/** Whether a cron is at work: a process of one of its names. Where there is no /proc that cannot be seen. */
async function stateOfCron(): Promise<{ running: boolean; about: string }> {
  const pids = (await readdir('/proc').catch(() => [])).filter((name) => /^\d+$/.test(name));
  const names = await Promise.all(pids.map((pid) => readFile(`/proc/${pid}/comm`, 'utf8').catch(() => '')));
  const found = names.map((name) => name.trim()).find((name) => /^(cron|crond|fcron)$/.test(name));
  if (found) return { running: true, about: `${found} is running` };
  if (pids.length === 0)
    return { running: false, about: 'Whether cron is running cannot be seen on this host' };
  return { running: false, about: 'No cron is running on this host, so nothing starts the lines' };
}
