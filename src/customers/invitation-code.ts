import { createHash, randomInt } from 'node:crypto';

/** Crockford's base 32: no letters that look like digits. */
const alphabet = '0123456789ABCDEFGHJKMNPQRSTVWXYZ';

/** A code of 100 random bits, in groups that can be read aloud: `7K3M-…`. */
export function makeCode(): string {
  const signs = Array.from({ length: 20 }, () => alphabet[randomInt(alphabet.length)]).join('');
  return signs.match(/.{4}/g)!.join('-');
}

/** The code as it is kept: dashes and spaces do not count, nor do small letters, nor O for 0 and I or L for 1. */
export function plainCode(typed: string): string {
  return typed.toUpperCase().replace(/[\s-]/g, '').replaceAll('O', '0').replace(/[IL]/g, '1');
}

/** What is kept of a code. */
export function hashOfCode(code: string): string {
  return createHash('sha256').update(plainCode(code)).digest('hex');
}
