export function mended(text: string, file: string): string;
export function mendingTests(): {
  name: string;
  transform: (text: string, file: string) => { code: string; map: null } | undefined;
};
