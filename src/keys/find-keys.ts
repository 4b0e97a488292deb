import type { Db } from '../database/connect.ts';
import { Failure } from '../domain/failure.ts';
import { nearest } from '../domain/nearest.ts';
import { looksLikeKey } from './names.ts';
import { findProvider } from './providers.ts';
import type { KeyFacts, StoredKey } from './stored-key.ts';

/** Every stored key by name, without its ciphertext: accounts that only read do not see that. */
export async function findKeyFacts(db: Db): Promise<KeyFacts[]> {
  return db<KeyFacts[]>`select ${facts(db)} from ${keys(db)} order by k.name collate "C"`;
}

/** The same with the ciphertexts. With `lock` nobody else writes them until the transaction ends. */
export async function findKeys(db: Db, { lock = false } = {}): Promise<StoredKey[]> {
  if (lock) await db`lock table subctl.provider_keys in share row exclusive mode`;
  return db<StoredKey[]>`select ${facts(db)}, k.sealed from ${keys(db)} order by k.name collate "C"`;
}

const facts = (db: Db) => db`
  k.name, k.provider, k.master_key as "masterKey", k.base_url as "baseUrl", k.ending, k.set_at as "setAt", k.expires_at as "expiresAt",
  k.tested_at as "testedAt", k.test_result as "testResult", k.test_status as "testStatus", c.actor as "setBy"`;

const keys = (db: Db) => db`subctl.provider_keys k left join subctl.changes c on c.id = k.change_id`;

/**
 * The key of that name, else the only one of that provider.
 * @throws Failure not_found for none, conflict for several of a provider
 */
export function pickKey(stored: readonly StoredKey[], word: string): StoredKey {
  const provider = findProvider(word)?.id;
  const named = stored.find(({ name }) => name === word) ?? stored.find(({ name }) => name === provider);
  if (named) return named;
  const of = stored.filter((key) => key.provider === provider);
  if (of.length === 1) return of[0]!;
  if (of.length > 1)
    throw new Failure('conflict', `There are ${of.length} keys of ${provider}`, {
      hint: `Name one of them: ${of.map(({ name }) => name).join(', ')}`,
    });
  throw noSuchKey(word, stored);
}

/** What is said where no key is stored: nothing about master keys. */
export function noSuchKey(word: string, stored: readonly Pick<KeyFacts, 'name'>[]): Failure {
  if (word === '' || looksLikeKey(word))
    return new Failure('not_found', 'There is no key of that name', { hint: 'subctl keys list' });
  const near = nearest(
    word,
    stored.map(({ name }) => name),
  );
  return new Failure(
    'not_found',
    `There is no key ${word.slice(0, 64)}${near ? `, did you mean ${near}?` : ''}`,
    {
      hint: findProvider(word) ? `Store it: subctl keys set ${word}` : 'subctl keys list',
      details: { state: 'not_set' },
    },
  );
}
