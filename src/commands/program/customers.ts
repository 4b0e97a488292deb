import { inGroup } from '../program-types.ts';
import { entry } from '../verb.ts';

/** Commands for customers and what they use. */
export const customers = inGroup('use', {
  customers: {
    summary: 'Add, import, change, export and erase customers',
    verbs: {
      add: entry('Add a customer by its id in the application', () => import('../customers/add.ts')),
      list: entry('List customers with plan and status', () => import('../customers/list.ts')),
      show: entry(
        'Show a customer: plan, period, limits, credits, next reset',
        () => import('../customers/show.ts'),
      ),
      edit: entry('Edit a customer', () => import('../customers/edit.ts')),
      import: entry(
        'Import customers from a CSV file or a table of the application',
        () => import('../customers/import.ts'),
      ),
      disable: entry(
        'Disable a customer: no access, but the subscription continues',
        () => import('../customers/disable.ts'),
      ),
      enable: entry('Enable a disabled customer', () => import('../customers/enable.ts')),
      export: entry('Export all data about a person', () => import('../customers/export.ts')),
      erase: entry('Erase the personal data of a customer or member', () => import('../customers/erase.ts')),
    },
  },
  members: {
    summary: 'Manage members and invitations of groups',
    verbs: {
      add: entry('Add a member to a group', () => import('../members/add.ts')),
      list: entry('List the members of a group', () => import('../members/list.ts')),
      remove: entry(
        'Remove a member from a group (their usage is kept)',
        () => import('../members/remove.ts'),
      ),
      invite: entry('Create an invitation code for a group', () => import('../members/invite.ts')),
      invitations: entry('List the invitations of a group', () => import('../members/invitations.ts')),
      'revoke-invitation': entry(
        'Revoke an invitation (members who joined stay)',
        () => import('../members/revoke-invitation.ts'),
      ),
      join: entry('Join a group with an invitation code', () => import('../members/join.ts')),
    },
  },
  assign: entry(
    'Assign a plan to a customer: start, upgrade or downgrade',
    () => import('../assign/assign.ts'),
  ),
  subscriptions: {
    summary: 'Manage subscriptions: show, cancel, pause, extend',
    verbs: {
      list: entry('List subscriptions', () => import('../subscriptions/list.ts')),
      show: entry(
        "Show a customer's subscription, pending changes and segments",
        () => import('../subscriptions/show.ts'),
      ),
      history: entry(
        "Show the history of a customer's subscriptions",
        () => import('../subscriptions/history.ts'),
      ),
      cancel: entry(
        'Cancel a subscription, at period end or now',
        () => import('../subscriptions/cancel.ts'),
      ),
      pause: entry(
        'Pause a subscription (no access until it resumes)',
        () => import('../subscriptions/pause.ts'),
      ),
      resume: entry('Resume a paused subscription', () => import('../subscriptions/resume.ts')),
      reactivate: entry('Undo a pending cancellation', () => import('../subscriptions/reactivate.ts')),
      seats: entry('Set the number of seats of a subscription', () => import('../subscriptions/seats.ts')),
      extend: entry(
        'Extend a subscription by days or free periods',
        () => import('../subscriptions/extend.ts'),
      ),
    },
  },
  limits: {
    summary: 'Override plan limits for single customers',
    verbs: {
      list: entry("List a customer's limit overrides", () => import('../limits/list.ts')),
      set: entry('Override a plan limit for a customer', () => import('../limits/set.ts')),
      remove: entry("Remove a customer's limit override", () => import('../limits/remove.ts')),
    },
  },
  usage: {
    summary: 'Record, check, reserve and show usage',
    verbs: {
      record: entry(
        'Record a usage event if limits and credits allow it',
        () => import('../usage/record.ts'),
      ),
      check: entry('Check whether a usage event would be allowed', () => import('../usage/check.ts')),
      explain: entry('Explain why usage is allowed or refused', () => import('../usage/explain.ts')),
      show: entry("Show a customer's current usage and limits", () => import('../usage/show.ts')),
      events: entry('List usage events of a customer', () => import('../usage/events.ts')),
      sessions: entry('Show usage totals by session', () => import('../usage/sessions.ts')),
      import: entry('Import usage events from a file', () => import('../usage/import.ts')),
      trend: entry('Show usage and cost over time', () => import('../usage/trend.ts')),
      project: entry('Project usage, cost and credits of a customer', () => import('../usage/project.ts')),
      reserve: entry(
        'Reserve usage for a call if limits and credits allow it',
        () => import('../usage/reserve.ts'),
      ),
      settle: entry('Settle a reservation with the actual amounts', () => import('../usage/settle.ts')),
      release: entry('Release a reservation: the call was not made', () => import('../usage/release.ts')),
      reverse: entry('Reverse a usage event and restore its credits', () => import('../usage/reverse.ts')),
      preflight: entry(
        'Check or reserve a list of usage events as a whole',
        () => import('../usage/preflight.ts'),
      ),
    },
  },
  reservations: {
    summary: 'List and release reservations',
    verbs: {
      list: entry('List open reservations', () => import('../reservations/list.ts')),
      release: entry('Release a reservation', () => import('../reservations/release.ts')),
    },
  },
  credits: {
    summary: 'Credit balances, grants and the ledger',
    verbs: {
      show: entry(
        'Show the credits of a customer: balance, grants, next reset',
        () => import('../credits/show.ts'),
      ),
      add: entry('Grant credits to a customer', () => import('../credits/add.ts')),
      set: entry('Set the credit balance of a customer', () => import('../credits/set.ts')),
      deduct: entry(
        'Deduct credits from a customer, in full or not at all',
        () => import('../credits/deduct.ts'),
      ),
      reset: entry('Reset the plan credits of a customer now', () => import('../credits/reset.ts')),
      history: entry('List the credit ledger of a customer', () => import('../credits/history.ts')),
    },
  },
  features: entry("Show the features of a customer's plan", () => import('../features/features.ts')),
  'can-use': entry(
    "Check whether a customer's plan includes a feature",
    () => import('../can-use/can-use.ts'),
  ),
});
