/** A request's parameters: form fields with brackets, as objects and lists of texts. */
export type Params = { [name: string]: Value };
export type Value = string | Params | Value[];

/** Reads `items[0][price]=x&expand[]=y` into objects and lists. */
export function parseForm(text: string): Params {
  const params: Params = {};
  for (const [name, value] of new URLSearchParams(text)) {
    const path = name.replaceAll(']', '').split('[');
    put(params, path, value);
  }
  return listed(params) as Params;
}

function put(into: Params, [first = '', ...rest]: string[], value: string): void {
  const key = first === '' ? String(Object.keys(into).length) : first;
  if (rest.length === 0) into[key] = value;
  else put((into[key] ??= {}) as Params, rest, value);
}

/** Objects whose names are 0, 1, 2 … are lists. */
function listed(value: Value): Value {
  if (typeof value === 'string' || Array.isArray(value)) return value;
  const entries = Object.entries(value).map(([key, each]) => [key, listed(each)] as const);
  if (entries.length > 0 && entries.every(([key], at) => key === String(at)))
    return entries.map(([, each]) => each);
  return Object.fromEntries(entries);
}

/** A text, or undefined; '' unsets a field and is undefined too. */
export const text = (value: Value | undefined): string | undefined =>
  typeof value === 'string' && value !== '' ? value : undefined;
export const integer = (value: Value | undefined): number | undefined =>
  text(value) === undefined ? undefined : Number(text(value));
export const flag = (value: Value | undefined): boolean | undefined =>
  text(value) === undefined ? undefined : text(value) === 'true';
export const record = (value: Value | undefined): Params =>
  typeof value === 'object' && !Array.isArray(value) ? value : {};
export const list = (value: Value | undefined): Value[] => (Array.isArray(value) ? value : []);
export const texts = (value: Value | undefined): Record<string, string> =>
  Object.fromEntries(
    Object.entries(record(value)).filter((entry): entry is [string, string] => typeof entry[1] === 'string'),
  );

/** Whether an instant fits `created[gte]=…` and its like; a plain number is the instant itself. */
export function fitsRange(at: number, range: Value | undefined): boolean {
  if (range === undefined) return true;
  if (typeof range === 'string') return at === Number(range);
  const { gt, gte, lt, lte } = record(range);
  return (
    (gt === undefined || at > Number(gt)) &&
    (gte === undefined || at >= Number(gte)) &&
    (lt === undefined || at < Number(lt)) &&
    (lte === undefined || at <= Number(lte))
  );
}
