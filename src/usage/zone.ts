import { call } from '../database/call.ts';
import type { Db } from '../database/connect.ts';

/** The time zone for instants of a customer: its own at `at`, else that of the settings (R4), also for unknown customers. */
export async function zoneOf(db: Db, customer: string, at: Date): Promise<string> {
  return (await call(db, 'subctl_internal.zone_of', { customer, at }))!;
}
