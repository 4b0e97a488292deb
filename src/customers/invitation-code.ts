import { createHash, randomInt } from 'node:crypto';

/** Crockford's base 32: no letters that look like digits. */
const alphabet = '0123456789ABCDEFGHJKMNPQRSTVWXYZ';

/** Creates a code of 100 random bits, in groups that can be read aloud: `7K3M-…`. */
export function makeCode(): string {
  const signs = Array.from({ length: 20 }, () => alphabet[randomInt(alphabet.length)]).join('');
  return signs.match(/.{4}/g)!.join('-');
}

/** Normalizes a code: drops dashes and spaces, changes small letters to capitals, O to 0, and I and L to 1. */
export function plainCode(typed: string): string {
  return typed.toUpperCase().replace(/[\s-]/g, '').replaceAll('O', '0').replace(/[IL]/g, '1');
}

/** The hash of a code, which is stored in its place. */
export function hashOfCode(code: string): string {
  return createHash('sha256').update(plainCode(code)).digest('hex');
}
