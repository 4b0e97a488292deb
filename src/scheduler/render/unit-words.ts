/** A text in which systemd sees no specifier. */
export const escaped = (text: string): string => text.replaceAll('%', '%%');

/** A word of a unit, in quotes where it needs them. */
export const quoted = (word: string): string =>
  /^[\w@%+=:,./$-]+$/.test(word) ? word : `"${word.replaceAll('\\', '\\\\').replaceAll('"', '\\"')}"`;

/** A command line of a unit: absolute paths, and `words` as they are. */
export function commandLine(program: readonly string[], words: string): string {
  return `${program.map((word) => quoted(escaped(word).replaceAll('$', '$$$$'))).join(' ')} ${words}`;
}
