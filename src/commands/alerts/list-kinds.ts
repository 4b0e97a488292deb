import { findNotificationKind, notificationKindNames } from '../../notifications/kinds.ts';
import type { Outcome } from '../../terminal/outcome.ts';

/** Lists the notification kinds; `own` are those with a custom template. */
export function listKinds(own: ReadonlySet<string>): Outcome {
  return {
    columns: [
      { key: 'kind' },
      { key: 'about' },
      { key: 'essential', title: 'can be muted', show: (value) => (value ? 'no' : 'yes') },
      { key: 'words', title: 'template' },
      { key: 'fields', optional: true },
    ],
    rows: notificationKindNames.map((kind) => {
      const { about, essential, fields } = findNotificationKind(kind)!;
      return {
        kind,
        about,
        essential,
        words: own.has(kind) ? 'yours' : 'subctl',
        fields: Object.keys(fields).join(', '),
      };
    }),
  };
}
