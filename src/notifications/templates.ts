import { existsSync, readFileSync, readdirSync, statSync } from 'node:fs';
import path from 'node:path';
import { Failure } from '../domain/failure.ts';
import { decodeUtf8 } from '../domain/utf8.ts';
import { nearest } from '../domain/nearest.ts';
import { notificationKindNames } from './kinds.ts';
import type { Template } from './render.ts';

const parts = { '.subject.txt': 'subject', '.txt': 'text', '.html': 'html' } as const;

/**
 * Reads the operator's texts: `limit.subject.txt`, `limit.txt`, `limit.html` and so on in a folder. A kind without files has the default
 * texts.
 * @throws Failure config for a missing folder or a file that belongs to no kind
 */
export function readTemplates(folder: string | undefined): ReadonlyMap<string, Template> {
  const templates = new Map<string, Template>();
  if (folder === undefined) return templates;
  if (!existsSync(folder) || !statSync(folder).isDirectory())
    throw new Failure('config', `The template folder ${folder} does not exist`, {
      hint: 'Set notice_templates to a folder with files such as limit.subject.txt, limit.txt, limit.html',
    });
  for (const file of readdirSync(folder).sort()) {
    const ending = (Object.keys(parts) as (keyof typeof parts)[]).find((each) => file.endsWith(each));
    if (!ending || file.startsWith('.')) continue;
    const kind = file.slice(0, -ending.length);
    if (!(notificationKindNames as readonly string[]).includes(kind)) throw unknownKind(folder, file, kind);
    const text = textOf(path.join(folder, file));
    templates.set(kind, { ...templates.get(kind), [parts[ending]]: text });
  }
  return templates;
}

function textOf(file: string): string {
  try {
    return decodeUtf8(readFileSync(file), 'it');
  } catch (cause) {
    throw new Failure('config', `The template ${file} cannot be read: ${(cause as Error).message}`, {
      cause,
    });
  }
}

function unknownKind(folder: string, file: string, kind: string): Failure {
  const near = nearest(kind, notificationKindNames);
  return new Failure(
    'config',
    `${path.join(folder, file)} is for no kind of notice${near ? `, did you mean ${near}?` : ''}`,
    { hint: `Kinds are ${notificationKindNames.join(', ')}` },
  );
}
