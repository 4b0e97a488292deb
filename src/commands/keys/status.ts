import { keyStatus } from '../../keys/status.ts';
import type { Outcome } from '../../terminal/outcome.ts';
import type { Context } from '../context.ts';
import { keyRingToRead } from './ring.ts';
import { verb } from '../verb.ts';

export const command = verb({
  examples: [
    ['subctl keys status', 'is every required service available?'],
    ['subctl keys status --json', 'as JSON, for an application'],
  ],
  exits: [4],
  rows: true,
  asOf: true,
  parts: ['services'],
}).description(
  'For applications and monitors; values are never shown. The exit code is 4 when a key of the ' +
    'setting required_keys is missing or unusable (config set required_keys fal,ai).',
);

/** Shows which services can be used; exit code 4 when a required one cannot. */
export async function run(context: Context): Promise<Outcome> {
  const ring = await keyRingToRead(context);
  const status = await keyStatus(await context.database(), { now: await context.now(), ring });
  const { default_provider: provider, default_model: model } = status;
  const columns = [
    { key: 'service' },
    { key: 'name', optional: true },
    { key: 'available', show: (value: unknown) => (value ? 'yes' : 'no') },
    { key: 'state', show: (value: unknown) => String(value).replaceAll('_', ' ') },
    { key: 'required', show: (value: unknown) => (value ? 'yes' : '-') },
    { key: 'default', show: (value: unknown) => (value ? 'yes' : '-') },
    { key: 'expires_at', title: 'expires' },
  ];
  const rows = status.services;
  return {
    record: status,
    sections: [
      {
        columns,
        rows,
        empty: 'No service has a key. Add one: subctl keys set openai --from-env OPENAI_API_KEY',
      },
      ...(provider === null ? [] : [{ entries: [['default', `${provider} ${model}`] as const] }]),
    ],
    lines: { columns, rows },
    notes: status.missing.map((what) => `A key for ${what} is required, and none is usable`),
    ...(status.ready ? {} : { exit: 'refused' as const }),
  };
}
