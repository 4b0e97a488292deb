import type { Span } from '../../reports/span.ts';
import { showInstant } from '../../terminal/values.ts';

/** Formats a span: `2026-01-01 00:00Z to 2026-02-01 00:00Z`, in the time zone of the settings (T11). */
export function spanLine({ from, to, timezone }: Span): string {
  return `${showInstant(from, timezone)} to ${showInstant(to, timezone)}`;
}
