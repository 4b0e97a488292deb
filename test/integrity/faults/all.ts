import type { Fault } from '../fault.ts';
import { catalogueFaults } from './catalogue.ts';
import { creditFaults } from './credits.ts';
import { moneyFaults } from './money.ts';
import { subscriptionFaults } from './subscriptions.ts';
import { usageFaults } from './usage.ts';

/** Every fault that tests plant; each integrity check has one at least. */
export const faults: readonly Fault[] = [
  ...creditFaults,
  ...usageFaults,
  ...subscriptionFaults,
  ...moneyFaults,
  ...catalogueFaults,
];
