/** Tables that are kept to be quick and made anew when they are missing: a run that was broken off may have others in them. */
export const caches = [
  'customer_rules',
  'customer_priced_rules',
  'first_use_rules',
  'rule_templates',
  'catalog_state',
];

/** What a table of schema subctl says: counts of subscriptions by plan, however many rows they are kept in; else its rows. */
export function rowsOf(table: string): string {
  return table === 'subscription_counts'
    ? '(select plan_id, sum(subscriptions) as subscriptions from subctl.subscription_counts group by plan_id having sum(subscriptions) <> 0)'
    : `subctl.${table}`;
}
