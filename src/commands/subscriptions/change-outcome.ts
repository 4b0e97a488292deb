import type { RecordOutcome } from '../../terminal/outcome.ts';
import type { Context } from '../context.ts';

/** The output of a change: one sentence as a note, and its record. Text output omits empty values. */
export function changeOutcome(
  context: Context,
  { sentence, ...record }: Record<string, unknown> & { sentence: string },
): RecordOutcome {
  context.note(`${sentence}${context.dryRun ? ' (dry run: nothing was changed)' : ''}`);
  const entries = Object.entries(record)
    .filter(([key, value]) => value !== null && !['changed', 'subscription'].includes(key))
    .map(([key, value]) => [key.replaceAll('_', ' '), value] as const);
  return { record, sections: [{ entries }] };
}
