import { existsSync, readFileSync } from 'node:fs';
import path from 'node:path';
import { type Build, readBuild } from '../database/bundled-sql.ts';

/** Looks at the files of the program that runs. */
export interface ProgramFiles {
  /** The build that has taken the place of this one, once it was there at two looks; undefined while there is none, and while it is being written. */
  findOther(): Build | undefined;
}

/**
 * Remembers the program in `root`, its package's folder. An update replaces that folder; a process goes on with what it has loaded. The
 * entry of the program tells builds apart, since it names its parts by their contents.
 */
export function watchProgram(root: string): ProgramFiles {
  const first = identity(root);
  let last = first;
  return {
    findOther() {
      const now = identity(root);
      const isStable = now !== undefined && now === last;
      last = now;
      return isStable && now !== first ? buildIn(root) : undefined;
    },
  };
}

function identity(root: string): string | undefined {
  try {
    return ['package.json', 'dist/main.cjs', 'dist/functions-digest.txt']
      .map((file) => readFileSync(path.join(root, file), 'utf8'))
      .join('\0');
  } catch {
    return undefined; // being replaced, or taken away
  }
}

function buildIn(root: string): Build | undefined {
  const folder = path.join(root, 'drizzle');
  if (!existsSync(folder)) return undefined;
  const { version } = JSON.parse(readFileSync(path.join(root, 'package.json'), 'utf8')) as {
    version: string;
  };
  return readBuild({ folder, program: version });
}
