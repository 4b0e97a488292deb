/** The options of a span, for the reports that have one. */
export const span = [
  {
    flag: '--from',
    value: 'time',
    kind: 'instant',
    about: 'start of the span (default: the first of the calendar month)',
  },
  { flag: '--to', value: 'time', kind: 'instant', about: 'end of the span, not included (default: now)' },
] as const;

export const zones =
  'Times without a zone are UTC; the bounds are printed in the zone of the settings, with their offset.';
