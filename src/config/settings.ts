import os from 'node:os';
import { parseDuration } from '../domain/durations.ts';
import { Failure } from '../domain/failure.ts';
import { nearest } from '../domain/nearest.ts';
import { type SettingKey, type SettingSpec, settingSpecs } from './keys.ts';
import { type NoticeSettings, readNoticeSettings } from './notice-settings.ts';
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
  notices: () => NoticeSettings;
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
  const home = found.home?.value ? found.home : { value: defaultHome(env), source: 'default', folder: cwd };
  const actor = found.actor?.value ? found.actor : { value: systemUser(), source: 'default', folder: cwd };
  const all = { ...found, home, actor };
  return {
    database: {
      url: found.database_url?.value || undefined,
      urlSource: found.database_url?.source,
      pin: (found.database?.value || undefined) as 'external' | 'embedded' | undefined,
      pinSource: found.database?.source,
      home: home.value,
      account: found.pg_user?.value || undefined,
    },
    actor: actor.value,
    huggingface: {
      inputTokenCost: found.huggingface_input_token_cost?.value || undefined,
      outputTokenCost: found.huggingface_output_token_cost?.value || undefined,
    },
    stripe: {
      secretKey: found.stripe_secret_key?.value || undefined,
      webhookSecrets: (found.stripe_webhook_secret?.value ?? '').split(/[\s,]+/).filter(Boolean),
      apiUrl: found.stripe_api_url?.value || undefined,
      returnUrl: found.stripe_return_url?.value || undefined,
    },
    masterKey: {
      text: found.master_key?.value || undefined,
      file: found.master_key_file?.value || undefined,
      command: found.master_key_command?.value || undefined,
      commandSource: found.master_key_command?.source,
      home: home.value,
    },
    notices: () => readNoticeSettings((key) => found[key]?.value || undefined),
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
