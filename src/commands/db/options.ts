import { Option } from '@commander-js/extra-typings';

export const keyFileOption = new Option(
  '--key-file <file>',
  'file with the 32-byte encryption key of the archive, in base64 or hex',
);
