import { maskPath } from '../../config/mask.ts';
import { packageRoot } from '../../config/package-root.ts';
import { readSettings, type Settings } from '../../config/settings.ts';
import { runDaemon, type ProcessRequest, type Reading, type Said } from '../../daemon/process.ts';
import { usualLeaseMs } from '../../tasks/claim.ts';
import { pingUrlsOf } from '../../tasks/ping-urls.ts';
import { startPings } from '../../tasks/pings.ts';
import { type EffectiveEntry, effectiveTimetable } from '../../scheduler/effective.ts';
import type { Context } from '../context.ts';
import { currentBuild } from '../current-build.ts';

type Options = Pick<ProcessRequest, 'concurrency' | 'listen'> & { logFormat: 'json' | 'text' | undefined };

/** Runs the daemon in this process: signals, stderr, and settings that SIGHUP reloads. */
export async function runProcess(context: Context, { logFormat, ...options }: Options): Promise<void> {
  const { env, terminal, signal, verbose, quiet } = context;
  const talkative = verbose ? 'debug' : 'info';
  await import('../report-failure.ts'); // loaded now, because an update may have replaced the files when it ends
  await runDaemon({
    ...options,
    root: packageRoot(),
    ...{ env, signal },
    build: currentBuild(),
    read: () => read(context),
    writeLog: (line) => terminal.err(line),
    logFormat: logFormat ?? (terminal.errIsTerminal ? 'text' : 'json'),
    logLevel: quiet ? 'warn' : talkative,
    onReload(reload) {
      process.on('SIGHUP', reload);
      return () => process.off('SIGHUP', reload);
    },
  });
}

async function read({ env, cwd, common }: Context): Promise<Reading> {
  const { config, actor } = common as { config?: string; actor?: string };
  const settings = await readSettings({ env, cwd, config });
  const timetable = effectiveTimetable(settings.timetable);
  const urls = pingUrlsOf(settings.pings);
  return {
    configuration: { database: settings.database, timetable },
    leaseMs: settings.leaseMs ?? usualLeaseMs,
    actor: actor ?? settings.actor,
    settings,
    said: whatIsSaid(settings, timetable),
    openPings: (onProblem) => startPings(urls, { onProblem }),
  };
}

function whatIsSaid(settings: Settings, timetable: readonly EffectiveEntry[]): Map<string, Said> {
  const said = new Map<string, Said>();
  const say = (key: string, shown: string, is = shown) => said.set(key, { shown, is });
  for (const { key, value } of settings.shown) if (value !== undefined) say(key, value);
  const { url } = settings.database;
  if (url !== undefined) say('database_url', said.get('database_url')!.shown, url);
  for (const { task, cron, timezone = "the database's zone", enabled, catchUp, grace } of timetable)
    say(`timetable.${task}`, enabled ? `${cron} ${timezone} ${catchUp} ${grace ?? ''}`.trim() : 'off');
  for (const { task = 'url', url } of settings.pings) say(`pings.${task}`, maskPath(url), url);
  return said;
}
