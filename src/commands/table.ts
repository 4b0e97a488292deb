import { audit } from './audit/spec.ts';
import type { CommandSpec } from './command.ts';
import { completion } from './completion/spec.ts';
import { config } from './config/spec.ts';
import { db } from './db/spec.ts';
import { doctor } from './doctor/spec.ts';
import { creditCosts } from './credit-costs/spec.ts';
import { meters } from './meters/spec.ts';
import { models } from './models/spec.ts';
import { periods } from './periods/spec.ts';
import { plans } from './plans/spec.ts';
import { setup } from './setup/spec.ts';
import { usageReport } from './usage-report/spec.ts';

/** Every command there is, in the order of the help pages. */
export const table: readonly CommandSpec[] = [
  setup,
  doctor,
  ...config,
  ...db,
  ...plans,
  ...meters,
  ...models,
  ...creditCosts,
  ...usageReport,
  ...audit,
  periods,
  completion,
];
