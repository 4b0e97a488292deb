import os from 'node:os';
import path from 'node:path';
import type { Scheduler } from '../../schedulers/scheduler.ts';
import type { Context } from '../context.ts';
import { scopeOf, type Which } from './schedule-input.ts';

/** The scheduler of this host that was asked for. @throws Failure refused for Windows elsewhere */
export async function openScheduler({ env }: Context, which: Which): Promise<Scheduler> {
  const scope = scopeOf(which);
  if (which.kind === 'windows') return (await import('../../schedulers/task-scheduler.ts')).taskScheduler();
  if (which.kind === 'cron') return (await import('../../schedulers/crontab.ts')).crontabScheduler(scope);
  const settings = env['XDG_CONFIG_HOME'] || path.join(env['HOME'] || os.userInfo().homedir, '.config');
  const folder = scope === 'system' ? '/etc/systemd/system' : path.join(settings, 'systemd/user');
  return (await import('../../schedulers/systemd.ts')).systemdScheduler(scope, folder);
}
