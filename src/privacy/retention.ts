import type { Change } from '../database/change.ts';
import type { Db } from '../database/connect.ts';
import { Failure } from '../domain/failure.ts';
import { nearest } from '../domain/nearest.ts';
import { listSettings } from '../settings/list-settings.ts';
import { setSetting, type SetSetting } from '../settings/set-setting.ts';

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

const rules: Readonly<Record<string, Rule>> = {
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
  return Object.entries(rules).map(([table, { setting, more = 0, fixed, about }]) => {
    const row = setting === undefined ? undefined : settings.get(setting)!;
    const kept = row ? lengthOf(row.value ?? '0', more, row.unit) : fixed!;
    return { table, kept, setting: setting ?? null, about };
  });
}

/**
 * Sets how long a table's rows are kept: `text` is a number of the setting's unit, with or without the unit's letter (`30d`, `24mo`), or
 * `forever` where that can be chosen. The task prune does it at its next run.
 * @throws Failure usage for another text, not_found for a table without a rule, refused for one that has no choice
 */
export async function setRetention(
  tx: Db,
  change: Change,
  { table, text }: { table: string; text: string },
): Promise<SetSetting & { table: string }> {
  const rule = rules[table];
  const choosable = Object.keys(rules).filter((name) => rules[name]!.setting && !rules[name]!.more);
  if (!rule)
    throw new Failure('not_found', `There is no rule for a table '${table}'`, {
      hint: `${nearest(table, choosable) ?? choosable.join(', ')}: subctl retention list`,
    });
  if (!choosable.includes(table))
    throw new Failure('refused', `How long ${table} is kept cannot be chosen by itself`, {
      hint: rule.more ? `it follows: subctl config set ${rule.setting} DAYS` : 'see: subctl retention list',
    });
  const isMonths = rule.setting === 'events_months';
  const [, number] = (isMonths ? /^(\d+)(?:mo)?$/ : /^(\d+)d?$/).exec(text.trim()) ?? [];
  if (number === undefined && text !== 'forever')
    throw new Failure('usage', `The time '${text}' is no number of ${isMonths ? 'months' : 'days'}`, {
      hint: `as ${isMonths ? '24 or 24mo' : '30 or 30d'}`,
    });
  if (number === undefined && rule.setting !== 'notices_days')
    throw new Failure('usage', `${table} cannot be kept for ever`, {
      hint: isMonths ? '1200 months are the most' : '3650 days are the most',
    });
  return { table, ...(await setSetting(tx, change, { key: rule.setting!, text: number ?? '0' })) };
}

function lengthOf(value: string, more: number, unit: string): string {
  const number = Number.parseInt(value, 10) + more;
  if (number === 0) return 'for ever';
  return `${number} ${number === 1 ? unit.replace(/s$/, '') : unit}`;
}
