import { mkdtemp, rm } from 'node:fs/promises';
import os from 'node:os';
import path from 'node:path';
import { Failure } from '../../domain/failure.ts';
import { bytesOf } from '../render/installation.ts';
import { writeWhole } from './files.ts';
import { mustRun, runProgram } from './run-program.ts';
import type { Scheduler } from './scheduler.ts';

const folder = '\\subctl\\';

/**
 * The Windows Task Scheduler. What is registered it keeps in a form of its own, so a task is only known to be there (before: '') or not.
 * @throws Failure refused on every other system
 */
export function taskScheduler(platform: string = process.platform): Scheduler {
  if (platform !== 'win32')
    throw new Failure(
      'refused',
      `Windows tasks can only be installed on Windows, and this host runs ${platform}`,
      { hint: 'subctl schedule print windows --directory FOLDER writes the files to take there' },
    );
  const registered = async () => {
    const { code, stdout } = await runProgram('schtasks', ['/Query', '/FO', 'CSV', '/NH']);
    return code === 0 ? [...stdout.matchAll(/"\\subctl\\([^"]+)"/g)].map(([, name]) => name!) : [];
  };
  return {
    state: () => Promise.resolve({ running: true, about: 'The Task Scheduler is part of Windows' }),
    ready: () => Promise.resolve(),
    async installed() {
      return new Map((await registered()).map((name) => [folder + name, '']));
    },
    async compare(files) {
      const there = new Set((await registered()).map((name) => folder + name));
      const wanted = files.map(({ name, text }) => ({ place: placeOf(name), text }));
      return [
        ...wanted.map(({ place, text }) => ({
          place,
          before: there.has(place) ? '' : undefined,
          after: text,
        })),
        ...[...there]
          .filter((place) => !wanted.some((one) => one.place === place))
          .map((place) => ({ place, before: '', after: undefined })),
      ];
    },
    async apply(changes) {
      const files = changes.filter(({ after }) => after !== undefined);
      if (files.length === 0) return powershell('-Command', takeAway);
      const temporary = await mkdtemp(path.join(os.tmpdir(), 'subctl-'));
      try {
        for (const { place, after } of files) {
          const name = place.startsWith(folder) ? `subctl-${place.slice(folder.length)}.xml` : place;
          const encoding = name.endsWith('.xml') ? 'utf16le' : 'utf8';
          await writeWhole(path.join(temporary, name), bytesOf({ text: after!, encoding }));
        }
        return await powershell('-File', path.join(temporary, 'install.ps1'));
      } finally {
        await rm(temporary, { recursive: true, force: true });
      }
    },
  };
}

const takeAway = `Get-ScheduledTask -TaskPath '${folder}' | Unregister-ScheduledTask -Confirm:$false`;

async function powershell(...words: string[]): Promise<string[]> {
  const said = await mustRun('powershell', ['-NoProfile', '-ExecutionPolicy', 'Bypass', ...words]);
  return said.split(/\r?\n/).filter((line) => line.trim() !== '');
}

/** The task of an XML file; other files keep their name. */
function placeOf(name: string): string {
  const task = /^subctl-(.+)\.xml$/.exec(name)?.[1];
  return task === undefined ? name : folder + task;
}
