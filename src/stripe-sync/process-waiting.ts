import type { Db } from '../database/connect.ts';
import { Failure } from '../domain/failure.ts';
import type { StripeAccount } from '../payments/stripe-account.ts';
import { failEvent, type InboxEvent, listWaiting, settleEvent } from './inbox.ts';
import { isMeterReport, noteOf, readMeterReport, writeUncounted } from './meter-reports.ts';
import type { Writer } from './mirror-customer.ts';
import { type Processed, processEvents, type Processing } from './process-events.ts';

/** Processes the waiting events: first reports of uncounted meter events, then events of customers. */
export async function processWaiting(
  db: Db,
  account: StripeAccount,
  write: Writer,
  asked: Processing,
): Promise<Processed[]> {
  const { now, ids, limit = 500 } = asked;
  const waiting = (await listWaiting(db, now, limit)).filter(({ id }) => !ids || ids.includes(id));
  const done: Processed[] = [];
  for (const event of waiting)
    if (isMeterReport(event.type)) done.push(await processReport(account, write, { event, now }));
  return [...done, ...(await processEvents(db, account, write, asked))];
}

async function processReport(
  account: StripeAccount,
  write: Writer,
  { event: { id, type }, now }: { event: InboxEvent; now: Date },
): Promise<Processed> {
  try {
    const report = await readMeterReport(account, id);
    return await write(async (tx, change) => {
      const customers = await writeUncounted(tx, change, report);
      const status = customers.length > 0 ? ('processed' as const) : ('ignored' as const);
      const [customer = null, note] = [customers[0], noteOf(report, customers)];
      await settleEvent(tx, id, { status, note, customer, now });
      return { id, type, status, customer, note };
    });
  } catch (error) {
    // a wrong key, an unavailable Stripe and a lost lease concern all events
    if (!(error instanceof Failure) || !/^(refused|not_found)$/.test(error.kind)) throw error;
    await write((tx) => failEvent(tx, id, { error: error.message, now }));
    return { id, type, status: 'failed', customer: null, note: error.message };
  }
}
