import { databaseSettings, shownSetting } from '../config/database-settings.ts';
import type { SettingValue } from '../config/database-setting.ts';
import type { Db } from '../database/connect.ts';

/** A setting of the database as it stands. */
export interface SettingRow {
  key: string;
  value: string | null;
  unit: string;
  /** where the value is from: the database, where somebody has set it, or the default */
  source: 'database' | 'default';
  default: string | null;
  about: string;
  values: string;
  changed_at: Date | null;
}

/** Every setting of the database in the order of the registry. */
export async function listSettings(db: Db): Promise<SettingRow[]> {
  const rows = await db<{ key: string; value: SettingValue; at: Date | null }[]>`
    select key, value, updated_at as at from subctl.settings`;
  const stored = new Map(rows.map((row) => [row.key, row]));
  return databaseSettings.map(({ key, unit, default: preset, about, values }) => {
    const row = stored.get(key);
    const value = shownSetting(row?.value ?? preset);
    const source = value === shownSetting(preset) ? 'default' : 'database';
    return {
      key,
      value,
      unit,
      source,
      default: shownSetting(preset),
      about,
      values,
      changed_at: row?.at ?? null,
    };
  });
}
