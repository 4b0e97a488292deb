import { outbox } from './alerts/outbox-spec.ts';
import { alerts } from './alerts/spec.ts';
import { assign } from './assign/spec.ts';
import { audit } from './audit/spec.ts';
import { canUse } from './can-use/spec.ts';
import type { CommandSpec } from './command.ts';
import { completion } from './completion/spec.ts';
import { databaseConfig } from './config/set-spec.ts';
import { config } from './config/spec.ts';
import { credits } from './credits/spec.ts';
import { customers } from './customers/spec.ts';
import { daemon } from './daemon/spec.ts';
import { db } from './db/spec.ts';
import { demo } from './demo/spec.ts';
import { docs } from './docs/spec.ts';
import { discounts } from './discounts/spec.ts';
import { doctor } from './doctor/spec.ts';
import { creditCosts } from './credit-costs/spec.ts';
import { features } from './features/spec.ts';
import { invoices } from './invoices/spec.ts';
import { jobs } from './jobs/spec.ts';
import { keys } from './keys/spec.ts';
import { limits } from './limits/spec.ts';
import { members } from './members/spec.ts';
import { meters } from './meters/spec.ts';
import { models } from './models/spec.ts';
import { parked } from './parked/spec.ts';
import { payments } from './payments/spec.ts';
import { periods } from './periods/spec.ts';
import { catalogues } from './plans/catalogue-spec.ts';
import { migratePlan } from './plans/migrate-spec.ts';
import { plans } from './plans/spec.ts';
import { schedule } from './schedule/spec.ts';
import { rating } from './pricing/rerate-spec.ts';
import { pricing } from './pricing/spec.ts';
import { reservations } from './reservations/spec.ts';
import { retention } from './retention/spec.ts';
import { setup } from './setup/spec.ts';
import { subscriptionLife } from './subscriptions/life-spec.ts';
import { serve } from './serve/spec.ts';
import { stripe } from './stripe/spec.ts';
import { subscriptions } from './subscriptions/spec.ts';
import { tasks } from './tasks/spec.ts';
import { rolesCommands } from './roles/spec.ts';
import { tokens } from './tokens/spec.ts';
import { usageHolds } from './usage/hold-spec.ts';
import { usage } from './usage/spec.ts';
import { projectUsage } from './usage/project-spec.ts';
import { usageTrend } from './usage/trend-spec.ts';
import { usageReport } from './usage-report/spec.ts';

/** Every command there is, in the order of the help pages. */
export const table: readonly CommandSpec[] = [
  setup,
  demo,
  doctor,
  ...config,
  ...databaseConfig,
  ...db,
  ...plans,
  ...catalogues,
  migratePlan,
  ...meters,
  ...models,
  ...creditCosts,
  ...customers,
  ...members,
  assign,
  ...subscriptions,
  ...subscriptionLife,
  ...limits,
  canUse,
  features,
  ...usage,
  usageTrend,
  projectUsage,
  ...usageHolds,
  ...reservations,
  ...credits,
  ...alerts,
  ...outbox,
  ...pricing,
  ...rating,
  ...invoices,
  ...payments,
  ...discounts,
  ...stripe,
  serve,
  ...rolesCommands,
  ...tokens,
  ...keys,
  ...tasks,
  daemon,
  ...jobs,
  ...parked,
  ...schedule,
  ...usageReport,
  ...audit,
  ...retention,
  periods,
  docs,
  completion,
];
