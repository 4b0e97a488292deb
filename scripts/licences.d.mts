export interface BundledPackage {
  name: string;
  version: string;
  licence: string;
  text: string;
}
export const permitted: ReadonlySet<string>;
export function packagesOf(inputs: readonly string[], root: string): BundledPackage[];
export function noticesOf(packages: readonly BundledPackage[]): string;
