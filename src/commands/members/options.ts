import { Option } from '@commander-js/extra-typings';

export const asMemberOption = new Option(
  '--as-member <member>',
  'act on behalf of this member, who must be an admin of the group',
);
