import type { Change } from '../database/change.ts';
import type { Db } from '../database/connect.ts';
import { Failure } from '../domain/failure.ts';
import { nearest } from '../domain/nearest.ts';
import { type SetSetting, setSetting } from '../settings/set-setting.ts';
import { retentionRules } from './retention.ts';

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
  const rule = retentionRules[table];
  const choosable = Object.keys(retentionRules).filter(
    (name) => retentionRules[name]!.setting && !retentionRules[name]!.more,
  );
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
