import type { NeededRight } from '../../roles/lacks-right.ts';

/** To call a function of the engine. */
export const calls = (on: string): NeededRight => ({ right: 'execute', kind: 'function', on });

/** To call one that only reads. */
export const asks = (on: string): NeededRight => ({ ...calls(on), readsOnly: true });

/** To read a table, or these columns of it. */
export const reads = (on: string, ...columns: string[]): NeededRight => ({
  ...{ right: 'select' as const, kind: 'table' as const, on },
  ...(columns.length > 0 && { columns }),
});

/** To change a table. */
export const writes = (right: 'insert' | 'update', on: string): NeededRight => ({ right, kind: 'table', on });
