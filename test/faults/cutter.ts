import { connect, createServer, type Socket } from 'node:net';
import type { AddressInfo } from 'node:net';

/** Where a connection breaks: before a statement comes to the server, or when its answer would come back. */
export interface Cut {
  /** counted from 1, over all connections since `arm` */
  statement: number;
  when: 'before' | 'after';
}

/** A way to a server that breaks at a statement, and from then on leads nowhere: for whoever uses it the database is gone. */
export interface Cutter {
  port: number;
  arm(cut?: Cut): void;
  /** statements that came since `arm` */
  count(): number;
  close(): Promise<void>;
}

const [query, execute] = ['Q'.charCodeAt(0), 'E'.charCodeAt(0)];

/** Counts the simple queries and executions of PostgreSQL's protocol on the way to the unix socket `to`. */
export async function openCutter(to: string): Promise<Cutter> {
  let [seen, isGone] = [0, false];
  let armed: Cut | undefined;
  const pairs = new Set<readonly [Socket, Socket]>();
  const breakAll = () => {
    isGone = true;
    for (const pair of pairs) pair.forEach((one) => one.destroy());
  };
  const server = createServer((client) => {
    if (isGone) return void client.destroy();
    const target = connect(to);
    const pair = [client, target] as const;
    pairs.add(pair);
    let isAwaited = false;
    const messages = readMessages((type) => {
      if (type !== query && type !== execute) return 'on';
      seen += 1;
      if (armed?.statement !== seen) return 'on';
      if (armed.when === 'before') return 'stop';
      isAwaited = true;
      return 'on';
    });
    client.on('data', (data) => {
      const kept = messages(data);
      target.write(data.subarray(0, kept), () => kept < data.length && breakAll());
    });
    target.on('data', (data) => {
      // the answer that says ready: what ran is done, and committed where it was to be
      if (isAwaited && isReady(data)) return breakAll();
      if (!isAwaited) client.write(data);
    });
    for (const [one, other] of [pair, [target, client] as const])
      one.on('error', () => undefined).on('close', () => (pairs.delete(pair), other.destroy()));
  });
  await new Promise<void>((resolve) => server.listen(0, '127.0.0.1', resolve));
  return {
    port: (server.address() as AddressInfo).port,
    arm: (cut) => void ([armed, seen, isGone] = [cut, 0, false]),
    count: () => seen,
    close: () => new Promise((resolve) => (breakAll(), server.close(() => resolve()))),
  };
}

/** ReadyForQuery, wherever it stands: the answers to what was sent behind it may come in one piece with it. */
const ready = Buffer.from([...Buffer.from('Z'), 0, 0, 0, 5]);
const isReady = (data: Buffer): boolean => data.includes(ready) || data[0] === 'G'.charCodeAt(0); // or go on with the rows of a COPY

/** Calls `look` with the type of each message of a client as its head comes, and gives how many of the bytes may go on. */
function readMessages(look: (type: number) => 'on' | 'stop'): (data: Buffer) => number {
  let rest: Buffer = Buffer.alloc(0);
  let left = 0; // bytes of the message under way that are still to come
  let isStarted = false;
  return (data) => {
    const before = rest.length;
    const all = Buffer.concat([rest, data]);
    let at = Math.min(left, all.length);
    left -= at;
    while (left === 0 && all.length - at >= (isStarted ? 5 : 4)) {
      const length = all.readInt32BE(isStarted ? at + 1 : at) + (isStarted ? 1 : 0);
      if (isStarted && look(all.readUInt8(at)) === 'stop') return Math.max(0, at - before);
      isStarted = true;
      left = Math.max(0, length - (all.length - at));
      at = Math.min(all.length, at + length);
    }
    rest = left > 0 ? Buffer.alloc(0) : all.subarray(at);
    return data.length;
  };
}
