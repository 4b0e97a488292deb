import { Failure } from './domain/failure.ts';
import { run } from './run.ts';

/**
 * Runs the process's command line and gives its exit code. The first signal has the command end in an orderly way, the second ends the
 * process at once; so does the first where something keeps the process afterwards, as a pipe that is opened and that nobody reads.
 */
export async function main(): Promise<number> {
  const controller = new AbortController();
  let came: NodeJS.Signals | undefined;
  const onSignal = (name: NodeJS.Signals) => {
    came = name;
    // not before the other listeners had it: inquirer's would end the process where they are the only ones
    setImmediate(() => process.off('SIGINT', onSignal).off('SIGTERM', onSignal));
    controller.abort(
      name === 'SIGINT' ? new Failure('interrupted', 'Interrupted') : new Failure('terminated', 'Terminated'),
    );
  };
  process.on('SIGINT', onSignal).on('SIGTERM', onSignal);
  const surroundings = {
    env: process.env,
    cwd: process.cwd(),
    signal: controller.signal,
    stdout: process.stdout,
    // made by the process when they are first asked for
    get stdin() {
      return process.stdin;
    },
    get stderr() {
      return process.stderr;
    },
  };
  try {
    const code = await run(process.argv.slice(2), surroundings);
    if (came && code > 128) setTimeout(() => process.kill(process.pid, came), 250).unref();
    return code;
  } finally {
    process.off('SIGINT', onSignal).off('SIGTERM', onSignal);
  }
}
