import { listCustomerAlerts, readCustomerAlerts } from './operations/alerts.ts';
import { checkout } from './operations/checkout.ts';
import {
  canUseFeature,
  listCustomerFeatures,
  showCustomerUsage,
  showSubscription,
} from './operations/customers.ts';
import { release, reserve, settle } from './operations/reservations.ts';
import { fetchProviderKey, listServices } from './operations/keys.ts';
import {
  addGroupMember,
  inviteGroupMember,
  joinGroup,
  listGroupMembers,
  removeGroupMember,
} from './operations/members.ts';
import { listPlans, showPlan } from './operations/plans.ts';
import { check, preflight, record, recordBatch } from './operations/uses.ts';
import type { Operation } from './operation.ts';

/** Everything that can be asked, in the order of the document. */
export const operations: readonly Operation[] = [
  check,
  record,
  recordBatch,
  preflight,
  reserve,
  settle,
  release,
  showSubscription,
  showCustomerUsage,
  listCustomerFeatures,
  canUseFeature,
  checkout,
  listCustomerAlerts,
  readCustomerAlerts,
  listGroupMembers,
  addGroupMember,
  removeGroupMember,
  inviteGroupMember,
  joinGroup,
  listPlans,
  showPlan,
  listServices,
  fetchProviderKey,
];
