import { call } from '../../database/call.ts';
import { audit } from '../../database/change.ts';
import type { Repair } from './repair.ts';

/** Recompiles the rules of every plan version. */
export const compiledRules: Repair = {
  name: 'plan rules',
  run: async (tx, change) => {
    await call(tx, 'subctl_internal.compile_all', {});
    await audit(tx, change, [{ entity: 'plan rules', key: '', before: null, after: { compiled: 'again' } }]);
    return 1;
  },
};

/** Recompiles the price cards. */
export const compiledPrices: Repair = {
  name: 'price cards',
  run: async (tx, change) => {
    await call(tx, 'subctl_internal.compile_prices', {});
    await audit(tx, change, [{ entity: 'price cards', key: '', before: null, after: { compiled: 'again' } }]);
    return 1;
  },
};
