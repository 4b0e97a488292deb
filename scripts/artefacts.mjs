// Writes the timetable's artefacts into systemd/ and windows-tasks/. A test compares them with what the program prints.
import { mkdir, readdir, rm, writeFile } from 'node:fs/promises';
import path from 'node:path';
import { fileURLToPath } from 'node:url';
import { tsImport } from 'tsx/esm/api';

const root = path.dirname(path.dirname(fileURLToPath(import.meta.url)));
const { artefacts } = await tsImport('../src/scheduler/render/artefacts.ts', import.meta.url);
const { bytesOf } = await tsImport('../src/scheduler/render/installation.ts', import.meta.url);

for (const [folder, files] of Object.entries(artefacts())) {
  await mkdir(path.join(root, folder), { recursive: true });
  for (const name of await readdir(path.join(root, folder)))
    if (!files.some((file) => file.name === name)) await rm(path.join(root, folder, name));
  for (const file of files) await writeFile(path.join(root, folder, file.name), bytesOf(file));
}
