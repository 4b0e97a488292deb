import { maskPath } from '../../config/mask.ts';
import type { Settings } from '../../config/settings.ts';
import { pingUrlsOf } from '../../tasks/ping-urls.ts';
import type { Row } from '../../terminal/outcome.ts';

/** The ping settings, with secrets masked. */
export function pingRows({ pings }: Settings): Row[] {
  pingUrlsOf(pings);
  return pings.map(({ task = 'url', url, source }) => ({
    key: `pings.${task}`,
    value: url === '' ? undefined : maskPath(url),
    source,
    about: `where the runs of ${task === 'url' ? 'tasks' : task} are reported`,
  }));
}
