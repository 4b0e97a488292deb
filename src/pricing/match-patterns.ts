import type { MatchLogic } from '@pydantic/genai-prices';

/**
 * Returns the names and patterns (`*` matches anything) that are equivalent to a matcher of the catalogue; none for a part that patterns
 * cannot express: most regular expressions, and most conditions of several parts. Days of a model's edition are assumed to lie in this
 * century.
 */
export function patternsOf(match: MatchLogic): string[] {
  if ('or' in match) return match.or.flatMap(patternsOf);
  if ('equals' in match) return literal(match.equals, (text) => text);
  if ('starts_with' in match) return literal(match.starts_with, (text) => `${text}*`);
  if ('ends_with' in match) return literal(match.ends_with, (text) => `*${text}`);
  if ('contains' in match) return literal(match.contains, (text) => `*${text}*`);
  if ('regex' in match) return patternsOfRegex(match.regex);
  return editionsOf(match.and);
}

/** Whether `patternsOf` covers all of it. */
export function isPlain(match: MatchLogic): boolean {
  return 'or' in match ? match.or.every(isPlain) : patternsOf(match).length > 0;
}

const digits = Array.from({ length: 10 }, (_, digit) => String(digit));

/** A name, a name with the day of its edition, or one followed by a number. */
function patternsOfRegex(regex: string): string[] {
  const found = /^\^((?:\\.|[^\\^$*+?()[\]{}|])*?)(-\\d\{8\}\$|-\\d\{4\}-\\d\{2\}-\\d\{2\}\$|-\\d|\$)$/.exec(
    regex,
  );
  if (!found) return [];
  const name = found[1]!.replace(/\\(.)/g, '$1');
  if (/\\[dDwWsSbB]/.test(found[1]!) || name.includes('*')) return [];
  if (found[2] === '$') return [name];
  return found[2] === '-\\d' ? digits.map((digit) => `${name}-${digit}*`) : [`${name}-20*`];
}

/** A prefix and what must not follow: the known editions that follow one. */
function editionsOf(parts: readonly MatchLogic[]): string[] {
  const [begins, not] = parts;
  if (
    parts.length !== 2 ||
    !('starts_with' in begins!) ||
    !('regex' in not!) ||
    !not.regex.startsWith('^(?!')
  )
    return [];
  const name = begins.starts_with;
  const patterns = ['', '-preview', '-exp', '-latest'].flatMap((edition) => [
    `${name}${edition}`,
    ...digits.map((digit) => `${name}${edition}-${digit}*`),
  ]);
  return patterns.filter((pattern) => parts.every((part) => matches(part, pattern.replace('*', '1'))));
}

/** Whether the catalogue would match a name to this model: what `@pydantic/genai-prices` does, case folded. */
export function matches(match: MatchLogic, name: string): boolean {
  const folded = name.toLowerCase();
  if ('or' in match) return match.or.some((part) => matches(part, name));
  if ('and' in match) return match.and.every((part) => matches(part, name));
  if ('equals' in match) return folded === match.equals.toLowerCase();
  if ('starts_with' in match) return folded.startsWith(match.starts_with.toLowerCase());
  if ('ends_with' in match) return folded.endsWith(match.ends_with.toLowerCase());
  if ('contains' in match) return folded.includes(match.contains.toLowerCase());
  return new RegExp(match.regex).test(name);
}

/** A text that contains `*` cannot be distinguished from a pattern. */
function literal(text: string, pattern: (text: string) => string): string[] {
  return text.includes('*') ? [] : [pattern(text)];
}
