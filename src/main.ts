import { Failure } from './domain/failure.ts';
import { run } from './run.ts';

/** Runs the process's command line and gives its exit code. The first signal lets the work at hand finish, the second ends it at once. */
export async function main(): Promise<number> {
  const { argv, env, stdin, stdout, stderr } = process;
  const controller = new AbortController();
  const onSignal = (name: NodeJS.Signals) => {
    process.off('SIGINT', onSignal).off('SIGTERM', onSignal);
    controller.abort(
      name === 'SIGINT' ? new Failure('interrupted', 'Interrupted') : new Failure('terminated', 'Terminated'),
    );
  };
  process.on('SIGINT', onSignal).on('SIGTERM', onSignal);
  try {
    return await run(argv.slice(2), {
      env,
      stdin,
      stdout,
      stderr,
      cwd: process.cwd(),
      signal: controller.signal,
    });
  } finally {
    process.off('SIGINT', onSignal).off('SIGTERM', onSignal);
  }
}
