import type { CommandSpec } from './command.ts';

type Specs = CommandSpec | readonly CommandSpec[];

const ofTasks = () => [import('./tasks/spec.ts').then(({ tasks }) => tasks)];
const ofJobs = () => [import('./jobs/spec.ts').then(({ jobs }) => jobs)];

/** Where the commands of each noun are, in the order of table.ts. */
const nouns: Readonly<Record<string, () => readonly Promise<Specs>[]>> = {
  setup: () => [import('./setup/spec.ts').then(({ setup }) => setup)],
  demo: () => [import('./demo/spec.ts').then(({ demo }) => demo)],
  doctor: () => [import('./doctor/spec.ts').then(({ doctor }) => doctor)],
  config: () => [
    import('./config/spec.ts').then(({ config }) => config),
    import('./config/set-spec.ts').then(({ databaseConfig }) => databaseConfig),
  ],
  db: () => [import('./db/spec.ts').then(({ db }) => db)],
  plans: () => [
    import('./plans/spec.ts').then(({ plans }) => plans),
    import('./plans/catalogue-spec.ts').then(({ catalogues }) => catalogues),
    import('./plans/migrate-spec.ts').then(({ migratePlan }) => migratePlan),
  ],
  meters: () => [import('./meters/spec.ts').then(({ meters }) => meters)],
  models: () => [import('./models/spec.ts').then(({ models }) => models)],
  'credit-costs': () => [import('./credit-costs/spec.ts').then(({ creditCosts }) => creditCosts)],
  customers: () => [import('./customers/spec.ts').then(({ customers }) => customers)],
  members: () => [import('./members/spec.ts').then(({ members }) => members)],
  assign: () => [import('./assign/spec.ts').then(({ assign }) => assign)],
  subscriptions: () => [
    import('./subscriptions/spec.ts').then(({ subscriptions }) => subscriptions),
    import('./subscriptions/life-spec.ts').then(({ subscriptionLife }) => subscriptionLife),
  ],
  limits: () => [import('./limits/spec.ts').then(({ limits }) => limits)],
  'can-use': () => [import('./can-use/spec.ts').then(({ canUse }) => canUse)],
  features: () => [import('./features/spec.ts').then(({ features }) => features)],
  usage: () => [
    import('./usage/spec.ts').then(({ usage }) => usage),
    import('./usage/trend-spec.ts').then(({ usageTrend }) => usageTrend),
    import('./usage/project-spec.ts').then(({ projectUsage }) => projectUsage),
    import('./usage/hold-spec.ts').then(({ usageHolds }) => usageHolds),
  ],
  reservations: () => [import('./reservations/spec.ts').then(({ reservations }) => reservations)],
  credits: () => [import('./credits/spec.ts').then(({ credits }) => credits)],
  alerts: () => [
    import('./alerts/spec.ts').then(({ alerts }) => alerts),
    import('./alerts/outbox-spec.ts').then(({ outbox }) => outbox),
  ],
  pricing: () => [
    import('./pricing/spec.ts').then(({ pricing }) => pricing),
    import('./pricing/rerate-spec.ts').then(({ rating }) => rating),
  ],
  invoices: () => [import('./invoices/spec.ts').then(({ invoices }) => invoices)],
  payments: () => [import('./payments/spec.ts').then(({ payments }) => payments)],
  discounts: () => [import('./discounts/spec.ts').then(({ discounts }) => discounts)],
  stripe: () => [import('./stripe/spec.ts').then(({ stripe }) => stripe)],
  serve: () => [import('./serve/spec.ts').then(({ serve }) => serve)],
  roles: () => [import('./roles/spec.ts').then(({ rolesCommands }) => rolesCommands)],
  tokens: () => [import('./tokens/spec.ts').then(({ tokens }) => tokens)],
  keys: () => [import('./keys/spec.ts').then(({ keys }) => keys)],
  'reset-monthly-usage': ofTasks,
  'reset-credits': ofTasks,
  'check-expired': ofTasks,
  'handle-renewals': ofTasks,
  'send-alerts': ofTasks,
  'stripe-reconcile': ofTasks,
  prune: ofTasks,
  daemon: () => [import('./daemon/spec.ts').then(({ daemon }) => daemon)],
  'run-due': ofJobs,
  jobs: ofJobs,
  parked: () => [import('./parked/spec.ts').then(({ parked }) => parked)],
  schedule: () => [import('./schedule/spec.ts').then(({ schedule }) => schedule)],
  'usage-report': () => [import('./usage-report/spec.ts').then(({ usageReport }) => usageReport)],
  audit: () => [import('./audit/spec.ts').then(({ audit }) => audit)],
  retention: () => [import('./retention/spec.ts').then(({ retention }) => retention)],
  periods: () => [import('./periods/spec.ts').then(({ periods }) => periods)],
  docs: () => [import('./docs/spec.ts').then(({ docs }) => docs)],
  completion: () => [import('./completion/spec.ts').then(({ completion }) => completion)],
};

/** The nouns, in the order of the help pages. */
export const knownNouns: readonly string[] = Object.keys(nouns);

/**
 * The commands that begin with `noun`; all of the program's where it is none, so that the nearest can be named. To compile the specs of
 * every command would take as long as half of Node's own start.
 */
export async function specsOf(noun: string | undefined): Promise<readonly CommandSpec[]> {
  if (noun === undefined || !Object.hasOwn(nouns, noun)) return allSpecs();
  const specs = (await Promise.all(nouns[noun]!())).flat();
  return specs.filter(({ path }) => path.split(' ')[0] === noun);
}

/** Every command: what table.ts has, loaded noun by noun, so that no spec is in two files of the built program. */
export async function allSpecs(): Promise<readonly CommandSpec[]> {
  return (await Promise.all(knownNouns.map(specsOf))).flat();
}
