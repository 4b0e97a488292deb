import path from 'node:path';
import { writeWhole } from '../../schedulers/files.ts';
import { bytesOf } from '../../timetable/installation.ts';
import type { Outcome } from '../../terminal/outcome.ts';
import type { InputOf } from '../command.ts';
import type { Context } from '../context.ts';
import { filesOf } from './files-of.ts';
import type { printSchedule } from './spec.ts';

/** Prints the timetable for something else that starts the tasks, or writes its files. */
export async function run(context: Context, input: InputOf<typeof printSchedule>): Promise<Outcome> {
  const { files, installation } = await filesOf(context, input);
  const notes = installation.secrets.map(
    ({ variable, file }) =>
      `${file} must hold what ${variable} says (0600): subctl schedule install writes it`,
  );
  const { directory } = input;
  if (directory === undefined) {
    const headed = files.map(({ name, text }) =>
      files.length === 1 ? text : `# ---- ${name} ----\n${text}`,
    );
    return { notes, text: headed.join('\n'), json: files.map(({ name, text }) => ({ name, text })) };
  }
  const folder = path.resolve(context.cwd, directory);
  for (const file of files) await writeWhole(path.join(folder, file.name), bytesOf(file));
  const rows = files.map(({ name }) => ({ file: path.join(folder, name) }));
  return { notes, columns: [{ key: 'file' }], rows, title: 'Written' };
}
