import os from 'node:os';
import { parseDuration } from '../domain/durations.ts';
import { Failure } from '../domain/failure.ts';
import { nearest } from '../domain/nearest.ts';
import { type SettingKey, type SettingSpec, settingSpecs } from './keys.ts';
import { type NotificationSettings, readNotificationSettings } from './notification-settings.ts';
import { type PingSetting, pingsOfVariables } from './ping-settings.ts';
import { defaultHome, resolvePath } from './paths.ts';
import { type Found, type Source, readDotenv, readYamlSettings, variablesSource } from './sources.ts';
import type { Environment } from './environment.ts';
import { type TimetableSetting, timetableOfVariables } from './timetable-settings.ts';

/** A setting as `config show` shows it: `value` is what may be seen of it, `source` is where it came from. */
export interface ShownSetting {
  key: string;
  value: string | undefined;
  source: string;
  about: string;
}

/** What the program was told, from wherever. */
export interface Settings {
  /** for `openDatabase` */
  database: {
    url: string | undefined;
    /** where the URL came from */
    urlSource: string | undefined;
    pin: 'external' | 'embedded' | undefined;
    pinSource: string | undefined;
    home: string;
    account: string | undefined;
  };
  /** who acts, for the audit */
  actor: string;
  /** USD for one token of HuggingFace, as written */
  huggingface: { inputTokenCost: string | undefined; outputTokenCost: string | undefined };
  /** for `openStripe`; the command that needs one says so when it is missing */
  stripe: {
    secretKey: string | undefined;
    /** any of them may have signed a webhook: two while the secret is rotated */
    webhookSecrets: readonly string[];
    apiUrl: string | undefined;
    returnUrl: string | undefined;
  };
  /** where the master key of the provider keys comes from; read when a command needs it */
  masterKey: MasterKeySettings;
  /** read when notices are sent; Failure config for half a setting */
  notifications: () => NotificationSettings;
  /** what is said about the timetable, what wins first: for effectiveTimetable */
  timetable: readonly TimetableSetting[];
  /** where the runs of tasks are reported, what wins first: for pingUrlsOf */
  pings: readonly PingSetting[];
  /** how long a run that says nothing keeps others from its task, in milliseconds; two minutes unless said */
  leaseMs: number | undefined;
  shown: readonly ShownSetting[];
}

/** Where the master key comes from, as it was given: at most one of the three is used. */
export interface MasterKeySettings {
  text: string | undefined;
  file: string | undefined;
  command: string | undefined;
  /** where the command was named: it is run only for the environment */
  commandSource: string | undefined;
  /** the folder of the embedded database, which may not hold the key that protects it */
  home: string;
}

export interface SettingsRequest {
  env: Environment;
  cwd: string;
  /** the file in place of subctl.yaml */
  config?: string | undefined;
  /** what flags of the command say, by key; they win over everything */
  flags?: Partial<Record<SettingKey, string>>;
}

/**
 * Reads the settings: flag, environment, `.env` and subctl.yaml of the working folder, default; the first that has a value gives it,
 * and an empty variable says that there is none.
 * @throws Failure config for an unknown key or value, a file that cannot be read, or a secret given twice
 */
export async function readSettings({ env, cwd, config, flags = {} }: SettingsRequest): Promise<Settings> {
  const dotenv = readDotenv(cwd) ?? {};
  const yaml = await readYamlSettings(cwd, config ?? (env['SUBCTL_CONFIG'] || undefined));
  const sources: Source[] = [
    flagSource(flags, cwd),
    variablesSource(env, cwd),
    variablesSource(dotenv, cwd, ' in .env'),
    yaml.source,
  ];
  const found = {} as Record<SettingKey, Found | undefined>;
  for (const spec of settingSpecs) found[spec.key] = find(spec, sources, env);
  const said = (key: SettingKey) => found[key]?.value || undefined;
  const orDefault = (key: SettingKey, value: () => string): Found => {
    const given = found[key];
    return given?.value ? given : { value: value(), source: 'default', folder: cwd };
  };
  const home = orDefault('home', () => defaultHome(env));
  const actor = orDefault('actor', systemUser);
  const all = { ...found, home, actor };
  return {
    database: {
      url: said('database_url'),
      urlSource: found.database_url?.source,
      pin: said('database') as 'external' | 'embedded' | undefined,
      pinSource: found.database?.source,
      home: home.value,
      account: said('pg_user'),
    },
    actor: actor.value,
    huggingface: {
      inputTokenCost: said('huggingface_input_token_cost'),
      outputTokenCost: said('huggingface_output_token_cost'),
    },
    stripe: {
      secretKey: said('stripe_secret_key'),
      webhookSecrets: (said('stripe_webhook_secret') ?? '').split(/[\s,]+/).filter(Boolean),
      apiUrl: said('stripe_api_url'),
      returnUrl: said('stripe_return_url'),
    },
    masterKey: {
      text: said('master_key'),
      file: said('master_key_file'),
      command: said('master_key_command'),
      commandSource: found.master_key_command?.source,
      home: home.value,
    },
    notifications: () => readNotificationSettings(said),
    timetable: [...timetableOfVariables(env), ...timetableOfVariables(dotenv, ' in .env'), ...yaml.timetable],
    pings: [...pingsOfVariables(env, cwd), ...pingsOfVariables(dotenv, cwd, ' in .env'), ...yaml.pings],
    leaseMs: found.lease?.value ? readLease(found.lease) : undefined,
    shown: settingSpecs.map((spec) => show(spec, all[spec.key])),
  };
}

function readLease({ value, source }: Found): number {
  const seconds = inConfig(() => parseDuration(value, `setting lease (${source})`));
  if (seconds <= 3_600) return seconds * 1_000;
  throw new Failure('config', `The setting lease is ${value} (${source}), and an hour is the most`, {
    hint: 'a run that is killed keeps others from its task for that long',
  });
}

function inConfig<T>(read: () => T): T {
  try {
    return read();
  } catch (cause) {
    if (!(cause instanceof Failure)) throw cause;
    throw new Failure('config', cause.message, { hint: cause.hint, cause });
  }
}

function systemUser(): string {
  try {
    return os.userInfo().username;
  } catch {
    return `uid-${process.getuid?.() ?? 'unknown'}`;
  }
}

function find(spec: SettingSpec, sources: readonly Source[], env: Environment): Found | undefined {
  for (const source of sources) {
    const found = source(spec);
    if (!found) continue;
    if (found.value === '') return found;
    if (spec.choices && !spec.choices.includes(found.value)) throw notAChoice(spec, found);
    return spec.path ? { ...found, value: resolvePath(found.value, found.folder, env) } : found;
  }
  return undefined;
}

function flagSource(flags: Partial<Record<string, string>>, folder: string): Source {
  return ({ key }) => {
    const value = flags[key];
    return value === undefined ? undefined : { value, source: `--${key.replaceAll('_', '-')}`, folder };
  };
}

function show({ key, about, secret }: SettingSpec, found: Found | undefined): ShownSetting {
  if (!found?.value)
    return { key, value: undefined, source: found ? `not set (${found.source})` : 'not set', about };
  return { key, value: secret ? secret.show(found.value) : found.value, source: found.source, about };
}

function notAChoice({ key, choices = [] }: SettingSpec, { value, source }: Found): Failure {
  const near = nearest(value, choices);
  return new Failure(
    'config',
    `The setting ${key} is '${value}' (${source})${near ? `, did you mean ${near}?` : ''}`,
    {
      hint: `it may be ${choices.join(' or ')}`,
    },
  );
}
