import type { Db } from '../database/connect.ts';
import { listSettings } from '../settings/list-settings.ts';

/** How long the rows of a table are kept, and by which setting; without one it cannot be chosen. */
export interface Retention {
  table: string;
  /** `13 months`, `for ever` */
  kept: string;
  setting: string | null;
  about: string;
}

interface Rule {
  setting?: string;
  /** what it says beside the setting's days */
  more?: number;
  fixed?: string;
  about: string;
}

/** How long each table's rows are kept, by a setting or fixed. */
export const retentionRules: Readonly<Record<string, Rule>> = {
  usage_events: { setting: 'events_months', about: 'whole months whose windows are closed' },
  job_runs: { setting: 'runs_days', about: 'runs of tasks that are over' },
  stripe_events: { setting: 'webhooks_days', about: 'webhooks that are processed or ignored' },
  notifications: { setting: 'notices_days', about: 'what sent notices said; that they were sent stays' },
  usage_keys: { setting: 'lateness_days', more: 10, about: 'keys of uses, until none can come back' },
  reservations: { setting: 'lateness_days', more: 10, about: 'reservations that are over' },
  usage_rolling_totals: { setting: 'lateness_days', more: 42, about: 'running totals of rolling windows' },
  customers: { fixed: 'until erased', about: 'names and addresses, members too: subctl customers erase' },
  invoices: { fixed: 'for ever', about: 'invoices, payments and refunds: bookkeeping' },
  credit_entries: { fixed: 'for ever', about: 'the ledger of credits' },
  usage_counters: { fixed: 'for ever', about: 'what was used in each window' },
  audit_log: { fixed: 'for ever', about: 'who changed what, without values of personal fields' },
};

/** Every rule, those that can be chosen first. */
export async function listRetention(db: Db): Promise<Retention[]> {
  const settings = new Map((await listSettings(db)).map((row) => [row.key, row]));
  return Object.entries(retentionRules).map(([table, { setting, more = 0, fixed, about }]) => {
    const row = setting === undefined ? undefined : settings.get(setting)!;
    const kept = row ? lengthOf(row.value ?? '0', more, row.unit) : fixed!;
    return { table, kept, setting: setting ?? null, about };
  });
}

function lengthOf(value: string, more: number, unit: string): string {
  const number = Number.parseInt(value, 10) + more;
  if (number === 0) return 'for ever';
  return `${number} ${number === 1 ? unit.replace(/s$/, '') : unit}`;
}
