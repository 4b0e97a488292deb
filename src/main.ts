import { Failure } from './domain/failure.ts';
import { run } from './run.ts';

/** Runs the process's command line and gives its exit code. The first signal lets the work at hand finish, the second ends it at once. */
export async function main(): Promise<number> {
  const controller = new AbortController();
  const onSignal = (name: NodeJS.Signals) => {
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
    return await run(process.argv.slice(2), surroundings);
  } finally {
    process.off('SIGINT', onSignal).off('SIGTERM', onSignal);
  }
}
