import { afterAll } from 'vitest';
import type { Connection } from '../../src/database/connect.ts';

/** Opens connections and ends them after the file's last test. */
export function connections(open: (account: string) => Connection) {
  const opened: Connection[] = [];
  afterAll(() => Promise.all(opened.map((one) => one.end({ timeout: 5 }))));
  return {
    asAccount(account: string): Connection {
      const one = open(account);
      opened.push(one);
      return one;
    },
  };
}
