import net from 'node:net';
import type { Address } from './address.ts';
import { type Connection, connectTo } from './connect.ts';

/** A pool that can be let go of at once, whatever its connections wait for. */
export interface Pool {
  db: Connection;
  /** Ends the pool and destroys its sockets: those that a dead network keeps open would keep the process, too. */
  letGo(): Promise<void>;
}

/** What postgres.js gives to the maker of its sockets: a path, or hosts and ports of which it tries one after the other. */
interface Target {
  path: string | undefined;
  host: string[];
  port: number[];
}

/** `connectTo`, with sockets that are known. */
export function openPool(address: Address, max?: number): Pool {
  const sockets = new Set<net.Socket>();
  let next = 0;
  const socket = ({ path, host, port }: Target): net.Socket => {
    const made = new net.Socket();
    sockets.add(made);
    made.once('close', () => sockets.delete(made));
    if (path) return made.connect(path);
    const at = next++ % port.length;
    // the driver reads the server's name from here when it checks its certificate
    return Object.assign(made.connect(port[at]!, host[at]!), { host: host[at], port: port[at] });
  };
  const db = connectTo(address, max, { socket });
  return {
    db,
    async letGo() {
      await db.end({ timeout: 0 }).catch(() => undefined);
      for (const open of sockets) open.destroy();
    },
  };
}
