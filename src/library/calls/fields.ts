/** A field of an object or a form. */
export function fieldOf(body: unknown, name: string): unknown {
  if (body instanceof FormData) return body.get(name) ?? undefined;
  return typeof body === 'object' && body !== null ? (body as Record<string, unknown>)[name] : undefined;
}

/** A whole number above zero, of JSON or of a form. */
export function wholeOf(value: unknown): number | undefined {
  const text = typeof value === 'number' || typeof value === 'string' ? String(value) : '';
  return /^[1-9]\d{0,8}$/.test(text) ? Number(text) : undefined;
}
