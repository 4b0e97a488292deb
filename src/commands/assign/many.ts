import { readCsv } from '../../files/read-csv.ts';
import type { Change } from '../../database/change.ts';
import type { Db } from '../../database/connect.ts';
import { Failure } from '../../domain/failure.ts';
import { assignAllWithoutPlan } from '../../subscriptions/assign-all.ts';
import { assignFile, assignmentColumns } from '../../subscriptions/assign-file.ts';
import type { Outcome, Row } from '../../terminal/outcome.ts';
import type { Progress } from '../../terminal/progress.ts';
import { type Rejects, openRejects } from '../../terminal/rejects.ts';
import type { Context } from '../context.ts';
import { openInput } from '../open-input.ts';
import { write } from '../write.ts';
import { type TermOptions, termsOf } from './terms.ts';

type Input = TermOptions & Record<'customer' | 'plan' | 'fromFile' | 'rejects', string | undefined>;

/** Assigns a plan to every customer without one. */
export async function assignAll(context: Context, input: Input): Promise<Outcome> {
  if (input.plan !== undefined) {
    throw new Failure('usage', '--all-without-plan takes a plan and no customer', {
      hint: 'subctl assign PLAN --all-without-plan',
    });
  }
  const terms = termsOf(input);
  const asked = { plan: input.customer, all_without_plan: true, ...terms };
  return assignMany(
    context,
    { input, asked, label: 'customers done' },
    async (tx, change, { rejects, progress }) => {
      const onReject = ({ customer, reason }: { customer: string; reason: string }) =>
        rejects.add({ line: 0, reason, values: { customer } });
      const request = { ...terms, plan: input.customer, onReject, onProgress: progress.update };
      const { plan, assigned, rejected } = await assignAllWithoutPlan(tx, change, request);
      context.note(
        `${assigned} customers without a plan ${context.dryRun ? 'would get' : 'have'} ${plan}${context.dryRun ? '' : ' now'}`,
      );
      return { plan, assigned, rejected };
    },
  );
}

/** Assigns the plans of a file. */
export async function assignFrom(context: Context, input: Input): Promise<Outcome> {
  if (input.customer !== undefined)
    throw new Failure('usage', '--from-file takes no arguments: the customers and plans are in the file');
  const terms = termsOf(input);
  const asked = { from_file: input.fromFile, ...terms };
  return assignMany(context, { input, asked, label: 'rows read' }, (tx, change, { rejects, progress }) => {
    const rows = readCsv(openInput(context, input.fromFile!), assignmentColumns);
    return assignFile(tx, change, { ...terms, rows, onReject: rejects.add, onProgress: progress.update });
  });
}

type Work = (
  tx: Db,
  change: Change,
  show: { rejects: Rejects; progress: Progress },
) => Promise<Row & { rejected: number }>;

async function assignMany(
  context: Context,
  { input, asked, label }: { input: Input; asked: Row; label: string },
  work: Work,
): Promise<Outcome> {
  const rejects = await openRejects(input.rejects, context);
  const progress = context.progress(label);
  try {
    const done = await write<Row & { rejected: number }>(
      context,
      { action: 'assign', asked },
      async (tx, change) => {
        await rejects.clear();
        return work(tx, change, { rejects, progress });
      },
    );
    progress.stop();
    await rejects.close();
    return {
      record: { ...done, dry_run: context.dryRun },
      ...(done.rejected > 0 && { exit: 'incomplete' as const }),
    };
  } finally {
    progress.stop();
    await rejects.abandon();
  }
}
