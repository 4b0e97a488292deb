const sql = (name) => `drizzle/functions/${name}.sql`;

/** While the rules of a customer hold that the use before has made. */
export const keptRulesMutations = [
  {
    name: 'kept rules count the use that reaches a stop',
    rule: 'R39',
    file: sql('record_plain_use'),
    from: 'exit kept when v_total >= v_stops[i];',
    to: 'exit kept when v_total > v_stops[i];',
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
    from: "\n       and r.catalog = pg_sequence_last_value('subctl.catalog_generation')",
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
  {
    name: 'kept rates outlive the price card that they were read from',
    rule: 'R25',
    file: sql('priced_rules'),
    from: '    made.live_until := least(made.live_until, rates.until);\n',
    to: '',
    tests: ['test/usage/priced-rules.test.ts'],
  },
  {
    name: 'kept rules leave the multiplier of a model out',
    rule: 'R28',
    file: sql('record_priced_use'),
    from: 'if v_rates[4] <> 1 then',
    to: 'if v_rates[4] > 1000 then',
    tests: ['test/usage/priced-rules.test.ts'],
  },
  {
    name: 'kept rules take credits from a grant whose turn it is no longer',
    rule: 'R21',
    file: sql('end_customer_rules'),
    from: "when (new.source not in ('plan', 'rollover', 'reset'))",
    to: "when (new.source = 'never')",
    tests: ['test/usage/priced-rules.test.ts'],
  },
  {
    name: 'kept rules take credits that came back after now',
    rule: 'R23',
    file: sql('credit_rules'),
    from: 'e.at > standing.now)',
    to: 'e.at > standing.now and false)',
    tests: ['test/usage/priced-rules.test.ts'],
  },
];
