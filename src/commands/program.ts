import { customers } from './program/customers.ts';
import { money } from './program/money.ts';
import { plansAndPrices } from './program/plans-and-prices.ts';
import { reports } from './program/reports.ts';
import { setUp } from './program/set-up.ts';
import { tasksAndServices } from './program/tasks-and-services.ts';
import type { Program } from './program-types.ts';

/** Every command of subctl by name, in the order of the help pages. Command files are loaded on demand. */
export const program: Program = {
  ...setUp,
  ...plansAndPrices,
  ...customers,
  ...money,
  ...tasksAndServices,
  ...reports,
};
