import { createHash, randomBytes } from 'node:crypto';
import { Failure } from '../domain/failure.ts';

/** A key that wraps the data keys of stored values. */
export interface MasterKey {
  /** derived from the bytes, so that ciphertexts name their key and tell nothing of it */
  id: string;
  bytes: Uint8Array;
}

/** The master keys that are known at once: the first encrypts, all decrypt. */
export interface KeyRing {
  first: MasterKey;
  all: ReadonlyMap<string, MasterKey>;
  /** where they came from, for sentences */
  source: string;
}

const size = 32;

/** Draws a new master key: `smk_` and 256 random bits in base64url. */
export function createMasterKey(): string {
  return `smk_${randomBytes(size).toString('base64url')}`;
}

/**
 * Reads one or more master keys, separated by commas or white space: `smk_…`, or 32 bytes in hex or base64.
 * @throws Failure config for no key, a key of another length, one without randomness, or the same one twice; none is printed
 */
export function readKeyRing(text: string, source: string): KeyRing {
  const keys = text
    .split(/[\s,]+/)
    .filter(Boolean)
    .map((word, at) => readMasterKey(word, { source, at }));
  const first = keys[0];
  if (!first) throw new Failure('config', `The master key of ${source} is empty`, { hint: howToMake });
  const all = new Map(keys.map((key) => [key.id, key]));
  if (all.size < keys.length)
    throw new Failure('config', `${capital(source)} has the master key ${twiceIn(keys)} twice`, {
      hint: 'Leave each of them once',
    });
  return { first, all, source };
}

export const howToMake = 'Make one: subctl keys create-master-key FILE';

/** Reads one master key. */
function readMasterKey(word: string, { source, at = 0 }: { source: string; at?: number }): MasterKey {
  const bytes = bytesOf(word.replace(/^smk_/, ''));
  const which = at === 0 ? 'The master key' : `Master key ${at + 1}`;
  if (bytes?.length !== size)
    throw new Failure(
      'config',
      `${which} of ${source} is not a key: it has ${word.length} characters, and is not 32 bytes in hex or base64`,
      { hint: howToMake },
    );
  if (new Set(bytes).size < 8)
    throw new Failure('config', `${which} of ${source} is not random: it repeats a few bytes`, {
      hint: howToMake,
    });
  return { id: idOf(bytes), bytes };
}

function bytesOf(text: string): Uint8Array | undefined {
  if (/^[0-9a-f]{64}$/i.test(text)) return Buffer.from(text, 'hex');
  if (/^[A-Za-z0-9+/_-]{43}=?$/.test(text)) return Buffer.from(text, 'base64');
  return undefined;
}

function idOf(bytes: Uint8Array): string {
  const digest = createHash('sha256').update('master key of subctl\0').update(bytes).digest('hex');
  return `mk_${digest.slice(0, 16)}`;
}

function twiceIn(keys: readonly MasterKey[]): string {
  const ids = keys.map(({ id }) => id);
  return ids.find((id, at) => ids.indexOf(id) !== at) ?? '';
}

function capital(text: string): string {
  return text.charAt(0).toUpperCase() + text.slice(1);
}
