import type { CommandSpec } from './command.ts';
import { completion } from './completion/spec.ts';

/** Every command there is, in the order of the help pages. */
export const table: readonly CommandSpec[] = [completion];
