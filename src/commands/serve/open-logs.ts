import { openLog } from '../../daemon/log.ts';
import type { ServerRequest } from '../../http/server.ts';
import type { Context } from '../context.ts';

/** Opens the server log on stderr. It always has internal errors; it has requests if a format is given or stderr is not a terminal. */
export function openLogs(
  { terminal, clock, quiet }: Context,
  format: 'json' | 'text' | 'none' | undefined,
): Pick<ServerRequest, 'onBug' | 'log'> {
  const chosen = format ?? (terminal.errIsTerminal ? 'none' : 'json');
  const log = openLog({
    write: (line) => terminal.err(line),
    format: chosen === 'json' ? 'json' : 'text',
    level: quiet ? 'warn' : 'info',
  });
  return {
    onBug: (error, path) => log.error({ err: bare(error), path: routeOf(path) }, 'request failed'),
    ...(chosen !== 'none' && { log: { clock, onRequest: (facts) => log.info(facts, 'request') } }),
  };
}

/** Removes the customer id from a path. */
function routeOf(path: string): string {
  return path.replace(/^(\/v1\/customers\/)[^/]+/, '$1…');
}

/** Keeps only message and stack: a database error can contain values of rows. */
function bare(error: unknown): Error {
  const { message, stack } = error instanceof Error ? error : new Error(String(error));
  return Object.assign(new Error(message), { stack });
}
