import type { Db } from '../database/connect.ts';
import { type KeyState, type ListedKey, type LookRequest, isUsable, listKeys } from './list-keys.ts';
import { findProvider, nameOf } from './providers.ts';

/** Whether a service can be used: for applications and the people in front of them. Never a value. */
export interface Service extends Record<string, unknown> {
  /** the provider; of a requirement that nothing meets, what is required: `ai` */
  service: string;
  name: string;
  available: boolean;
  state: KeyState | 'missing';
  required: boolean;
  /** uses that say no provider are of this one */
  default: boolean;
  expires_at: Date | null;
}

export interface KeyStatus extends Record<string, unknown> {
  /** every required service can be used */
  ready: boolean;
  /** what is required and cannot be used, in words */
  missing: string[];
  default_provider: string | null;
  default_model: string | null;
  services: Service[];
}

/** Which services can be used at `now`, and what of the required ones is missing. */
export async function keyStatus(db: Db, look: LookRequest): Promise<KeyStatus> {
  const [keys, settings] = [await listKeys(db, look), await findKeySettings(db)];
  const { required, provider, model } = settings;
  const found = [...new Set(keys.map((key) => key.provider))].map((id) =>
    serviceOf(id, { keys, required, provider }),
  );
  const unmet = required.filter((words) => !words.some((word) => isMet(word, keys)));
  const absent = unmet
    .filter(
      (words) =>
        !words.some((word) => found.some(({ service }) => meets(word, { provider: service, name: service }))),
    )
    .map((words) => words.join('|'))
    .map((service): Service => ({
      ...{ service, name: inWords([service]), available: false, state: 'missing' },
      ...{ required: true, default: false, expires_at: null },
    }));
  return {
    ready: unmet.length === 0,
    missing: unmet.map(inWords),
    default_provider: provider,
    default_model: model,
    services: [...found, ...absent],
  };
}

interface Known {
  keys: readonly ListedKey[];
  required: readonly string[][];
  provider: string | null;
}

/** The best of a provider's keys says whether its service can be used. */
function serviceOf(id: string, { keys, required, provider }: Known): Service {
  const own = keys.filter((key) => key.provider === id);
  const best = own.find(({ state }) => state === 'ok') ?? own.find(({ state }) => isUsable(state)) ?? own[0]!;
  return {
    ...{ service: id, name: nameOf(id), available: isUsable(best.state), state: best.state },
    required: required.some((words) => words.length === 1 && own.some((key) => meets(words[0]!, key))),
    ...{ default: id === provider, expires_at: best.expires_at },
  };
}

/** The settings that are about keys: what is required, each as alternatives, and whose model a use is that says none. */
async function findKeySettings(
  db: Db,
): Promise<{ required: string[][]; provider: string | null; model: string | null }> {
  const [row] = await db<[{ required: string | null; provider: string | null; model: string | null }]>`
    select subctl_internal.setting('required_keys') as required, subctl_internal.setting('default_provider') as provider, subctl_internal.setting('default_model') as model`;
  const words = row.required ?? 'none';
  return { ...row, required: words === 'none' ? [] : words.split(',').map((one) => one.split('|')) };
}

const isMet = (word: string, keys: readonly ListedKey[]) =>
  keys.some((key) => isUsable(key.state) && meets(word, key));

/** Whether a key is what a word of `required_keys` asks for: its provider, its name, or `ai` for any that answers with language. */
function meets(word: string, { provider, name }: { provider: string; name: string }): boolean {
  if (word === 'ai') return findProvider(provider)?.isAi === true;
  return name === word || provider === (findProvider(word)?.id ?? word);
}

function inWords(words: readonly string[]): string {
  return words.map((word) => (word === 'ai' ? 'an AI provider' : nameOf(word))).join(' or ');
}
