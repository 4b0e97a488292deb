import type { MatchLogic } from '@pydantic/genai-prices';

/**
 * The names and patterns (`*` stands for anything) that say what a matcher of the catalogue says; none for a part that no pattern can say:
 * a regular expression, or several conditions at once.
 */
export function patternsOf(match: MatchLogic): string[] {
  if ('or' in match) return match.or.flatMap(patternsOf);
  if ('equals' in match) return literal(match.equals, (text) => text);
  if ('starts_with' in match) return literal(match.starts_with, (text) => `${text}*`);
  if ('ends_with' in match) return literal(match.ends_with, (text) => `*${text}`);
  if ('contains' in match) return literal(match.contains, (text) => `*${text}*`);
  return [];
}

/** Whether `patternsOf` says all of it. */
export function isPlain(match: MatchLogic): boolean {
  return 'or' in match ? match.or.every(isPlain) : !('and' in match || 'regex' in match);
}

/** Whether the catalogue would take a name for this model: what `@pydantic/genai-prices` does, case folded. */
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

/** A text that holds `*` itself cannot be told from a pattern. */
function literal(text: string, pattern: (text: string) => string): string[] {
  return text.includes('*') ? [] : [pattern(text)];
}
