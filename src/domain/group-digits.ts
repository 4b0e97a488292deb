/** A decimal string as people read it: `1234567.5` is `1,234,567.5`. Text that is no plain number stays as it is. */
export function groupDigits(amount: string): string {
  const [, sign, whole, rest] = /^(-?)(\d+)(\.\d+)?$/.exec(amount) ?? [];
  if (whole === undefined) return amount;
  return `${sign ?? ''}${whole.replace(/\B(?=(\d{3})+$)/g, ',')}${rest ?? ''}`;
}
