/** The text of an SQL file without its comments: a `--` in a string is not one. */
export function withoutNotes(text: string): string {
  return text.replace(/('(?:[^']|'')*')|--.*/g, (_, string: string | undefined) => string ?? '');
}

/** The names of the parameters that a caller gives, in order; none for a view. */
export function inParameters(text: string): string[] {
  const code = withoutNotes(text);
  const start = /create or replace function subctl(?:_internal)?\.\w+\(/.exec(code);
  if (!start) return [];
  const parts = [''];
  let depth = 0;
  for (const sign of code.slice(start.index + start[0].length)) {
    if (sign === '(') depth++;
    if (sign === ')' && --depth < 0) break;
    if (sign === ',' && depth === 0) parts.push('');
    else parts[parts.length - 1] += sign;
  }
  return parts
    .map((part) => part.trim().split(/\s+/))
    .filter(([first]) => first && first !== 'out')
    .map(([first]) => first!);
}

/** The variables that a PL/pgSQL function declares. */
export function variablesOf(text: string): string[] {
  return [...withoutNotes(text).matchAll(/^declare\n([\s\S]*?)^begin$/gm)].flatMap(([, block]) =>
    block!
      .split(';')
      .map((line) => line.trim().split(/\s/)[0]!)
      .filter(Boolean),
  );
}
