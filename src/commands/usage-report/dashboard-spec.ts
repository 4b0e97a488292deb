import { type Loading, command } from '../command.ts';

export const dashboard = command({
  path: 'usage-report dashboard',
  summary: 'Show everything at a glance: subscriptions, money, use, limits, alerts, tasks',
  description: `Subscriptions by plan and status, this month's revenue, use and cost with what the cost will be at its end, the customers who are nearest to their limits, the alerts of seven days, and the tasks with their last result and next run. The month is the calendar's in the settings' zone. --format html is one page with pictures that needs nothing beside itself.`,
  group: 'look',
  options: [
    {
      flag: '--months',
      value: 'number',
      kind: 'integer',
      min: 2,
      max: 120,
      default: 6,
      about: 'how many months the pictures and lines go back',
    },
  ],
  examples: [
    { command: 'subctl usage-report dashboard', about: 'on the terminal' },
    { command: 'subctl usage-report dashboard --format html --output dashboard.html', about: 'as a page' },
  ],
  rows: true,
  parts: ['plans', 'revenue', 'near_limits', 'tasks'],
  asOf: true,
  load: (): Loading => import('./dashboard.ts'),
});
