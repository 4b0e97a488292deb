import { type ArchiveKey, readKey } from '../../backup/key-file.ts';
import type { Inventory } from '../../backup/inventory.ts';
import type { Filled } from '../../backup/fill.ts';
import { resolvePath } from '../../config/paths.ts';
import type { Context } from '../context.ts';

/** The key of --key-file; a note says when others may read its file. */
export async function openKey(context: Context, file: string | undefined): Promise<ArchiveKey | undefined> {
  if (file === undefined) return undefined;
  const key = await readKey(resolvePath(file, context.cwd, context.env));
  if (key.isOpen) context.note(`Others may read the key in '${file}': chmod 600 it`);
  return key;
}

/** A line on stderr that counts rows and names the table. */
export function countProgress(context: Context, label: string) {
  const line = context.progress(label);
  return {
    progress: (rows: number, table: string) => line.update(rows, `${label} (${table})`),
    stop: () => line.stop(),
  };
}

const units = ['bytes', 'kB', 'MB', 'GB', 'TB'];

/** `12.3 MB` */
export function sizeOf(bytes: number): string {
  const power = bytes < 1000 ? 0 : Math.min(Math.floor(Math.log10(bytes) / 3), units.length - 1);
  return `${power === 0 ? bytes : (bytes / 1000 ** power).toFixed(1)} ${units[power]}`;
}

/** What a person sees of the database that an archive is of. */
export function entriesOf({ server, schema }: Inventory): [string, unknown][] {
  return [['Of', `schema ${schema.version} by subctl ${schema.program}, on PostgreSQL ${server}`]];
}

/** What a person should know of a database that was written. */
export function notesOn({ upgraded, missing }: Filled): string[] {
  return [
    ...(upgraded
      ? [
          `Brought up to date: ${upgraded.applied.length} migrations, ${upgraded.functions.length} functions and views`,
        ]
      : []),
    ...(missing.length > 0
      ? [
          `The server has no role ${missing.join(', ')}: their privileges were not restored`,
          'subctl setup makes the roles of subctl and gives them their rights; accounts get them with: subctl roles grant',
        ]
      : []),
  ];
}
