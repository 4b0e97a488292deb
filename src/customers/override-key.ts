export interface OverrideKey {
  customer: string;
  meter: string;
  window: string;
  scope: 'customer' | 'member';
}
