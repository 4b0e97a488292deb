import fc from 'fast-check';
import { expect, test } from 'vitest';
import { Failure } from '../../src/domain/failure.ts';
import { createMasterKey, readKeyRing } from '../../src/keys/master-key.ts';
import { type Place, type Sealed, seal, unseal } from '../../src/keys/seal.ts';

const ring = readKeyRing(createMasterKey(), 'one');
const other = readKeyRing(createMasterKey(), 'two');
const place: Place = { name: 'openai', provider: 'openai', baseUrl: null };

test('Y2: what is sealed opens for its place and master key, whatever it is', async () => {
  await fc.assert(
    fc.asyncProperty(fc.string({ unit: 'grapheme', maxLength: 300 }), async (value) => {
      const stored = { ...place, ...(await seal(value, place, ring)) };
      expect(await unseal(stored, ring)).toBe(value);
    }),
    { numRuns: 30 },
  );
});

test('the header says A256GCM under A256GCMKW and which master key it was; the value stands nowhere', async () => {
  const { sealed, masterKey } = await seal('sk-planted-in-a-test', place, ring);
  const header = JSON.parse(Buffer.from(sealed.protected, 'base64url').toString()) as Record<string, string>;
  expect(header).toMatchObject({ alg: 'A256GCMKW', enc: 'A256GCM', kid: masterKey });
  expect(masterKey).toBe(ring.first.id);
  expect(sealed).not.toHaveProperty('aad');
  const decoded = Object.values(sealed).map((part) => Buffer.from(part, 'base64url').toString('latin1'));
  expect(decoded.join()).not.toContain('planted');
});

test('two of one value differ, and tell nothing of its length', async () => {
  const [one, two, longer] = await Promise.all(
    ['a'.repeat(9), 'a'.repeat(9), 'a'.repeat(51)].map((value) => seal(value, place, ring)),
  );
  expect(one!.sealed.ciphertext).not.toBe(two!.sealed.ciphertext);
  expect(one!.sealed.ciphertext.length).toBe(longer!.sealed.ciphertext.length);
});

test('Y5: a wrong master key says so, and never that there is no key', async () => {
  const stored = { ...place, ...(await seal('value-of-a-key', place, ring)) };
  const refused = await unseal(stored, other).catch((error: unknown) => error);
  expect(refused).toBeInstanceOf(Failure);
  expect(refused).toMatchObject({
    kind: 'conflict',
    details: { state: 'wrong_master_key', master_key: ring.first.id },
  });
  expect((refused as Failure).message).toContain('Wrong master key');
});

test.each([
  ['moved to another name', { name: 'anthropic' }],
  ['of another provider', { provider: 'mistral' }],
  ['sent to another address', { baseUrl: 'https://attacker.example.com' }],
])('a ciphertext that is %s does not decrypt', async (_, changed) => {
  const stored = { ...place, ...(await seal('value-of-a-key', place, ring)), ...changed };
  await expect(unseal(stored, ring)).rejects.toMatchObject({
    kind: 'conflict',
    details: { state: 'damaged' },
  });
});

test('a part that is cut, changed, swapped or missing does not decrypt, and no error repeats the value', async () => {
  const { sealed, masterKey } = await seal('value-of-a-key', place, ring);
  const second = await seal('value-of-another', place, ring);
  const parts = Object.keys(sealed) as (keyof Sealed)[];
  const flipped = (text: string) => (text.startsWith('A') ? 'B' : 'A') + text.slice(1);
  const spoilt = parts.flatMap((part) => [
    { ...sealed, [part]: sealed[part].slice(0, -4) },
    { ...sealed, [part]: flipped(sealed[part]) },
    { ...sealed, [part]: second.sealed[part] },
    { ...sealed, [part]: '' },
    { ...sealed, [part]: undefined },
    { ...sealed, [part]: 17 },
  ]) as unknown as Sealed[];
  for (const each of spoilt) {
    const refused = await unseal({ ...place, sealed: each, masterKey }, ring).catch(
      (error: unknown) => error,
    );
    expect(refused, JSON.stringify(each)).toBeInstanceOf(Failure);
    expect(`${(refused as Failure).stack} ${JSON.stringify(refused)}`).not.toContain('value-of');
  }
});
