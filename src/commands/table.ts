import { audit } from './audit/spec.ts';
import type { CommandSpec } from './command.ts';
import { completion } from './completion/spec.ts';
import { config } from './config/spec.ts';
import { db } from './db/spec.ts';
import { periods } from './periods/spec.ts';
import { usageReport } from './usage-report/spec.ts';

/** Every command there is, in the order of the help pages. */
export const table: readonly CommandSpec[] = [...config, ...db, ...usageReport, ...audit, periods, completion];
