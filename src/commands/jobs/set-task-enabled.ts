import { setEnabled } from '../../tasks/pause.ts';
import type { Outcome } from '../../terminal/outcome.ts';
import type { Context } from '../context.ts';
import { write } from '../write.ts';

/** Pauses or resumes a task, and prints when it is next due. */
export async function setTaskEnabled(
  context: Context,
  asked: { task: string; enabled: boolean },
): Promise<Outcome> {
  const action = asked.enabled ? 'jobs resume' : 'jobs pause';
  const record = await write(context, { action, asked: { task: asked.task } }, (tx, change) =>
    setEnabled(tx, change, asked),
  );
  const state = asked.enabled ? 'in the timetable' : 'paused';
  const done = context.dryRun ? `would be ${state}` : `is ${state} now`;
  const words = record.changed ? done : `was ${state} already`;
  return {
    record,
    sections: [
      {
        entries: [
          [asked.task, words],
          ['next due', record.next_due],
        ],
      },
    ],
  };
}
