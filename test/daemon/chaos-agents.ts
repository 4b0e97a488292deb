import type { Connection } from '../../src/database/connect.ts';
import { type Runner, spawnNode } from './chaos-world.ts';

/** What was done to the runners, and what became of it. */
export interface Tally {
  kills: number;
  stops: number;
  restarts: number;
  crashes: number;
  cuts: number;
  silences: number;
  commands: number;
}

export interface Agents {
  daemons: (Runner & { stopped?: boolean })[];
  /** every line that a daemon or a crontab line wrote before it was replaced */
  logs: string[];
  tally: Tally;
  /** Starts what has ended anew. */
  revive(): void;
  /** A daemon, four times in five one that has a lease. */
  victim(): Promise<number>;
  kill(at: number): void;
  /** Stops a daemon for `ms`, then lets it go on. */
  freeze(at: number, ms: number): void;
  /** Kills a crontab line, if one is at work. */
  killCommand(): void;
  end(): Promise<void>;
}

export interface AgentsRequest {
  daemonFile: string;
  program: string;
  env: Record<string, string>;
  sql: () => Connection;
  now: () => Date;
  random: () => number;
  daemons: number;
  crontabs: number;
}

/** Five daemons and three crontabs, each of which starts `subctl run-due` again and again. */
export function startAgents(request: AgentsRequest): Agents {
  const { daemonFile, program, env, sql, now, random } = request;
  const tally: Tally = { kills: 0, stops: 0, restarts: 0, crashes: 0, cuts: 0, silences: 0, commands: 0 };
  const logs: string[] = [];
  const newDaemon = () => spawnNode([daemonFile], env);
  const daemons: (Runner & { stopped?: boolean })[] = Array.from({ length: request.daemons }, newDaemon);
  const commands = new Set<Runner>();
  let isOver = false;
  const crontabs = Array.from({ length: request.crontabs }, crontab);
  return {
    daemons,
    logs,
    tally,
    revive() {
      daemons.forEach((daemon, at) => {
        if (daemon.child.exitCode === null && daemon.child.signalCode === null) return;
        logs.push(daemon.log());
        daemons[at] = newDaemon();
      });
    },
    async victim() {
      const any = Math.floor(random() * daemons.length);
      if (random() < 0.2) return any;
      const rows = await sql()<{ owner: string }[]>`
        select lease_owner as owner from subctl.jobs where lease_until > clock_timestamp()`.catch(() => []);
      const busy = daemons.findIndex(({ child }) =>
        rows.some(({ owner }) => owner.includes(`process ${child.pid})`)),
      );
      return busy < 0 ? any : busy;
    },
    kill(at) {
      tally.kills += 1;
      daemons[at]!.child.kill('SIGKILL');
    },
    freeze(at, ms) {
      const daemon = daemons[at]!;
      if (daemon.stopped) return;
      tally.stops += 1;
      daemon.stopped = true;
      daemon.child.kill('SIGSTOP');
      setTimeout(() => {
        daemon.child.kill('SIGCONT');
        daemon.stopped = false;
      }, ms);
    },
    killCommand() {
      const [command] = commands;
      if (!command) return;
      tally.kills += 1;
      command.child.kill('SIGKILL');
    },
    async end() {
      isOver = true;
      for (const { child } of [...daemons, ...commands]) {
        child.kill('SIGCONT');
        child.kill('SIGTERM');
      }
      const late = setTimeout(() => daemons.forEach(({ child }) => child.kill('SIGKILL')), 10_000);
      await Promise.all([...daemons.map(({ ended }) => ended), ...crontabs]);
      clearTimeout(late);
      logs.push(...daemons.map(({ log }) => log()));
    },
  };

  async function crontab(): Promise<void> {
    while (!isOver) {
      const command = spawnNode([program, 'run-due', '--as-of', now().toISOString(), '--json'], env);
      commands.add(command);
      tally.commands += 1;
      await command.ended;
      commands.delete(command);
      logs.push(command.log());
      await new Promise((resolve) => setTimeout(resolve, 500 + random() * 2_000));
    }
  }
}
