import { existsSync, readFileSync } from 'node:fs';
import path from 'node:path';
import { parseEnv } from 'node:util';
import { Failure } from '../domain/failure.ts';
import { nearest } from '../domain/nearest.ts';
import { type SettingSpec, settingSpecs } from './keys.ts';

export type Environment = Record<string, string | undefined>;

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
      const file = secret ? env[`${name}_FILE`] : undefined;
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

/** The variables in the file `.env` of `folder`, if it is there. */
export function dotenvSource(folder: string): Source {
  const file = path.join(folder, '.env');
  const text = readIfThere(file);
  return text === undefined ? () => undefined : variablesSource(parseEnv(text), folder, ' in .env');
}

/**
 * The settings in a YAML file: `file` if it is given, which must then be there, else subctl.yaml in `folder`.
 * @throws Failure config for a key that is not known (naming the nearest), a value that is no text, and what is not YAML
 */
export async function yamlSource(folder: string, file: string | undefined): Promise<Source> {
  const full = path.resolve(folder, file ?? 'subctl.yaml');
  const text = readIfThere(full);
  if (text === undefined) {
    if (file === undefined) return () => undefined;
    throw new Failure('config', `There is no settings file ${full}`, {
      hint: 'see: subctl config show --help',
    });
  }
  const values = await readYaml(text, full);
  const source = file ?? 'subctl.yaml';
  return ({ key }) => (values[key] ? { value: values[key], source, folder: path.dirname(full) } : undefined);
}

async function readYaml(text: string, file: string): Promise<Record<string, string>> {
  const { parse } = await import('yaml');
  let found: unknown;
  try {
    found = parse(text) ?? {};
  } catch (error) {
    throw new Failure('config', `${file} is not YAML: ${(error as Error).message.split('\n')[0]}`, {
      cause: error,
    });
  }
  const known = settingSpecs.map(({ key }) => key as string);
  const hint = `settings: ${known.join(', ')}`;
  if (typeof found !== 'object' || Array.isArray(found))
    throw new Failure('config', `${file} is not a list of settings, key: value`, { hint });
  for (const [key, value] of Object.entries(found as object)) {
    const near = nearest(key, known);
    if (!known.includes(key))
      throw new Failure(
        'config',
        `${file} has a setting '${key}' that is not known${near ? `, did you mean ${near}?` : ''}`,
        { hint },
      );
    const spec = settingSpecs.find((one) => one.key === key)!;
    if ('environmentOnly' in spec)
      throw new Failure('config', `${file} holds the setting ${key}, which is a secret`, {
        hint: `take it out, and set ${spec.variables[0]} or ${spec.variables[0]}_FILE`,
      });
    if (value !== null && typeof value !== 'string')
      throw new Failure('config', `The setting ${key} in ${file} is not text`, { hint: 'put it in quotes' });
  }
  return found as Record<string, string>;
}

function readSecret(file: string, variable: string) {
  try {
    const value = readFileSync(file, 'utf8').trim();
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
    return readFileSync(file, 'utf8');
  } catch (cause) {
    throw new Failure('config', `The settings file ${file} cannot be read: ${(cause as Error).message}`, {
      cause,
    });
  }
}
