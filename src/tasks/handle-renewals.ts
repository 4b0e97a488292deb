import { charge, listCharges } from './charges.ts';
import { listComingCharges } from './coming-charges.ts';
import { renewals } from './renewals.ts';
import type { Services } from './services.ts';
import type { Task } from './task.ts';

/**
 * Renews subscriptions whose period has ended, one period a page, so that every missed one is written in order (R36), and marks as past
 * due those whose invoice was not paid in time. `chargeMissed` says which of the missed periods are charged: latest, all or none. Then it
 * charges what is to be charged, tries again what was declined, and asks about what is under way.
 */
export const handleRenewals = ({ gateway }: Pick<Services, 'gateway'>): Task => ({
  ...renewals,
  async preview(connection, ask) {
    const due = await renewals.preview(connection, ask);
    const rows = [...due, ...(await listComingCharges(connection, ask, due))];
    const room = ask.limit === undefined ? null : ask.limit - rows.length;
    return room !== null && room <= 0 ? rows : [...rows, ...(await listCharges(connection, ask, room))];
  },
  async run(connection, batch, ask) {
    const result = await renewals.run(connection, batch, ask);
    if (!result.stopped) await charge(connection, { batch, ask, worked: result, gateway });
    return result;
  },
});
