import * as z from 'zod';
import { Failure } from '../../../domain/failure.ts';
import { checkMayFetch, fetchKey } from '../../../keys/fetch-key.ts';
import { withKeyRing } from '../../../keys/open-key-ring.ts';
import { keyStatus } from '../../../keys/status.ts';
import { keyAnswer, servicesAnswer } from '../answers.ts';
import { reads } from '../needs.ts';
import { nothing, operation } from '../operation.ts';

export const listServices = operation({
  id: 'listServices',
  tag: 'Services',
  method: 'get',
  path: '/v1/services',
  summary: 'List which providers can be used: those that have a key',
  description:
    'Never a value. state is ok, expiring, expired, rejected or missing. ready is false while a required key is missing.',
  scope: 'read',
  needs: [reads('provider_keys', 'name', 'provider')],
  shape: { params: nothing, query: nothing, body: undefined },
  answer: servicesAnswer,
  customers: () => [],
  run: async ({ connection, now }) => ({ body: await keyStatus(connection, { now: await now() }) }),
});

export const fetchProviderKey = operation({
  id: 'fetchKey',
  tag: 'Services',
  method: 'get',
  path: '/v1/keys/{key}',
  summary: 'Fetch the API key of a provider',
  description:
    'The key of that name, else the only one of that provider. Each time is noted in the audit, without the value. Keep it in memory for some minutes, never in a file or a log. A token that is bound to customers may not.',
  scope: 'keys',
  needs: [reads('provider_keys', 'sealed')],
  shape: {
    params: z.strictObject({
      key: z
        .string()
        .regex(/^[a-z0-9][a-z0-9_.-]{0,63}$/)
        .describe('Name of the key, or the provider')
        .meta({ examples: ['openai'] }),
    }),
    query: nothing,
    body: undefined,
  },
  answer: keyAnswer,
  statuses: {
    404: 'There is no such key',
    409: 'Several keys of that provider, a wrong master key, or a row that was changed',
    500: 'The server has no master key; its log says why',
  },
  customers: () => [],
  async run({ keyRing, write }, { params: { key } }, caller) {
    checkMayFetch(caller);
    const open = (fresh: boolean) =>
      keyRing(fresh).catch((cause: unknown) => {
        if (!(cause instanceof Failure)) throw cause;
        throw new Failure(cause.kind, cause.message, { cause }); // paths of this host are for the log
      });
    const request = { action: 'api fetch key', actor: `token ${caller.name}`, asked: { key } };
    return {
      body: await withKeyRing(open, (ring) =>
        write(request, (tx, change) => fetchKey(tx, change, key, ring)),
      ),
    };
  },
});
