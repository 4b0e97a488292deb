import type { Services } from '../tasks/services.ts';
import { loadTask } from '../tasks/tasks.ts';
import { timetable } from '../scheduler/timetable.ts';

/**
 * Loads the code of every task, channel and provider now. An update replaces the files of the program while the daemon runs: what was loaded
 * later would not be found, or be another build's.
 */
export async function loadAhead(services: Services): Promise<void> {
  await Promise.all([
    ...timetable.map(({ task }) => loadTask(task, services)),
    import('../payments/stripe.ts'),
    import('../payments/stripe-account.ts'),
    import('../notifications/email.ts'),
    import('../notifications/webhook.ts'),
    import('../database/embedded/start.ts'),
    import('node:tls'),
  ]);
}
