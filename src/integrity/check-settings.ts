import { databaseSettings } from '../config/database-settings.ts';
import type { ProgramCheck } from './check.ts';

/** Checks settings. In TypeScript, because the form of each setting is defined once, in config/database-settings.ts. */
export const checkSettings: ProgramCheck = {
  name: 'settings',
  rule: 'R45: Every required setting exists, and each has a valid value',
  findings: (db) => db`
    with known as (
      select * from unnest(${databaseSettings.map(({ key }) => key)}::text[], ${databaseSettings.map(({ form }) => form)}::text[],
                           ${databaseSettings.map(({ key, always }) => (always && key !== 'timezone' ? 1 : 0))}::int[]) k(key, form, always)
      union all values ('schema', '.', 0)
    )
    select '' as customer_id, 'setting ' || k.key as subject, 'a value like ' || k.form as expected, coalesce(s.value #>> '{}', 'none') as found
      from known k left join subctl.settings s on s.key = k.key
     where coalesce(s.value #>> '{}', '') !~ k.form and (s.key is not null or k.always = 1)
    union all
    select '', 'setting timezone', 'a time zone that this server knows', s.value #>> '{}'
      from subctl.settings s where s.key = 'timezone' and not subctl_internal.is_timezone(s.value #>> '{}')`,
};
