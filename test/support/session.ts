import { readFileSync, writeFileSync } from 'node:fs';
import path from 'node:path';
import { root, subctl } from './cli.ts';

export interface Playing {
  env: Record<string, string>;
  cwd?: string;
  /** replaced in what is shown, and by `${name}` in the lines: what differs from one machine or run to the next */
  places?: Record<string, string>;
}

/**
 * Plays a terminal session of test/sessions and gives it as it went: lines that start with `$ ` are typed (in this process), `# ` is a
 * comment, and what follows is what was shown: stdout, then stderr, then `(exit code 4)` where it is not 0. Ids of rows are `<id>`.
 * With SUBCTL_UPDATE=1 the file is written anew.
 */
export async function playSession(
  name: string,
  playing: Playing,
): Promise<{ written: string; played: string }> {
  const file = path.join(root, 'test/sessions', `${name}.txt`);
  const written = readFileSync(file, 'utf8');
  const lines: string[] = [];
  for (const line of written.split('\n').filter((each) => /^[$#] /.test(each)))
    lines.push(line, ...(line.startsWith('$ ') ? await type(line.slice(2), playing) : []));
  const played = `${lines.join('\n').trimEnd()}\n`;
  if (process.env['SUBCTL_UPDATE']) writeFileSync(file, played);
  return { written: process.env['SUBCTL_UPDATE'] ? played : written, played };
}

async function type(line: string, { env, cwd, places = {} }: Playing): Promise<string[]> {
  const filled = Object.entries(places).reduce(
    (text, [name, place]) => text.replaceAll(`\${${name}}`, place),
    line,
  );
  const { variables, words } = wordsOf(filled);
  const { code, stdout, stderr } = await subctl(words.slice(1), {
    env: { ...env, ...variables },
    ...(cwd && { cwd }),
  });
  const text = [stdout, stderr].map((each) => each.replaceAll('\r\n', '\n')).join('');
  const shown = Object.entries(places).reduce(
    (each, [name, place]) => each.replaceAll(place, `\${${name}}`),
    text,
  );
  const steady = shown.replace(/\b[0-9a-f]{8}-[0-9a-f]{4}-7[0-9a-f]{3}-[0-9a-f]{4}-[0-9a-f]{12}\b/g, '<id>');
  const lines = steady === '' ? [] : steady.replace(/\n$/, '').split('\n');
  return [...lines, ...(code === 0 ? [] : [`(exit code ${code})`]), ''];
}

/** `A=b subctl plans show 'x y'` as a shell would read it. */
export function wordsOf(line: string): { variables: Record<string, string>; words: string[] } {
  const words = [...line.matchAll(/(?:'[^']*'|"[^"]*"|[^\s'"])+/g)].map(([word]) =>
    word.replace(/'([^']*)'|"([^"]*)"/g, '$1$2'),
  );
  const first = words.findIndex((word) => !/^[A-Z_]+=/.test(word));
  const variables = words.slice(0, first).map((word) => {
    const at = word.indexOf('=');
    return [word.slice(0, at), word.slice(at + 1)] as const;
  });
  return { variables: Object.fromEntries(variables), words: words.slice(first) };
}
