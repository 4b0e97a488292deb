import { isIP } from 'node:net';
import { decode, encoding, refused, wholeNumber } from './url-values.ts';

/** The servers of an address: as many ports as hosts, and as many addresses where there are any. */
export interface Servers {
  hosts: string[];
  ports: number[];
  hostaddrs?: string[] | undefined;
}

/**
 * The servers that a URL's authority and parameters name, as libpq reads them: a parameter counts before the authority, and lists must be
 * equally long, but one port may serve all hosts. Without any host it is localhost.
 */
export function readServers(authority: string, asked: ReadonlyMap<string, string>): Servers {
  const named = readAuthority(authority);
  const hosts = listOf(asked.get('host')) ?? named.hosts;
  const addresses = listOf(asked.get('hostaddr'));
  for (const address of addresses ?? [])
    if (isIP(address) === 0) throw refused(`hostaddr is '${address}', and that is not an IP address`);
  const all = hosts ?? addresses ?? [''];
  if (addresses && addresses.length !== all.length) throw refused(unequal(all, addresses, 'addresses'));
  const ports = listOf(asked.get('port')) ?? named.ports ?? [''];
  if (ports.length !== 1 && ports.length !== all.length) throw refused(unequal(all, ports, 'ports'));
  return {
    hosts: all.map((host) => host || 'localhost'),
    ports: all.map((_, at) =>
      wholeNumber('the port', ports[ports.length === 1 ? 0 : at] || '5432', 1, 65535),
    ),
    ...(addresses && { hostaddrs: addresses }),
  };
}

/** Neither hosts nor ports where the authority names none, so that variables may. */
function readAuthority(authority: string): { hosts: string[] | undefined; ports: string[] | undefined } {
  const found = authority.split(',').map((one) => {
    const match = /^(\[[0-9A-Fa-f:.%\w]+\]|[^:[\]]*)(?::(\d*))?$/.exec(one.trim());
    if (!match) throw refused(encoding);
    return { host: decode(match[1] ?? '').replace(/^\[|\]$/g, ''), port: match[2] ?? '' };
  });
  return {
    hosts: found.some(({ host }) => host) ? found.map(({ host }) => host) : undefined,
    ports: found.some(({ port }) => port) ? found.map(({ port }) => port) : undefined,
  };
}

function listOf(value: string | undefined): string[] | undefined {
  return value ? value.split(',').map((one) => one.trim()) : undefined;
}

function unequal(hosts: readonly string[], others: readonly string[], what: string): string {
  return `it names ${hosts.length} hosts and ${others.length} ${what}`;
}
