/** Everything that a terminal could take for a command: C0 and C1 controls, and marks that reorder text. */
// eslint-disable-next-line no-control-regex
const controls = /[\u0000-\u001f\u007f-\u009f\u200b\u200e\u200f\u2028-\u202e\u2066-\u2069\ufeff]/g;
// eslint-disable-next-line no-control-regex
const controlsButLines = /[\u0000-\u0008\u000b-\u001f\u007f-\u009f\u200e\u200f\u202a-\u202e\u2066-\u2069]/g;

/** One line of text without control characters; line breaks and tabs become spaces. For cells, labels and error sentences. */
export function oneLine(text: string): string {
  return text.replace(/\s*[\r\n]+\s*|\t/g, ' ').replace(controls, '');
}

/** Text without control characters, its line breaks and tabs kept. For whole documents shown on a terminal. */
export function withoutControls(text: string): string {
  return text.replace(/\r\n/g, '\n').replace(controlsButLines, '');
}
