import { existsSync, realpathSync } from 'node:fs';
import os from 'node:os';
import path from 'node:path';
import { packageRoot } from '../../config/package-root.ts';
import type { Installation } from '../../scheduler/render/installation.ts';
import type { Context } from '../context.ts';
import { pinsOf, secretsOf } from './pins.ts';
import { madeBy, type ScheduleInput, scopeOf } from './schedule-input.ts';

/** Describes this installation: its paths, its database, and where its settings come from. */
export async function thisInstallation(context: Context, input: ScheduleInput): Promise<Installation> {
  const { database, shown, timetable } = await context.settings();
  const isEmbedded = database.url === undefined;
  const scope = scopeOf(input);
  const sources = [...shown, ...timetable].map(({ source }) => source);
  const isInFolder = sources.some((source) => / in \.env$/.test(source) || source === 'subctl.yaml');
  const usual = isEmbedded || scope === 'user' ? os.userInfo().username : 'subctl';
  return {
    program: [realpathSync(process.execPath), path.join(packageRoot(), 'bin', 'subctl.js')],
    environment: {
      SUBCTL_DATABASE: isEmbedded ? 'embedded' : 'external',
      ...(isEmbedded && { SUBCTL_HOME: database.home }),
      ...pinsOf(context, shown, input.runDue || input.daemon ? timetable : []),
    },
    secrets: secretsOf(context, input, shown),
    folder: isInFolder ? context.cwd : undefined,
    ...(isEmbedded && { home: database.home }),
    account: input.account ?? usual,
    scope,
    madeBy: madeBy(input),
  };
}

/** Returns the path of the coreutils program timeout, if installed. */
export function timeoutProgram(): string | undefined {
  return ['/usr/bin/timeout', '/bin/timeout', '/usr/local/bin/timeout'].find((file) => existsSync(file));
}
