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
    summary: 'Members of groups, and their invitations',
    verbs: {
      add: entry('Give a person a seat in a group', () => import('../members/add.ts')),
      list: entry('List the members of a group', () => import('../members/list.ts')),
      remove: entry("Take a person's seat; what they used stays", () => import('../members/remove.ts')),
      invite: entry(
        'Make an invitation code, by which people join a group',
        () => import('../members/invite.ts'),
      ),
      invitations: entry(
        'List the invitations of a group, without their codes',
        () => import('../members/invitations.ts'),
      ),
      'revoke-invitation': entry(
        'Take an invitation back; who has joined by it stays',
        () => import('../members/revoke-invitation.ts'),
      ),
      join: entry(
        'Make a person a member of the group that an invitation code is of',
        () => import('../members/join.ts'),
      ),
    },
  },
  assign: entry(
    'Assign a plan to a customer: start, upgrade or downgrade',
    () => import('../assign/assign.ts'),
  ),
  subscriptions: {
    summary: 'Show, cancel, pause and extend subscriptions',
    verbs: {
      list: entry('List subscriptions, the live ones unless said', () => import('../subscriptions/list.ts')),
      show: entry(
        "Show a customer's subscription: its head, what waits, its segments",
        () => import('../subscriptions/show.ts'),
      ),
      history: entry(
        "Show what happened to a customer's subscriptions, oldest first",
        () => import('../subscriptions/history.ts'),
      ),
      cancel: entry(
        "Cancel a customer's subscription, at the end of its period unless said",
        () => import('../subscriptions/cancel.ts'),
      ),
      pause: entry(
        "Pause a customer's subscription: no access until it resumes",
        () => import('../subscriptions/pause.ts'),
      ),
      resume: entry("End the pause of a customer's subscription", () => import('../subscriptions/resume.ts')),
      reactivate: entry(
        'Take back a cancellation that waits for the end of the period',
        () => import('../subscriptions/reactivate.ts'),
      ),
      seats: entry(
        'Change how many seats of its plan a customer has',
        () => import('../subscriptions/seats.ts'),
      ),
      extend: entry(
        'Give a customer days, or periods at no charge',
        () => import('../subscriptions/extend.ts'),
      ),
    },
  },
  limits: {
    summary: 'Limits of single customers',
    verbs: {
      list: entry("List a customer's own limits", () => import('../limits/list.ts')),
      set: entry(
        "Give a customer a limit of its own, in place of the plan's",
        () => import('../limits/set.ts'),
      ),
      remove: entry(
        "End a customer's own limit: the plan's holds again",
        () => import('../limits/remove.ts'),
      ),
    },
  },
  usage: {
    summary: 'Record, check, reserve and show usage',
    verbs: {
      record: entry('Record one use, if limits and credits allow it', () => import('../usage/record.ts')),
      check: entry(
        'Say whether one use would be allowed, and write nothing',
        () => import('../usage/check.ts'),
      ),
      explain: entry(
        'Say why a use is allowed or refused, or how a recorded one was decided',
        () => import('../usage/explain.ts'),
      ),
      show: entry('Show what a customer has used of every limit now', () => import('../usage/show.ts')),
      events: entry('List the recorded uses of a customer', () => import('../usage/events.ts')),
      sessions: entry('Show what each session of a customer came to', () => import('../usage/sessions.ts')),
      import: entry('Record the uses of a file', () => import('../usage/import.ts')),
      trend: entry('Show what a customer used and cost month by month', () => import('../usage/trend.ts')),
      project: entry(
        "Show where a customer's limits, cost and credits are heading",
        () => import('../usage/project.ts'),
      ),
      reserve: entry(
        'Hold an amount while a call runs, if limits and credits allow it',
        () => import('../usage/reserve.ts'),
      ),
      settle: entry(
        'Record what a reservation was held for, at the true amounts',
        () => import('../usage/settle.ts'),
      ),
      release: entry(
        'Let go of what a reservation holds: the call was not made',
        () => import('../usage/release.ts'),
      ),
      reverse: entry(
        'Take a recorded use back, its credits to the very grants they came from',
        () => import('../usage/reverse.ts'),
      ),
      preflight: entry(
        'Say whether a list of uses fits as a whole, and with --reserve hold them all',
        () => import('../usage/preflight.ts'),
      ),
    },
  },
  reservations: {
    summary: 'Reservations that are open',
    verbs: {
      list: entry(
        'List what is held while calls run, of one customer or of all',
        () => import('../reservations/list.ts'),
      ),
      release: entry(
        'Release a reservation that will not be settled',
        () => import('../reservations/release.ts'),
      ),
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
