import { readFile } from 'node:fs/promises';
import path from 'node:path';
import { Failure } from '../../domain/failure.ts';
import { importPrices, shippedPriceList } from '../../pricing/import-prices.ts';
import type { Outcome } from '../../terminal/outcome.ts';
import type { InputOf } from '../command.ts';
import type { Context } from '../context.ts';
import { write } from '../write.ts';
import type { importPricing as spec } from './spec.ts';

/** Adds the prices of a file. What was left out goes to stderr. */
export async function run(
  context: Context,
  { file, source: sources }: InputOf<typeof spec>,
): Promise<Outcome> {
  const list =
    file === undefined
      ? shippedPriceList()
      : { file, text: await readText(path.resolve(context.cwd, file), file) };
  const done = await write(
    context,
    { action: 'pricing import', asked: { file: list.file, sources } },
    (tx, change) => importPrices(tx, change, { ...list, sources }),
  );
  const { added, revised, unchanged, leftOut, warnings } = done;
  const changes = done.changes.map(({ effectiveFrom, ...each }) => ({
    ...each,
    effective_from: effectiveFrom,
  }));
  return {
    record: {
      file: list.file,
      added,
      revised,
      unchanged,
      left_out: leftOut,
      changes,
      warnings,
      dry_run: context.dryRun,
    },
    sections: [
      {
        entries: [
          [context.dryRun ? 'would add' : 'added', added],
          ['revised', revised],
          ['unchanged', unchanged],
        ],
      },
      ...(changes.length === 0 ? [] : [{ columns, rows: changes }]),
    ],
    notes: [
      ...warnings.map((warning) => `warning: ${warning}`),
      ...leftOut.map(
        ({ provider, model, component, reason }) => `left out: ${provider}/${model} ${component}: ${reason}`,
      ),
    ],
  };
}

const columns = [
  { key: 'provider' },
  { key: 'model' },
  { key: 'component' },
  { key: 'effective_from', title: 'from' },
  { key: 'before', show: (value: unknown) => (value as string | null) ?? 'none' },
  { key: 'after' },
];

async function readText(file: string, given: string): Promise<string> {
  try {
    return await readFile(file, 'utf8');
  } catch (error) {
    const kind = (error as NodeJS.ErrnoException).code === 'ENOENT' ? 'not_found' : 'usage';
    throw new Failure(kind, `The file ${given} cannot be read: ${(error as Error).message}`, {
      cause: error,
    });
  }
}
