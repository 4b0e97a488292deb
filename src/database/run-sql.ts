import type { Db } from './connect.ts';

/** Runs the SQL of a file as it stands. An error's message and stack begin with `place`, so that one sees which file is at fault. */
export async function runSql(tx: Db, text: string, place: string): Promise<void> {
  try {
    await tx.unsafe(text);
  } catch (error) {
    if (error instanceof Error) {
      const said = error.message;
      error.message = `${place}: ${said}`;
      const value = error.stack?.replace(said, () => error.message);
      Object.defineProperty(error, 'stack', { value, writable: true, configurable: true }); // the driver's cannot be assigned on Node 22
    }
    throw error;
  }
}
