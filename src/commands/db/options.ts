import { Option } from '@commander-js/extra-typings';

export const keyFileOption = new Option(
  '--key-file <file>',
  'a key of 32 bytes in base64 or hex, with which the archive is encrypted',
);
