import { inGroup } from '../program-types.ts';
import { entry } from '../verb.ts';

/** Commands that run tasks and services. */
export const tasksAndServices = inGroup('work', {
  daemon: entry('Run the tasks by the timetable, until stopped', () => import('../daemon/daemon.ts')),
  'run-due': entry('Run whatever the timetable says is due', () => import('../jobs/run-due.ts')),
  jobs: {
    summary: 'When tasks run next, and how they ran',
    verbs: {
      list: entry(
        'Show the timetable: what runs when, and how its last run ended',
        () => import('../jobs/list.ts'),
      ),
      next: entry(
        'Show the next instants of a task, or of any cron expression',
        () => import('../jobs/next.ts'),
      ),
      run: entry(
        'Run one task, as its own command does, for an instant of the past if need be',
        () => import('../jobs/run.ts'),
      ),
      history: entry(
        'Show past runs: when, by whom, what they did and how they ended',
        () => import('../jobs/history.ts'),
      ),
      upcoming: entry(
        "Show customers' next personal resets, expiries and renewals",
        () => import('../jobs/upcoming.ts'),
      ),
      pause: entry('Take a task out of the timetable for now', () => import('../jobs/pause.ts')),
      resume: entry('Put a paused task back into the timetable', () => import('../jobs/resume.ts')),
    },
  },
  parked: {
    summary: 'Rows that a task could not do',
    verbs: {
      list: entry(
        'Show the rows that could not be done, and when each is tried again',
        () => import('../parked/list.ts'),
      ),
      show: entry('Show one parked row whole, with what was to be done', () => import('../parked/show.ts')),
      retry: entry('Try parked rows of a task again, now', () => import('../parked/retry.ts')),
      drop: entry('Forget a parked row', () => import('../parked/drop.ts')),
    },
  },
  schedule: {
    summary: 'The timetable for cron, systemd and Windows',
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
        'Take the timetable out of the crontab, systemd or Task Scheduler of this host',
        () => import('../schedule/uninstall.ts'),
      ),
      status: entry(
        'Show what is installed on this host, whether it is up to date, and what it starts next',
        () => import('../schedule/status.ts'),
      ),
    },
  },
  serve: entry('Serve the JSON API and take webhooks of Stripe', () => import('../serve/serve.ts')),
  alerts: {
    summary: 'Alerts of limits, and the notices that wait',
    verbs: {
      list: entry('List the thresholds that customers have reached', () => import('../alerts/list.ts')),
      read: entry('Mark the alerts of a customer as read', () => import('../alerts/read.ts')),
      outbox: entry(
        'List what customers were told, are to be told, and could not be told',
        () => import('../alerts/outbox.ts'),
      ),
      resend: entry('Send a notice once more, or one that was given up', () => import('../alerts/resend.ts')),
      mute: entry('Tell a customer nothing of a kind', () => import('../alerts/mute.ts')),
      unmute: entry('Tell a customer of a kind again', () => import('../alerts/unmute.ts')),
      preview: entry('Show how a kind of notice reads', () => import('../alerts/preview.ts')),
      test: entry('Send a test by every way that is set, now', () => import('../alerts/test.ts')),
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
  'check-expired': entry('End what has run out', () => import('../tasks/check-expired.ts')),
  'handle-renewals': entry('Renew what is due', () => import('../tasks/handle-renewals.ts')),
  'send-alerts': entry('Send notices by mail or webhook', () => import('../tasks/send-alerts.ts')),
  'stripe-reconcile': entry('Compare customers with Stripe', () => import('../tasks/stripe-reconcile.ts')),
  prune: entry('Make partitions and delete expired data', () => import('../tasks/prune.ts')),
});
