import { existsSync } from 'node:fs';
import { readdir } from 'node:fs/promises';
import path from 'node:path';
import { Failure } from '../../domain/failure.ts';
import { madeByIn } from '../render/installation.ts';
import { readIfThere, writeWhole } from './files.ts';
import { mustRun, runProgram } from './run-program.ts';
import { type Change, foreign, type Scheduler } from './scheduler.ts';

const ours = /^subctl(@|-[a-z-]+)\.(service|timer)$/;

/** systemd: the manager of the host, or of this account; `folder` is where its units are. */
export function systemdScheduler(scope: 'user' | 'system', folder: string): Scheduler {
  const flags = scope === 'user' ? ['--user'] : [];
  const systemctl = (...words: string[]) => mustRun('systemctl', [...flags, ...words]);
  return {
    state: () => stateOf(flags),
    async ready() {
      const { running, about } = await stateOf(flags);
      if (!running)
        throw new Failure('unavailable', about, {
          hint: 'subctl schedule print systemd --directory FOLDER writes the units without starting them',
        });
    },
    async installed() {
      return new Map([...(await unitsIn(folder))].filter(([, text]) => madeByIn(text)));
    },
    async compare(files) {
      const there = await unitsIn(folder);
      const wanted = new Map(files.map(({ name, text }) => [path.join(folder, name), text]));
      for (const [place, text] of there) if (wanted.has(place) && !madeByIn(text)) throw foreign(place);
      const stale = [...there].filter(([place, text]) => madeByIn(text) && !wanted.has(place));
      return [
        ...[...wanted].map(([place, after]) => ({ place, before: there.get(place), after })),
        ...stale.map(([place, before]) => ({ place, before, after: undefined })),
      ];
    },
    async apply(changes) {
      const gone = startable(changes.filter(({ after }) => after === undefined));
      if (gone.length > 0) await systemctl('disable', '--now', ...gone);
      for (const { place, after } of changes) await writeWhole(place, after);
      await systemctl('daemon-reload');
      const come = startable(changes.filter(({ after }) => after !== undefined));
      if (come.length > 0) await systemctl('enable', '--now', ...come);
      const renewed = startable(changes.filter(({ before, after }) => before && after));
      if (renewed.length > 0) await systemctl('restart', ...renewed);
      return come.length > 0 && scope === 'user'
        ? ['Units of an account run while it is logged in: loginctl enable-linger makes them run always']
        : [];
    },
  };
}

/** The units that are switched on: timers, and services with an [Install]. */
function startable(changes: readonly Change[]): string[] {
  const installable = changes.filter(({ before, after }) => /^\[Install\]$/m.test(after ?? before ?? ''));
  return installable.map(({ place }) => path.basename(place));
}

async function unitsIn(folder: string): Promise<Map<string, string>> {
  const names = (await readdir(folder).catch(() => [])).filter((name) => ours.test(name)).sort();
  const texts = await Promise.all(
    names.map(
      async (name) => [path.join(folder, name), (await readIfThere(path.join(folder, name))) ?? ''] as const,
    ),
  );
  return new Map(texts);
}

async function stateOf(flags: readonly string[]): Promise<{ running: boolean; about: string }> {
  const whose = flags.length > 0 ? 'The systemd of this account' : 'systemd';
  const away = {
    running: false,
    about: `${whose} is not running on this host, so nothing would start the units`,
  };
  if (flags.length === 0 && !existsSync('/run/systemd/system')) return away;
  const answer = await runProgram('systemctl', [...flags, 'is-system-running']).catch(() => undefined);
  const state = answer?.stdout.trim() ?? '';
  if (!/^(running|degraded|starting|initializing|maintenance)$/.test(state)) return away;
  return { running: true, about: `${whose} is ${state}` };
}
