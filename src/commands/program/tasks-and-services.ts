import { inGroup } from '../program-types.ts';
import { entry } from '../verb.ts';

/** Commands that run tasks and services. */
export const tasksAndServices = inGroup('work', {
  daemon: entry('Run tasks on the timetable until stopped', () => import('../daemon/daemon.ts')),
  'run-due': entry('Run the tasks that are due', () => import('../jobs/run-due.ts')),
  jobs: {
    summary: 'The timetable of tasks, and their runs',
    verbs: {
      list: entry('List tasks with schedule, next run and last run', () => import('../jobs/list.ts')),
      next: entry('Show the next run times of a task or cron expression', () => import('../jobs/next.ts')),
      run: entry('Run a task now, or for a past scheduled time', () => import('../jobs/run.ts')),
      history: entry('List past runs with actor, counts and outcome', () => import('../jobs/history.ts')),
      upcoming: entry(
        'List upcoming resets, expiries and renewals of customers',
        () => import('../jobs/upcoming.ts'),
      ),
      pause: entry('Pause a task', () => import('../jobs/pause.ts')),
      resume: entry('Resume a paused task', () => import('../jobs/resume.ts')),
    },
  },
  parked: {
    summary: 'Inspect and retry rows that a task failed to process',
    verbs: {
      list: entry('List failed rows and when each is retried', () => import('../parked/list.ts')),
      show: entry('Show a parked row in full', () => import('../parked/show.ts')),
      retry: entry('Retry parked rows of a task now', () => import('../parked/retry.ts')),
      drop: entry('Delete a parked row', () => import('../parked/drop.ts')),
    },
  },
  schedule: {
    summary: 'Print and install timetables for cron, systemd, Windows',
    verbs: {
      print: entry(
        'Print the timetable as a crontab, systemd units, Windows tasks or Kubernetes manifests',
        () => import('../schedule/print.ts'),
      ),
      install: entry(
        'Install the timetable in the crontab, systemd or Task Scheduler of this host',
        () => import('../schedule/install.ts'),
      ),
      uninstall: entry(
        'Uninstall the timetable from the crontab, systemd or Task Scheduler of this host',
        () => import('../schedule/uninstall.ts'),
      ),
      status: entry(
        'Show the installed timetable, whether it is up to date, and its next run',
        () => import('../schedule/status.ts'),
      ),
    },
  },
  serve: entry('Serve the JSON API and receive Stripe webhooks', () => import('../serve/serve.ts')),
  alerts: {
    summary: 'Limit alerts and notifications',
    verbs: {
      list: entry('List limit alerts: thresholds that customers reached', () => import('../alerts/list.ts')),
      read: entry("Mark a customer's alerts as read", () => import('../alerts/read.ts')),
      outbox: entry('List sent, queued and failed notifications', () => import('../alerts/outbox.ts')),
      resend: entry('Resend a notification', () => import('../alerts/resend.ts')),
      mute: entry('Mute a notification kind for a customer', () => import('../alerts/mute.ts')),
      unmute: entry('Unmute a notification kind for a customer', () => import('../alerts/unmute.ts')),
      preview: entry('Preview a notification', () => import('../alerts/preview.ts')),
      test: entry('Send a test notification through every channel', () => import('../alerts/test.ts')),
    },
  },
  'reset-monthly-usage': entry(
    'Close calendar windows that have ended',
    () => import('../tasks/reset-monthly-usage.ts'),
  ),
  'reset-credits': entry(
    'Reset credits and windows as periods end',
    () => import('../tasks/reset-credits.ts'),
  ),
  'check-expired': entry('End expired subscriptions and trials', () => import('../tasks/check-expired.ts')),
  'handle-renewals': entry('Renew subscriptions that are due', () => import('../tasks/handle-renewals.ts')),
  'send-alerts': entry(
    'Send pending notifications by email and webhook',
    () => import('../tasks/send-alerts.ts'),
  ),
  'stripe-reconcile': entry('Compare customers with Stripe', () => import('../tasks/stripe-reconcile.ts')),
  prune: entry('Create future partitions and delete expired data', () => import('../tasks/prune.ts')),
});
