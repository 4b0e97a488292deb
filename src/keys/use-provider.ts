import type { Change } from '../database/change.ts';
import type { Db } from '../database/connect.ts';
import { Failure } from '../domain/failure.ts';
import { setSetting, unsetSetting } from '../settings/set-setting.ts';
import { findKeyFacts } from './find-keys.ts';
import { findProvider } from './providers.ts';

export interface UsedProvider extends Record<string, unknown> {
  default_provider: string | null;
  default_model: string | null;
  /** whether there is a key of that provider */
  has_key: boolean;
  changed: boolean;
}

/** Makes a provider and a model those of uses with tokens that say neither; null takes the default away. */
export async function useProvider(
  tx: Db,
  change: Change,
  asked: { provider: string; model: string } | null,
): Promise<UsedProvider> {
  if (asked === null) {
    const done = [
      await unsetSetting(tx, change, 'default_provider'),
      await unsetSetting(tx, change, 'default_model'),
    ];
    return {
      default_provider: null,
      default_model: null,
      has_key: false,
      changed: done.some(({ changed }) => changed),
    };
  }
  const provider = findProvider(asked.provider)?.id ?? asked.provider;
  if (provider === 'none' || asked.model === 'none')
    throw new Failure('usage', 'There is no provider or model none', {
      hint: 'Take the default away: subctl keys use --none',
    });
  const done = [
    await setSetting(tx, change, { key: 'default_provider', text: provider }),
    await setSetting(tx, change, { key: 'default_model', text: asked.model }),
  ];
  const keys = await findKeyFacts(tx);
  return {
    default_provider: provider,
    default_model: asked.model,
    has_key: keys.some((key) => key.provider === provider),
    changed: done.some(({ changed }) => changed),
  };
}
