import { readdirSync } from 'node:fs';
import path from 'node:path';

const folder = new URL('../../drizzle/engine/', import.meta.url);
const files = readdirSync(folder, { recursive: true, encoding: 'utf8' });

/** The file of the engine that makes the function or view of a name, from the root of the repository. */
export function engineFile(name) {
  const file = files.find((found) => path.basename(found) === `${name}.sql`);
  if (!file) throw new Error(`No file of drizzle/engine makes ${name}`);
  return `drizzle/engine/${file.replaceAll(path.sep, '/')}`;
}
