import { Failure } from './failure.ts';

/** The form of names that the database's check accepts too: a region and a place, or UTC. Fixed offsets have digits. */
export const timezoneForm = /^(UTC|[A-Za-z]+(\/[A-Za-z_-]+)+)$/;

/**
 * Reads an IANA time zone (R4) and gives it back in its usual capitals: `europe/berlin` is Europe/Berlin.
 * A name that is an alias stays as it was meant (Asia/Kolkata is not turned into Asia/Calcutta).
 * @throws Failure usage for fixed offsets (+02:00, Etc/GMT-2), abbreviations (CET) and places that do not exist
 */
export function parseTimezone(text: string, name = 'time zone'): string {
  const given = text.trim();
  if (/^(utc|etc\/(utc|gmt|zulu|universal|uct))$/i.test(given)) return 'UTC';
  if (/^([+-]|(utc|gmt|etc\/gmt)[+-])?\d/i.test(given))
    throw refused(name, text, 'is a fixed offset, which knows no summer time');
  if (!timezoneForm.test(given)) throw refused(name, text, 'is not the IANA name of a place');
  const known = canonical(given);
  if (!known) throw refused(name, text, 'is not known');
  return known.toLowerCase() === given.toLowerCase() ? known : inCapitals(given);
}

/** The list answers most questions ten times faster than a formatter, which knows the aliases too. */
function canonical(zone: string): string | undefined {
  const wanted = zone.toLowerCase();
  const listed = Intl.supportedValuesOf('timeZone').find((one) => one.toLowerCase() === wanted);
  if (listed) return listed;
  try {
    return new Intl.DateTimeFormat('en', { timeZone: zone }).resolvedOptions().timeZone;
  } catch {
    return undefined;
  }
}

function inCapitals(zone: string): string {
  if (zone !== zone.toLowerCase()) return zone;
  return zone.replace(
    /(^|[/_-])([a-z])/g,
    (_, before: string, letter: string) => before + letter.toUpperCase(),
  );
}

function refused(name: string, text: string, why: string): Failure {
  return new Failure('usage', `The ${name} '${text}' ${why}`, {
    hint: 'Give an IANA name such as Europe/Berlin, America/New_York or UTC',
  });
}
