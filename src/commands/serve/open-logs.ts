import { openLog } from '../../daemon/log.ts';
import type { ServerRequest } from '../../http/server.ts';
import type { Context } from '../context.ts';

/** The log of the server, on stderr: its own errors always, each request where a format is said or stderr is no terminal. */
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
    onBug: (error, path) => log.error({ err: bare(error), path: routeOf(path) }, 'a request failed'),
    ...(chosen !== 'none' && { log: { clock, onRequest: (facts) => log.info(facts, 'request') } }),
  };
}

/** The path without whom it was about. */
function routeOf(path: string): string {
  return path.replace(/^(\/v1\/customers\/)[^/]+/, '$1…');
}

/** What happened and where; a database's error would also have values of rows. */
function bare(error: unknown): Error {
  const { message, stack } = error instanceof Error ? error : new Error(String(error));
  return Object.assign(new Error(message), { stack });
}
