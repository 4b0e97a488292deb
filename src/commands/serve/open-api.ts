import { recordChange } from '../../database/change.ts';
import { checkSchema } from '../../database/check-schema.ts';
import { type Connection, openDatabase } from '../../database/connect.ts';
import { refusalOf } from '../../database/refusals.ts';
import { inTransaction } from '../../database/transaction.ts';
import type { ApiSource } from '../../http/api/routes.ts';
import type { Check, HealthSource } from '../../http/health.ts';
import { rememberKeyRing } from '../../keys/open-key-ring.ts';
import type { Context } from '../context.ts';
import { currentBuild } from '../current-build.ts';

export interface OpenedApi {
  source: ApiSource;
  health: HealthSource;
  close(): Promise<void>;
}

/** Opens the sources of the API. Unresponsive connections are replaced by new ones. */
export async function openApi(
  context: Context,
  { behindProxy, timeout }: { behindProxy: boolean; timeout: number },
): Promise<OpenedApi> {
  const { database, masterKey, stripe } = await context.settings();
  const first = await context.database();
  const { asOf, clock } = context;
  const current = { connection: first, renewing: false };

  function renew(unresponsive: Connection): void {
    if (unresponsive !== current.connection || current.renewing) return;
    current.renewing = true;
    openDatabase({ ...database, max: context.spec.connections })
      .then((opened) => {
        current.connection = opened;
        void unresponsive.end({ timeout: 0 }).catch(() => undefined);
      })
      .catch(() => undefined)
      .finally(() => (current.renewing = false));
  }

  async function now(): Promise<Date> {
    if (asOf) return asOf;
    const [row] = await current.connection<[{ now: Date }]>`
      select date_trunc('milliseconds', clock_timestamp()) as now`;
    return row.now;
  }

  const source: ApiSource = {
    get connection() {
      return current.connection;
    },
    ...{ asOf, now, clock, renew, behindProxy, timeoutMs: timeout * 1000, version: currentBuild().program },
    write: async (request, work) =>
      inTransaction(current.connection, async (tx) =>
        work(tx, await recordChange(tx, { ...request, now: await now() })),
      ),
    stripe: context.stripe,
    gateway: context.gateway,
    keyRing: rememberKeyRing(masterKey, clock),
    returnUrl: stripe.returnUrl,
  };
  return {
    source,
    health: {
      alive: () => ({ ok: true }),
      ready: async () => ({ database: await examine(current.connection) }),
    },
    async close() {
      if (current.connection !== first) await current.connection.end({ timeout: 5 });
    },
  };
}

async function examine(connection: Connection): Promise<Check> {
  try {
    await checkSchema(connection, currentBuild());
    return { ok: true };
  } catch (error) {
    return { ok: false, says: refusalOf(error)?.message ?? 'internal error' };
  }
}
