import { entryOf, type TaskName } from '../scheduler/timetable.ts';
import type { Services } from './services.ts';
import type { Task } from './task.ts';

const loaders: Record<TaskName, (services: Services) => Promise<Task>> = {
  'reset-monthly-usage': async () => (await import('./reset-monthly-usage.ts')).resetMonthlyUsage,
  'reset-credits': async () => (await import('./reset-credits.ts')).resetCredits,
  'check-expired': async () => (await import('./check-expired.ts')).checkExpired,
  'handle-renewals': async (services) => (await import('./handle-renewals.ts')).handleRenewals(services),
  'send-alerts': async (services) => (await import('./send-alerts.ts')).sendAlerts(services),
  'stripe-reconcile': async (services) => (await import('./stripe-reconcile.ts')).stripeReconcile(services),
  prune: async () => (await import('./prune.ts')).prune,
};

/** The task of that name; `services` are what it reaches beside the database. @throws Failure usage when the timetable has none */
export function loadTask(name: string, services: Services): Promise<Task> {
  return loaders[entryOf(name).task as TaskName](services);
}
