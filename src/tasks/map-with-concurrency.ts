/**
 * Does `work` for each row, at most `concurrency` of them at a time. The first error stops what has not begun, waits for what has, and is
 * thrown. False when it was told to stop before all were begun.
 */
export async function mapWithConcurrency<T>(
  rows: readonly T[],
  { concurrency, shouldStop }: { concurrency: number; shouldStop: () => boolean },
  work: (row: T) => Promise<void>,
): Promise<boolean> {
  const waiting = [...rows];
  const failed: unknown[] = [];
  const runner = async (): Promise<void> => {
    while (failed.length === 0 && !shouldStop()) {
      const row = waiting.shift();
      if (row === undefined) return;
      await work(row).catch((error: unknown) => failed.push(error));
    }
  };
  await Promise.all(Array.from({ length: Math.min(concurrency, rows.length) }, runner));
  if (failed.length > 0) throw failed[0];
  return waiting.length === 0;
}
