import { Failure } from '../domain/failure.ts';
import { nearest } from '../domain/nearest.ts';
import { shapeOfSecret } from '../domain/secret-shapes.ts';
import { type ProviderId, findProvider, providerIds } from './providers.ts';

/** Whether a word looks like a key that somebody typed where a name belongs: it is not repeated then. */
export function looksLikeKey(word: string): boolean {
  return (
    word.length > 64 || shapeOfSecret(word) !== undefined || /(?=[A-Za-z]*\d)[A-Za-z0-9]{20,}/.test(word)
  );
}

/** The name of a stored key. @throws Failure usage; a word that looks like a key is not repeated */
export function readName(name: string): string {
  if (looksLikeKey(name)) throw asArgument();
  if (/^[a-z0-9][a-z0-9_.-]{0,63}$/.test(name)) return name;
  throw new Failure('usage', `'${name}' is not a name for a key`, {
    hint: 'Use lower-case letters, digits, and . _ - after the first, at most 64: openai, or openai-batch',
  });
}

/** What is said where a key was given as a word of the command line. */
export function asArgument(): Failure {
  return new Failure(
    'usage',
    'A key is never an argument: process lists and the history of the shell show it',
    {
      hint: 'Use --from-env VARIABLE, --from-file FILE, or - for standard input; and renew the key if it was one',
    },
  );
}

/**
 * The provider of a key: the one that was given, else the one that the name is or begins with.
 * @throws Failure usage for one that is not known
 */
export function readProvider(name: string, given: string | undefined): ProviderId | 'other' {
  const found = given === 'other' ? given : findProvider(given ?? name)?.id;
  if (found) return found;
  const known = [...providerIds].sort((a, b) => b.length - a.length);
  const start =
    given === undefined &&
    known.find((id) => name.startsWith(`${id}-`) || name.startsWith(`${id}.`) || name.startsWith(`${id}_`));
  if (start) return start;
  const word = given ?? name;
  const near = nearest(word, providerIds);
  const shown = looksLikeKey(word) ? 'That provider' : `The provider '${word}'`;
  throw new Failure('usage', `${shown} is not known${near ? `, did you mean ${near}?` : ''}`, {
    hint: `Give --provider with one of: ${providerIds.join(', ')}; or other, which cannot be tested`,
  });
}
