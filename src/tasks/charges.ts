import { askProvider, findAttempt, intendCharge, settleCharge } from '../billing/charge.ts';
import { askRefund, getRefund, settleRefund } from '../billing/refund.ts';
import type { Connection, Db } from '../database/connect.ts';
import { Failure } from '../domain/failure.ts';
import type { Gateway } from '../payments/gateway.ts';
import { refuseCharge } from '../billing/refuse-charge.ts';
import { mapWithConcurrency } from './map-with-concurrency.ts';
import { addDeadLetter, removeDeadLetter } from '../database/dead-letters.ts';
import type { FencedWriter } from './fenced-writer.ts';
import type { DueRow, TaskResult } from './task.ts';
import type { TaskOptions } from './task-options.ts';

const task = 'handle-renewals';
const pageSize = 200;

/** What is to be asked of the payment provider now: attempts to charge, and attempts that were begun. Those that wait as parked are left out. */
export async function listCharges(db: Db, ask: TaskOptions, batch: number | null): Promise<DueRow[]> {
  const { asOf } = ask;
  const customer = ask.customer ?? null;
  return db<DueRow[]>`
  select c.customer_id as customer, c.subject::text as subject, c.action, c.reason, c.due_at
    from subctl.due_charges c
   where c.due_at <= ${asOf} and (${customer}::text is null or c.customer_id = ${customer})
     and not exists (select from subctl.parked k
                      where k.task = ${task} and k.customer_id = c.customer_id and k.id = c.subject::text and (k.next_try_at is null or k.next_try_at > ${asOf}))
   order by c.due_at, c.customer_id, c.subject limit ${batch}`;
}

/**
 * Charges what is due, one row at a time and a bounded number at once. Each is written as intended and
 * committed, then asked for, then settled: whatever breaks in between, the next run looks before it asks. A row that fails is parked under
 * its own id; a wrong key ends the run.
 * @throws Failure config when there is something to charge and no provider is set up
 */
export async function charge(
  connection: Connection,
  { batch, ask, worked: result, gateway }: Charging,
): Promise<void> {
  const seen = new Set<string>();
  for (;;) {
    const room =
      ask.limit === undefined ? pageSize : Math.min(pageSize, ask.limit - result.done - result.parked);
    if (room <= 0) return;
    const rows = (await listCharges(connection, ask, seen.size + room)).filter(
      ({ subject }) => !seen.has(subject),
    );
    if (rows.length === 0) return;
    const provider = await gateway();
    const atOnce = await readConcurrency(connection);
    rows.forEach(({ subject }) => seen.add(subject));
    const done = await mapWithConcurrency(
      rows,
      { concurrency: atOnce, shouldStop: () => batch.shouldStop() },
      async (row) => {
        seen.add(await chargeOne({ db: connection, batch, ask, gateway: provider }, row, result));
        batch.progress(result.done);
      },
    );
    if (!done) {
      result.stopped = true;
      return;
    }
  }
}

interface Charging {
  batch: FencedWriter;
  ask: TaskOptions;
  worked: TaskResult;
  /** opened when there is something to charge */
  gateway: () => Promise<Gateway>;
}

/** How many are asked for at once: the setting charges_at_once. How fast they may be asked is the gateway's to keep. */
async function readConcurrency(db: Db): Promise<number> {
  const [row] = await db<
    [{ n: number }]
  >`select coalesce(subctl_internal.setting('charges_at_once')::int, 8) as n`;
  return row.n;
}

interface Work {
  db: Db;
  batch: FencedWriter;
  gateway: Gateway;
  ask: TaskOptions;
}

/** Does one row, and gives the id that it is known by from now on: that of the attempt, if there is one. What cannot be done now is parked. */
async function chargeOne(work: Work, row: DueRow, result: TaskResult): Promise<string> {
  const { batch, ask } = work;
  const { customer, action, reason, due_at: dueAt } = row;
  const held = { id: row.subject };
  try {
    const outcome = await (action === 'refund' ? refundOne(work, row) : askOne(work, row, held));
    if (outcome === undefined) result.skipped += 1;
    else {
      result.done += 1;
      if (ask.keepRows) result.rows.push({ ...row, reason: `${reason}: ${outcome}` });
      if (outcome.startsWith('failed')) result.notes.push(`${customer}: ${reason}: ${outcome}`);
    }
  } catch (error) {
    if (!(error instanceof Failure) || !/^(unavailable|refused|not_found)$/.test(error.kind)) throw error;
    const parked = { task, customer, id: held.id, payload: { action, reason, due_at: dueAt } };
    await batch.write((tx) => addDeadLetter(tx, parked, error, ask.asOf));
    result.parked += 1;
  }
  return held.id;
}

async function askOne(
  { db, batch, gateway }: Work,
  row: DueRow,
  held: { id: string },
): Promise<string | undefined> {
  const { customer, subject } = row;
  const attempt = await batch.write((tx, change) =>
    row.action === 'charge'
      ? intendCharge(tx, change, { customer, invoice: subject, provider: gateway.provider })
      : findAttempt(tx, { customer, payment: subject, change }),
  );
  if (!attempt) return undefined;
  held.id = attempt.payment;
  const answer = await askProvider(db, gateway, attempt).catch(async (error: unknown) => {
    await batch.write((tx, change) => refuseCharge(tx, change, { attempt, error }));
    return asRefused(error);
  });
  await batch.write(async (tx, change) => {
    await settleCharge(tx, change, { attempt, answer });
    await removeDeadLetter(tx, { task, customer, id: held.id });
  });
  return answer.charge.outcome.status;
}

/** A conflict with what the provider has is this row's alone (R41); only that of the lease ends the run. */
function asRefused(error: unknown): never {
  if (error instanceof Failure && error.kind === 'conflict')
    throw new Failure('refused', error.message, { hint: error.hint, cause: error });
  throw error;
}

async function refundOne({ batch, gateway }: Work, { customer, subject: id }: DueRow): Promise<string> {
  const refund = await batch.write((tx) => getRefund(tx, { customer, id }));
  const answer = await askRefund(() => Promise.resolve(gateway), refund);
  await batch.write(async (tx, change) => {
    await settleRefund(tx, change, { refund, answer });
    await removeDeadLetter(tx, { task, customer, id });
  });
  return answer.error === undefined ? answer.status : `${answer.status}: ${answer.error}`;
}
