import { Option } from '@commander-js/extra-typings';

export const channelOption = new Option('--channel <channel>', 'only this channel (default: all)').choices([
  'email',
  'webhook',
]);
