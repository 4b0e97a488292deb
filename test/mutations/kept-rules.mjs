const sql = (name) => `drizzle/functions/${name}.sql`;

/** While the rules of a customer hold that the use before has made. */
export const keptRulesMutations = [
  {
    name: 'kept rules count the use that reaches a stop',
    rule: 'R39',
    file: sql('record_plain_use'),
    from: 'exit when v_total >= v_stops[i];',
    to: 'exit when v_total > v_stops[i];',
    tests: ['test/usage/customer-rules.test.ts'],
  },
  {
    name: 'kept rules of an earlier generation are followed',
    rule: 'R45',
    file: sql('record_plain_use'),
    from: 'r.customer_id = t.customer_id and r.generation = t.generation',
    to: 'r.customer_id = t.customer_id',
    tests: ['test/usage/customer-rules.test.ts'],
  },
  {
    name: 'kept rules of an earlier catalog are followed',
    rule: 'R45',
    file: sql('record_plain_use'),
    from: "\n     and r.catalog = pg_sequence_last_value('subctl.catalog_generation')",
    to: '',
    tests: ['test/usage/customer-rules.test.ts'],
  },
  {
    name: 'kept rules outlive the windows that they were made in',
    rule: 'R1',
    file: sql('record_plain_use'),
    from: 'v_at >= r.live_from and v_at < r.live_until',
    to: 'v_at >= r.live_from',
    tests: ['test/usage/customer-rules.test.ts'],
  },
];
