import { databaseSettings } from '../../config/database-settings.ts';
import type { Check } from '../check.ts';

/** The settings are there, and each can be what it says. */
export const validSettings: Check = {
  name: 'settings',
  asserts: 'The settings are there, and each can be what it says',
  findings: (db) => db`
    with known as (
      select * from unnest(${databaseSettings.map(({ key }) => key)}::text[], ${databaseSettings.map(({ form }) => form)}::text[],
                           ${databaseSettings.map(({ key, always }) => (always && key !== 'timezone' ? 1 : 0))}::int[]) k(key, form, always)
      union all values ('schema', '.', 0)
    )
    select '' as customer, 'setting ' || k.key as what, 'a value like ' || k.form as expected, coalesce(s.value #>> '{}', 'none') as found
      from known k left join subctl.settings s on s.key = k.key
     where coalesce(s.value #>> '{}', '') !~ k.form and (s.key is not null or k.always = 1)
    union all
    select '', 'setting timezone', 'a zone that this server knows', s.value #>> '{}'
      from subctl.settings s where s.key = 'timezone' and not subctl.is_timezone(s.value #>> '{}')`,
};
