// What `npm run try` types, in order, with the exit code that each line must end with (0 unless said).

export const steps = [
  {
    say: 'A PostgreSQL of its own, the schema, and the plans of a shipped catalogue. A second time there is nothing to do.',
    line: 'subctl setup --catalogue mobix',
  },
  { line: 'subctl setup --catalogue mobix' },
  { line: 'subctl plans list' },
  { line: 'subctl plans show free' },

  {
    say: 'Customers in several time zones. Times are given with --as-of, so that this reads the same every day.',
    line: 'subctl customers add ada --timezone Asia/Tokyo',
  },
  { line: 'subctl customers add bo --timezone America/New_York' },
  { line: 'subctl customers add cleo --timezone Europe/Berlin' },
  {
    line: "subctl assign ada premium --as-of 2026-01-10T09:30Z --collection complimentary --note 'first customer'",
  },
  { line: 'subctl assign bo free --as-of 2026-01-15T12:00Z' },
  { line: 'subctl assign cleo premum --as-of 2026-01-15T12:00Z', exit: 3 },

  {
    say: 'cleo has no subscription, so the default plan counts: ten images a day. Nine, then one more: exactly at the limit.',
    line: 'subctl usage record cleo --kind image --quantity 9 --as-of 2026-01-31T20:00Z',
  },
  { line: 'subctl usage record cleo --kind image --as-of 2026-01-31T20:05Z' },
  {
    say: 'The eleventh is refused, whole, with exit code 4.',
    line: 'subctl usage record cleo --kind image --as-of 2026-01-31T20:10Z',
    exit: 4,
  },
  {
    say: 'Half past eleven in London is half past midnight in Berlin: a new day and a new month, and no task has run.',
    line: 'subctl usage record cleo --kind image --as-of 2026-01-31T23:30Z',
  },
  { line: 'subctl usage show cleo --as-of 2026-01-31T23:30Z' },
  {
    say: 'Prices of providers come with subctl.',
    line: 'subctl pricing import --catalogue --provider openai --yes',
  },
  {
    say: 'Messages with tokens have their cost; the same key twice is recorded once.',
    line: 'subctl usage record ada --kind message --provider openai --model gpt-4o-mini --input-tokens 1200 --output-tokens 300 --key m-1 --as-of 2026-02-01T08:00Z',
  },
  {
    line: 'subctl usage record ada --kind message --provider openai --model gpt-4o-mini --input-tokens 1200 --output-tokens 300 --key m-1 --as-of 2026-02-01T08:01Z',
  },
  { line: 'subctl usage check bo --kind message --quantity 6 --as-of 2026-02-01T08:00Z', exit: 4 },
  { line: "subctl credits add bo 25 --reason 'sorry for the delay' --as-of 2026-02-01T08:00Z" },
  { line: 'subctl credits show bo --as-of 2026-02-01T08:00Z' },

  {
    say: 'The tasks of the night, six weeks later: first what they would do, then the run, then again.',
    line: 'subctl reset-monthly-usage --dry-run --as-of 2026-02-14',
  },
  { line: 'subctl reset-monthly-usage --as-of 2026-02-14' },
  { line: 'subctl reset-monthly-usage --as-of 2026-02-14' },
  { line: 'subctl check-expired --dry-run --as-of 2026-02-14' },
  { line: 'subctl check-expired --as-of 2026-02-14' },
  { line: 'subctl handle-renewals --dry-run --as-of 2026-02-15' },
  { line: 'subctl handle-renewals --as-of 2026-02-15' },
  { line: 'subctl customers show ada --as-of 2026-02-15' },
  { line: 'subctl subscriptions history ada' },

  {
    say: 'Reports, for people and for spreadsheets.',
    line: 'subctl usage-report summary --from 2026-01-01 --to 2026-02-15 --as-of 2026-02-15',
  },
  { line: 'subctl usage-report plans --as-of 2026-02-15' },
  { line: 'subctl usage-report top --by images --from 2026-01-01 --as-of 2026-02-15 --format csv' },
  { say: 'Who did what, and whether all is well.', line: 'subctl audit list' },
  {
    say: 'Nothing has run since February: the tasks make it up, and all is well.',
    line: 'subctl handle-renewals',
  },
  { line: 'subctl check-expired' },
  { line: 'subctl doctor' },
];

/** The words of a command line, as a shell would read them: 'quotes' keep what is inside together. */
export function wordsOf(line) {
  return [...line.matchAll(/(?:'[^']*'|[^\s'])+/g)].map(([word]) => word.replace(/'/g, ''));
}
