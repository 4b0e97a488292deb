import { randomBytes } from 'node:crypto';
import { Failure } from '../domain/failure.ts';

/**
 * A UUIDv7 (RFC 9562) for a row of `now`: sorts by time; the rest is random.
 * @throws Failure usage for a time before 1970, which such a number cannot say
 */
export function uuid7(now: Date): string {
  if (!(now.getTime() >= 0 && now.getTime() < 2 ** 48))
    throw new Failure('usage', `Nothing can be written as of ${now.toISOString()}: it is before 1970-01-01`, {
      hint: 'Give a later --as-of',
    });
  const bytes = randomBytes(16);
  bytes.writeUIntBE(now.getTime(), 0, 6);
  bytes[6] = (bytes[6]! & 0x0f) | 0x70;
  bytes[8] = (bytes[8]! & 0x3f) | 0x80;
  const hex = bytes.toString('hex');
  return [hex.slice(0, 8), hex.slice(8, 12), hex.slice(12, 16), hex.slice(16, 20), hex.slice(20)].join('-');
}
