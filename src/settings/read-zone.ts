import type { Db } from '../database/connect.ts';

/** The zone of the settings (IANA), UTC unless set. */
export async function readZone(db: Db): Promise<string> {
  const [row] = await db<
    { timezone: string }[]
  >`select coalesce(subctl_internal.setting('timezone'), 'UTC') as timezone`;
  return row!.timezone;
}
