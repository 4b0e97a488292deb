import type { Proof } from '../proof.ts';

/** The settings are there, and each can be what it says. */
export const validSettings: Proof = {
  name: 'settings',
  proves: 'The settings are there, and each can be what it says',
  disagreements: (db) => db`
    with known (key, form) as (
      values ('cost_currency', '^[A-Z]{3}$'), ('lateness_days', '^[1-9][0-9]{0,3}$'), ('auto_create', '^(true|false)$'), ('allow_email_ids', '^(true|false)$'),
             ('members.auto_add', '^(true|false)$'), ('renewal_slack_hours', '^[0-9]{1,4}$'), ('events_months', '^[1-9][0-9]{0,3}$'), ('timezone', '.'), ('schema', '.'),
             ('charges_per_run', '^[1-9][0-9]{0,3}$'), ('charges_per_day', '^[1-9][0-9]{0,3}$'), ('charge_months_ahead', '^[1-9][0-9]{0,3}$')
    )
    select '' as customer, 'setting ' || k.key as what, 'a value like ' || k.form as expected, coalesce(s.value #>> '{}', 'none') as found
      from known k left join subctl.settings s on s.key = k.key
     where coalesce(s.value #>> '{}', '') !~ k.form and not (s.key is null and (k.key in ('timezone', 'schema') or k.key like 'charge%'))
    union all
    select '', 'setting timezone', 'a zone that this server knows', s.value #>> '{}'
      from subctl.settings s where s.key = 'timezone' and not subctl.is_timezone(s.value #>> '{}')`,
};
