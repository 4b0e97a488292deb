import os from 'node:os';
import path from 'node:path';
import { type SettingSpec, settingSpecs } from '../../config/keys.ts';
import { resolvePath } from '../../config/paths.ts';
import type { ShownSetting } from '../../config/settings.ts';
import type { SecretFile } from '../../scheduler/render/installation.ts';
import type { CommonInput, Context } from '../context.ts';
import { type ScheduleInput, scopeOf } from './schedule-input.ts';

/**
 * Returns the environment variables that the scheduler must set, since it does not inherit the current environment: settings that are
 * not secret, settings of the timetable, and files named by variables, as absolute paths.
 */
export function pinsOf(
  context: Context,
  shown: readonly ShownSetting[],
  timetable: readonly { source: string }[],
): Record<string, string> {
  const { common, cwd, env } = context;
  const file = (common as CommonInput).config ?? env['SUBCTL_CONFIG'];
  const pins = shown.flatMap(({ key, source }) => {
    const { variables, secret, path: isPath } = specOf(key);
    const value = env[source];
    if (!value || key === 'database' || key === 'home') return [];
    if (variables.some((name) => `${name}_FILE` === source)) return [[source, path.resolve(cwd, value)]];
    if (secret || !variables.includes(source)) return [];
    return [[source, isPath ? resolvePath(value, cwd, env) : value]];
  });
  const times = timetable.flatMap(({ source }) => (env[source] === undefined ? [] : [[source, env[source]]]));
  return {
    ...(file ? { SUBCTL_CONFIG: path.resolve(cwd, file) } : {}),
    ...(Object.fromEntries([...pins, ...times]) as Record<string, string>),
  };
}

/** Secrets set by a variable. They are written to separate files, never into a unit or a crontab. */
export function secretsOf(
  context: Context,
  input: ScheduleInput,
  shown: readonly ShownSetting[],
): SecretFile[] {
  const folder = secretFolder(context, input);
  return shown.flatMap(({ key, source }) => {
    const { secret, variables } = specOf(key);
    if (!secret || !variables.includes(source) || !context.env[source]) return [];
    const { join } = input.kind === 'windows' ? path.win32 : path.posix;
    return [{ variable: variables[0]!, file: join(folder, key.replaceAll('_', '-')) }];
  });
}

function secretFolder({ env }: Context, input: ScheduleInput): string {
  if (input.kind === 'windows') return '%ProgramData%\\subctl';
  if (scopeOf(input) === 'system') return '/etc/subctl';
  return path.join(
    env['XDG_CONFIG_HOME'] || path.join(env['HOME'] || os.userInfo().homedir, '.config'),
    'subctl',
  );
}

function specOf(key: string): SettingSpec {
  return settingSpecs.find((spec) => spec.key === key) ?? { key, variables: [], about: '' };
}
