import { eq } from 'drizzle-orm';
import { shownSetting } from '../config/database-settings.ts';
import type { DatabaseSetting, SettingValue } from '../config/database-setting.ts';
import { type Change, audit } from '../database/change.ts';
import type { Db } from '../database/connect.ts';
import { orm } from '../database/orm.ts';
import { settings } from '../database/schema/customers.ts';
import { checkTogether } from './check-together.ts';
import { getSetting } from './find-setting.ts';

/** A setting before and after. */
export interface SetSetting {
  key: string;
  value: string | null;
  before: string | null;
  changed: boolean;
}

/**
 * Sets a setting of the database to what `text` says.
 * @throws Failure usage for a value that it cannot have, refused for one that does not go with the others or comes too late
 */
export async function setSetting(
  tx: Db,
  change: Change,
  { key, text }: { key: string; text: string },
): Promise<SetSetting> {
  const setting = getSetting(key);
  return put(tx, change, { setting, value: setting.read(text) });
}

/** Takes a setting back to its default. Failure as above. */
export async function unsetSetting(tx: Db, change: Change, key: string): Promise<SetSetting> {
  const setting = getSetting(key);
  return put(tx, change, { setting, value: setting.default });
}

/** The default of a setting without a row from the start is no row. Settings are few, and changed one at a time. */
async function put(
  tx: Db,
  change: Change,
  { setting, value }: { setting: DatabaseSetting; value: SettingValue },
): Promise<SetSetting> {
  const { key } = setting;
  await tx`lock table subctl.settings in share row exclusive mode`;
  const isIt = eq(settings.key, key);
  const [row] = (await orm(tx).select({ value: settings.value }).from(settings).where(isIt)) as {
    value: SettingValue;
  }[];
  const before = shownSetting(row?.value ?? setting.default);
  const done = { key, value: shownSetting(value), before, changed: before !== shownSetting(value) };
  if (!done.changed) return done;
  await checkTogether(tx, { key, value, before: row?.value ?? setting.default, at: change.at });
  if (done.value === shownSetting(setting.default) && !setting.always)
    await orm(tx).delete(settings).where(isIt);
  else
    await orm(tx)
      .insert(settings)
      .values({ key, value, updatedAt: change.at })
      .onConflictDoUpdate({ target: settings.key, set: { value, updatedAt: change.at } });
  await audit(tx, change, [
    { entity: 'setting', key, before: { value: row?.value ?? setting.default }, after: { value } },
  ]);
  return done;
}
