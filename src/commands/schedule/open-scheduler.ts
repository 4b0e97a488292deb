import os from 'node:os';
import path from 'node:path';
import type { Scheduler } from '../../scheduler/install/scheduler.ts';
import type { Context } from '../context.ts';
import { scopeOf, type Which } from './schedule-input.ts';

/** Opens a scheduler of this host. @throws Failure refused for windows on another system */
export async function openScheduler({ env }: Context, which: Which): Promise<Scheduler> {
  const scope = scopeOf(which);
  if (which.kind === 'windows')
    return (await import('../../scheduler/install/task-scheduler.ts')).taskScheduler();
  if (which.kind === 'cron')
    return (await import('../../scheduler/install/crontab.ts')).crontabScheduler(scope);
  const settings = env['XDG_CONFIG_HOME'] || path.join(env['HOME'] || os.userInfo().homedir, '.config');
  const folder = scope === 'system' ? '/etc/systemd/system' : path.join(settings, 'systemd/user');
  return (await import('../../scheduler/install/systemd.ts')).systemdScheduler(scope, folder);
}
