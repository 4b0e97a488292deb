const width = 80;

export type Line = readonly [left: string, right: string];

/** Formats a heading with two columns below it; empty without lines. */
export function section(title: string, lines: readonly Line[]): string {
  if (lines.length === 0) return '';
  const left = Math.min(26, Math.max(...lines.map(([text]) => text.length)) + 2);
  const body = lines.map(([text, about]) => {
    const folded = fold(about, left + 2).slice(left + 2);
    return text.length + 2 > left
      ? `  ${text}\n${' '.repeat(left + 2)}${folded}`
      : `  ${text.padEnd(left)}${folded}`;
  });
  return `${title}:\n${body.join('')}`;
}

/** Wraps text to 80 columns, each line indented by `indent` spaces. */
export function fold(text: string, indent: number): string {
  const lines: string[] = [];
  let line = '';
  for (const word of text.split(/\s+/)) {
    const longer = line ? `${line} ${word}` : word;
    if (line && indent + longer.length > width) lines.push(line);
    line = line && indent + longer.length > width ? word : longer;
  }
  return [...lines, line].map((one) => `${' '.repeat(indent)}${one}\n`).join('');
}

/** Joins the non-empty parts with blank lines. */
export function page(...parts: string[]): string {
  return parts.filter(Boolean).join('\n');
}
