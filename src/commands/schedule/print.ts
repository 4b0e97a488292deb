import path from 'node:path';
import { writeWhole } from '../../schedulers/files.ts';
import { type ArtefactFile, bytesOf } from '../../timetable/installation.ts';
import { Failure } from '../../domain/failure.ts';
import type { Outcome, TextOutcome } from '../../terminal/outcome.ts';
import type { InputOf } from '../command.ts';
import type { Context } from '../context.ts';
import { filesOf } from './files-of.ts';
import { lastingOf } from './lasting.ts';
import type { printSchedule } from './spec.ts';

/** Prints the timetable for something else that starts the tasks, or writes its files. */
export async function run(context: Context, input: InputOf<typeof printSchedule>): Promise<Outcome> {
  const { kind, directory } = input;
  if (kind === 'kubernetes') {
    const { printKubernetes } = await import('./kubernetes.ts');
    return written(context, directory, await printKubernetes(context, input));
  }
  const { files, installation } = await filesOf(context, { ...input, kind });
  refuseClusterOptions(input);
  const lasting = lastingOf(installation.program);
  const secrets = installation.secrets.map(
    ({ variable, file }) =>
      `${file} must hold what ${variable} says (0600): subctl schedule install writes it`,
  );
  const notes = [
    ...secrets,
    ...lasting.warnings,
    ...(lasting.refused ? [`${lasting.refused}: install the program first: npm install -g subctl`] : []),
  ];
  const headed = files.map(({ name, text }) => (files.length === 1 ? text : `# ---- ${name} ----\n${text}`));
  const json = files.map(({ name, text }) => ({ name, text }));
  if (directory === undefined) return { notes, text: headed.join('\n'), json };
  return { notes, ...(await writeFiles(path.resolve(context.cwd, directory), files)) };
}

/** The manifests, or the file that they are written to. */
async function written(
  context: Context,
  directory: string | undefined,
  printed: TextOutcome,
): Promise<Outcome> {
  if (directory === undefined) return printed;
  const file = { name: 'subctl.yaml', text: printed.text, encoding: 'utf8' as const };
  return { notes: printed.notes ?? [], ...(await writeFiles(path.resolve(context.cwd, directory), [file])) };
}

async function writeFiles(folder: string, files: readonly ArtefactFile[]) {
  for (const file of files) await writeWhole(path.join(folder, file.name), bytesOf(file));
  const rows = files.map(({ name }) => ({ file: path.join(folder, name) }));
  return { columns: [{ key: 'file' }], rows, title: 'Written' };
}

function refuseClusterOptions({ image, secret }: InputOf<typeof printSchedule>): void {
  if (image === undefined && secret === undefined) return;
  throw new Failure('usage', `--${image === undefined ? 'secret' : 'image'} is for kubernetes`);
}
