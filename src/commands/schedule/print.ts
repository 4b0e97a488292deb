import { mkdir, writeFile } from 'node:fs/promises';
import path from 'node:path';
import { Failure } from '../../domain/failure.ts';
import { bytesOf } from '../../timetable/installation.ts';
import type { Outcome } from '../../terminal/outcome.ts';
import type { InputOf } from '../command.ts';
import type { Context } from '../context.ts';
import { filesOf } from './files-of.ts';
import type { printSchedule } from './spec.ts';

/** Prints the timetable for something else that starts the tasks, or writes its files. */
export async function run(context: Context, input: InputOf<typeof printSchedule>): Promise<Outcome> {
  const files = await filesOf(context, input);
  const { directory } = input;
  if (directory === undefined) {
    const headed = files.map(({ name, text }) =>
      files.length === 1 ? text : `# ---- ${name} ----\n${text}`,
    );
    return { text: headed.join('\n'), json: files.map(({ name, text }) => ({ name, text })) };
  }
  const folder = path.resolve(context.cwd, directory);
  await mkdir(folder, { recursive: true }).catch((cause: Error) => {
    throw new Failure('config', `The folder ${folder} cannot be made: ${cause.message}`, { cause });
  });
  for (const file of files)
    await writeFile(path.join(folder, file.name), bytesOf(file)).catch((cause: Error) => {
      throw new Failure('config', `${path.join(folder, file.name)} cannot be written: ${cause.message}`, {
        cause,
      });
    });
  const rows = files.map(({ name }) => ({ file: path.join(folder, name) }));
  return { columns: [{ key: 'file' }], rows, title: 'Written' };
}
