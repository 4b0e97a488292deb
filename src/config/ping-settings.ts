import path from 'node:path';
import { Failure } from '../domain/failure.ts';
import { readWholeSync } from './read-whole.ts';
import { decodeUtf8 } from '../domain/utf8.ts';
import type { Environment } from './environment.ts';

/** Where the runs of a task are reported; with no task, the URL that the names of tasks are put behind. */
export interface PingSetting {
  task: string | undefined;
  /** a secret: whoever has it can report for us. Empty: no pings, whatever later sources say */
  url: string;
  source: string;
}

const prefix = 'SUBCTL_PING_';

/** What variables say: SUBCTL_PING_URL for all tasks, SUBCTL_PING_CHECK_EXPIRED for one; with _FILE behind it, a file that holds it. */
export function pingsOfVariables(env: Environment, folder: string, suffix = ''): PingSetting[] {
  return Object.entries(env).flatMap(([name, value]) => {
    if (!name.startsWith(prefix) || value === undefined) return [];
    const [, words = ''] = /^(.*?)(?:_FILE)?$/.exec(name.slice(prefix.length))!;
    const task = words === 'URL' ? undefined : words.toLowerCase().replaceAll('_', '-');
    const url = name.endsWith('_FILE') ? contentOf(path.resolve(folder, value), name) : value;
    return [{ task, url, source: name + suffix }];
  });
}

/** What subctl.yaml says under `pings`: `url`, and an URL for each task. @throws Failure config for what has another form */
export function pingsOfYaml(
  found: unknown,
  { file, source }: { file: string; source: string },
): PingSetting[] {
  if (found === null || found === undefined) return [];
  const isList = typeof found === 'object' && !Array.isArray(found);
  const entries: [string, unknown][] = isList ? Object.entries(found) : [['', found]];
  return entries.map(([key, url]) => {
    if (key !== '' && (typeof url === 'string' || url === null))
      return { task: key === 'url' ? undefined : key, url: url ?? '', source };
    throw new Failure('config', `The pings in ${file} are not a list of URLs by task`, {
      hint: 'write them as: pings: { url: https://hc-ping.com/KEY, check-expired: https://… }',
    });
  });
}

function contentOf(file: string, variable: string): string {
  try {
    return decodeUtf8(readWholeSync(file), 'it').trim();
  } catch (cause) {
    const why = (cause as Error).message;
    throw new Failure('config', `The file ${file} that ${variable} names cannot be read: ${why}`, { cause });
  }
}
