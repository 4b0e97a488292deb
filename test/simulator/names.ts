import type { Rule } from './world.ts';

/** How a limit is called where what the database lists is compared: each member's apart. */
export const nameOf = ({ meter, window, scope }: Rule, member = ''): string =>
  `${meter.id} ${window}${scope === 'member' ? ` @${member}` : ''}`;
