import { type Owner, readIfThere, writeWhole } from '../../scheduler/install/files.ts';
import type { Change } from '../../scheduler/install/scheduler.ts';
import type { Installation } from '../../scheduler/render/installation.ts';
import type { Context } from '../context.ts';

/** Returns the changes that bring the secret files in line with the environment. */
export async function secretChanges(
  { settings, env }: Context,
  { secrets }: Installation,
): Promise<Change[]> {
  const { shown } = await settings();
  const valueOf = (file: string) => {
    const key = file.split(/[/\\]/).at(-1)!.replaceAll('-', '_');
    return env[shown.find((setting) => setting.key === key)!.source]!;
  };
  return Promise.all(
    secrets.map(async ({ file }) => {
      const place = file.replace('%ProgramData%', env['ProgramData'] ?? 'C:\\ProgramData');
      return { place, before: await readIfThere(place), after: `${valueOf(file)}\n`, secret: true };
    }),
  );
}

/** Writes the secret files with mode 0600. */
export async function writeSecrets(changes: readonly Change[], owner: Owner | undefined): Promise<void> {
  for (const { place, after } of changes) await writeWhole(place, after, { mode: 0o600, owner });
}
