const sql = (name) => `drizzle/functions/${name}.sql`;

/** What holds while something is overdue, over pauses and over changes of plan. */
export const periodMutations = [
  {
    name: 'a plan that waits stays away while something is overdue',
    rule: 'R31',
    file: sql('effective_subscription'),
    from: "v_taken := s.status in ('active', 'trialing', 'past_due')",
    to: "v_taken := s.status in ('active', 'trialing')",
    tests: ['test/subscriptions/overdue-change.test.ts'],
  },
  {
    name: 'the period that ran while something was overdue is never asked for',
    rule: 'R35',
    file: sql('recover_subscription'),
    from: 'm.period_end > p_at as billed',
    to: 'm.period_end < p_at as billed',
    tests: ['test/subscriptions/overdue-change.test.ts'],
  },
  {
    name: 'the last plan ends for want of payment, not the one that has come within the grace',
    rule: 'R31',
    file: sql('expire_subscriptions'),
    from: 's.current_period_end < s.grace_until and s.grace_until <= $1',
    to: 'false',
    tests: ['test/subscriptions/overdue-change.test.ts'],
  },
  {
    name: 'a cycle of credits that began before the period is not paused with it',
    rule: 'R34a',
    file: sql('move_period_end'),
    from: 'l.granted_at < $4 and l.expires_at > s.current_period_start',
    to: 'l.granted_at >= s.current_period_start and l.granted_at < $4',
    tests: ['test/subscriptions/rhythm.test.ts'],
  },
  {
    name: 'windows that are over move with a change of rhythm',
    rule: 'R6',
    file: sql('move_period_end'),
    from: ' and o.window_end > s.from_at',
    to: '',
    tests: ['test/usage/changed-rhythm.test.ts'],
  },
  {
    name: 'a pause that is over moves windows again',
    rule: 'R34a',
    file: sql('resume_subscriptions'),
    from: ' and r.ends <> r.was then perform',
    to: ' then perform',
    tests: ['test/subscriptions/unpaid.test.ts'],
  },
  {
    name: 'a late use ends its window where the plan changed, though it goes on',
    rule: 'R13',
    file: sql('usage_window_bounds'),
    from: 'if lower(following) = lower(bounds) then return tstzrange(lower(bounds), upper(following)); end if;',
    to: '',
    tests: ['test/usage/changed-rhythm.test.ts'],
  },
  {
    name: 'windows are those of another plan that counts from the same anchor',
    rule: 'R6',
    file: sql('anchored_window'),
    from: ' and g.period_start = p_period_start',
    to: '',
    tests: ['test/subscriptions/taken-up.test.ts'],
  },
];
