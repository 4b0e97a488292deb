import { type ArchiveKey, readKey } from '../../backup/key-file.ts';
import type { Inventory } from '../../backup/inventory.ts';
import type { Filled } from '../../backup/fill.ts';
import { resolvePath } from '../../config/paths.ts';
import type { Context } from '../context.ts';

/** Reads the key of --key-file; a note warns when other users can read the file. */
export async function openKey(context: Context, file: string | undefined): Promise<ArchiveKey | undefined> {
  if (file === undefined) return undefined;
  const key = await readKey(resolvePath(file, context.cwd, context.env));
  if (key.isOpen) context.note(`Other users can read the key in '${file}': run chmod 600`);
  return key;
}

/** Shows progress on stderr: the number of rows and the table. */
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

/** Describes the source database of an archive. */
export function entriesOf({ server, schema }: Inventory): [string, unknown][] {
  return [['Source', `schema ${schema.version} by subctl ${schema.program}, on PostgreSQL ${server}`]];
}

/** The notes about a restored or moved database. */
export function notesOn({ upgraded, missing }: Filled): string[] {
  return [
    ...(upgraded
      ? [`Upgraded: ${upgraded.applied.length} migrations, ${upgraded.functions.length} functions and views`]
      : []),
    ...(missing.length > 0
      ? [
          `The server has no role ${missing.join(', ')}: their privileges were not restored`,
          'subctl setup creates the roles of subctl with their privileges. Give them to accounts with: subctl roles grant',
        ]
      : []),
  ];
}
