import { databaseSettings, keptByTheProgram } from '../config/database-settings.ts';
import type { DatabaseSetting } from '../config/database-setting.ts';
import { Failure } from '../domain/failure.ts';
import { nearest } from '../domain/nearest.ts';

/** The setting of that name. @throws Failure not_found, refused for what the program keeps for itself */
export function getSetting(key: string): DatabaseSetting {
  const found = databaseSettings.find((setting) => setting.key === key);
  if (found) return found;
  if (keptByTheProgram.includes(key))
    throw new Failure('refused', `${key} is kept by the program and is not set`, {
      hint: 'subctl config list',
    });
  const near = nearest(
    key,
    databaseSettings.map((setting) => setting.key),
  );
  throw new Failure(
    'not_found',
    `There is no setting ${key} in the database${near ? `, did you mean ${near}?` : ''}`,
    {
      hint: 'subctl config list; what stands in the environment and in subctl.yaml: subctl config show',
    },
  );
}
