/** How many rows the next page takes. */
export interface BatchSizer {
  readonly size: number;
  /** A page of `rows` took so long. */
  measured(rows: number, ms: number): void;
}

const aimMs = 30;

/**
 * Pages as large as what is done in some 30 ms: whoever records a use of one of a page's customers waits until its commit, and that
 * should not be felt. A page at most doubles, so that one lucky reading makes no giant. A size that was asked for stays.
 */
export function createBatchSizer(asked?: number, { least, most } = { least: 200, most: 1_000 }): BatchSizer {
  let size = asked ?? Math.min(250, most);
  return {
    get size() {
      return size;
    },
    measured(rows, ms) {
      if (asked !== undefined || rows === 0) return;
      const fitting = Math.round((rows * aimMs) / Math.max(ms, 1));
      size = Math.min(Math.max(fitting, least), most, 2 * size);
    },
  };
}
