import type { RawFields } from '../../customers/customer-fields.ts';

interface FieldInput {
  name?: string | undefined;
  email?: string | undefined;
  timezone?: string | undefined;
  currency?: string | undefined;
  metadata?: string | undefined;
}

/** The given fields by column name; those of `clear` are null. */
export function textOf(input: FieldInput, clear: readonly string[] = []): RawFields {
  const { name, email, timezone, currency, metadata } = input;
  const given = Object.entries({ name, email, timezone, currency, metadata }).filter(
    ([, value]) => value !== undefined,
  );
  return Object.fromEntries([
    ...(given as [string, string][]),
    ...clear.map((field) => [field, null] as const),
  ]);
}
