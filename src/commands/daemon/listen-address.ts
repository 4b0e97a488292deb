import { Failure } from '../../domain/failure.ts';

/** Reads `host:port`, `[::1]:9464`, or a port alone for loopback; `none` is undefined. @throws Failure usage */
export function parseListen(text: string): { host: string; port: number } | undefined {
  if (text === 'none') return undefined;
  const found = /^(?:(\[[0-9A-Fa-f:.]+\]|[^:\s]+):)?(\d{1,5})$/.exec(text.trim());
  const port = Number(found?.[2]);
  if (found && port <= 65_535) return { host: (found[1] ?? '127.0.0.1').replace(/^\[|\]$/g, ''), port };
  throw new Failure('usage', `'${text}' is not a listen address`, {
    hint: 'Give host:port, such as 127.0.0.1:9464, or none',
  });
}
