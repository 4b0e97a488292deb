import { availableParallelism, loadavg } from 'node:os';

/**
 * A limit for what has to be quick, on this machine now: `ms` where its cores are free, and longer by as much as more wants to run than there
 * are cores. For the few tests whose subject is time; all others wait for an event, and the runner's time-out ends only what hangs.
 */
export function scaled(ms: number, load = loadavg()[0]!, cores = availableParallelism()): number {
  return Math.ceil(ms * Math.max(1, (2 * load) / cores));
}
