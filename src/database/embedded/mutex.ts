import { createHash } from 'node:crypto';
import * as fs from 'node:fs';
import { createServer } from 'node:net';
import path from 'node:path';

export type Unlock = () => Promise<void>;

/**
 * Takes the mutex of the folder `home` (which exists), or gives undefined while another process has it. The kernel holds it and drops
 * it when its process ends, however it ends: an abstract socket on Linux, a named pipe on Windows, a file lock on macOS. A lock file
 * would outlive a killed command.
 */
export function takeMutex(home: string): Promise<Unlock | undefined> {
  if (process.platform === 'darwin') return Promise.resolve(lockFile(path.join(home, '.lock')));
  const hash = createHash('sha256').update(fs.realpathSync(home)).digest('hex').slice(0, 24);
  const name = process.platform === 'win32' ? `\\\\.\\pipe\\subctl-start-${hash}` : `\0subctl-start-${hash}`;
  return new Promise((resolve, reject) => {
    const server = createServer((client) => client.destroy());
    server.once('error', (error: NodeJS.ErrnoException) =>
      error.code === 'EADDRINUSE' ? resolve(undefined) : reject(error),
    );
    server.listen(name, () => {
      server.unref();
      resolve(() => new Promise<void>((closed) => server.close(() => closed())));
    });
  });
}

/** macOS only: O_EXLOCK (0x20) locks while opening. Untried. */
function lockFile(file: string): Unlock | undefined {
  const { O_RDWR, O_CREAT, O_NONBLOCK } = fs.constants;
  try {
    const descriptor = fs.openSync(file, O_RDWR | O_CREAT | O_NONBLOCK | 0x20, 0o600);
    return () => Promise.resolve(fs.closeSync(descriptor));
  } catch (error) {
    if ((error as NodeJS.ErrnoException).code === 'EAGAIN') return undefined;
    throw error;
  }
}
