import { setTimeout as sleep } from 'node:timers/promises';
import { type Daemon, listDaemons, requestStop } from '../../daemon/registry.ts';
import { Failure } from '../../domain/failure.ts';
import type { Column, Outcome } from '../../terminal/outcome.ts';
import type { Context } from '../context.ts';

const columns: Column[] = [
  { key: 'host' },
  { key: 'pid', title: 'process', align: 'right' },
  { key: 'program', title: 'version' },
  { key: 'started_at', title: 'started' },
  { key: 'seen_at', title: 'last seen' },
  { key: 'stop_requested', title: 'stopping', show: (value) => (value ? 'yes' : 'no') },
  { key: 'id', hidden: true },
];
const stopTimeoutMs = 30_000;

/** Lists the running daemons of this database. */
export async function showDaemons(context: Context, host: string | undefined): Promise<Outcome> {
  return outcomeOf(await listDaemons(await context.database(), host));
}

/** Asks the daemons to stop and waits for them. @throws Failure unavailable when one still runs after 30 seconds */
export async function askToStop(context: Context, host: string | undefined): Promise<Outcome> {
  const db = await context.database();
  if (context.dryRun) return outcomeOf(await listDaemons(db, host));
  const asked = await requestStop(db, host);
  const isThere = ({ id }: Daemon) => asked.some((one) => one.id === id);
  for (let waited = 0; waited < stopTimeoutMs && !context.signal.aborted; waited += 250) {
    const left = (await listDaemons(db, host)).filter(isThere);
    if (left.length === 0)
      return {
        ...outcomeOf(asked),
        notes: asked.map(({ host, pid }) => `Stopped: ${host} (process ${pid})`),
      };
    await sleep(250);
  }
  context.signal.throwIfAborted();
  throw new Failure('unavailable', 'Not every daemon has stopped yet; all were asked to stop', {
    hint: 'see: subctl daemon --list',
  });
}

function outcomeOf(daemons: readonly Daemon[]): Outcome {
  return { columns, rows: daemons.map((each) => ({ ...each })), empty: 'No daemon is running.' };
}
