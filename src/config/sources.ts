import { existsSync } from 'node:fs';
import path from 'node:path';
import { parseEnv } from 'node:util';
import { Failure } from '../domain/failure.ts';
import { decodeUtf8 } from '../domain/utf8.ts';
import type { SettingSpec } from './keys.ts';
import { type PingSetting, pingsOfYaml } from './ping-settings.ts';
import { readWholeSync } from './read-whole.ts';
import { type TimetableSetting, timetableOfYaml } from './timetable-settings.ts';
import type { Environment } from './environment.ts';

/** A value and where it came from: `DATABASE_URL`, `DATABASE_URL in .env`, `subctl.yaml`. An empty value hides those of later sources. */
export interface Found {
  value: string;
  source: string;
  /** where its relative paths start */
  folder: string;
}

export type Source = (spec: SettingSpec) => Found | undefined;

/** Variables of the environment or of `.env`; `suffix` tells them apart. `DATABASE_URL=` says that there is none, whatever `.env` says. */
export function variablesSource(env: Environment, folder: string, suffix = ''): Source {
  return ({ variables, secret }) => {
    let empty: string | undefined;
    for (const name of variables) {
      const value = env[name];
      const file = secret && secret.file !== false ? env[`${name}_FILE`] : undefined;
      if (value && file) {
        throw new Failure('config', `Both ${name} and ${name}_FILE are set${suffix}`, {
          hint: 'set only one of them',
        });
      }
      if (value) return { value, source: name + suffix, folder };
      if (file) return { ...readSecret(path.resolve(folder, file), `${name}_FILE${suffix}`), folder };
      if (value === '') empty ??= name;
    }
    return empty === undefined ? undefined : { value: '', source: `${empty} is empty${suffix}`, folder };
  };
}

/** The variables in the file `.env` of `folder`; undefined when it is not there. */
export function readDotenv(folder: string): Environment | undefined {
  const text = readIfThere(path.join(folder, '.env'));
  return text === undefined ? undefined : parseEnv(text);
}

/** What a settings file says. */
export interface YamlSettings {
  source: Source;
  timetable: TimetableSetting[];
  pings: PingSetting[];
}

/**
 * The settings in a YAML file: `file` if it is given, which must then be there, else subctl.yaml in `folder`.
 * @throws Failure config for a key that is not known (naming the nearest), a value that is no text, and what is not YAML
 */
export async function readYamlSettings(folder: string, file: string | undefined): Promise<YamlSettings> {
  const full = path.resolve(folder, file ?? 'subctl.yaml');
  const text = readIfThere(full);
  if (text === undefined) {
    if (file === undefined) return { source: () => undefined, timetable: [], pings: [] };
    throw new Failure('config', `There is no settings file ${full}`, {
      hint: 'see: subctl config show --help',
    });
  }
  const { parseSettings } = await import('./yaml-file.ts');
  const { timetable, pings, ...values } = parseSettings(text, full);
  const source = file ?? 'subctl.yaml';
  const valueOf = (key: string) => values[key] as string | null | undefined;
  return {
    source: ({ key }) => {
      const value = valueOf(key);
      return value ? { value, source, folder: path.dirname(full) } : undefined;
    },
    timetable: timetableOfYaml(timetable, { file: full, source }),
    pings: pingsOfYaml(pings, { file: full, source }),
  };
}

function readSecret(file: string, variable: string) {
  try {
    const value = decodeUtf8(readWholeSync(file), 'it').trim();
    if (value) return { value, source: variable };
  } catch (cause) {
    throw new Failure(
      'config',
      `The file ${file} that ${variable} names cannot be read: ${(cause as Error).message}`,
      { cause },
    );
  }
  throw new Failure('config', `The file ${file} that ${variable} names is empty`);
}

function readIfThere(file: string): string | undefined {
  if (!existsSync(file)) return undefined;
  try {
    return decodeUtf8(readWholeSync(file), 'it');
  } catch (cause) {
    throw new Failure('config', `The settings file ${file} cannot be read: ${(cause as Error).message}`, {
      cause,
    });
  }
}
