import { call } from '../database/call.ts';
import type { Db } from '../database/connect.ts';

/** The zone in which instants of a customer are shown: its own at `at`, else the settings' (R4), also for unknown customers. */
export async function zoneOf(db: Db, customer: string, at: Date): Promise<string> {
  return (await call(db, 'subctl.zone_of', { customer, at }))!;
}
